"""Which files make a Rasa 3.6 project that knows what our own reader knows?

Only reading, no conversations: Rasa says which intent a text has, and the bot says
the rest. Nothing is downloaded and no language model is needed.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from nlu.abbreviations import Abbreviations
from nlu.model import Entry
from nlu.rasa.curriculum import Lesson, lessons
from nlu.rasa.errors import NothingToTeachError
from nlu.rasa.names import PREFIX

EPOCHS = 30
"""Passes of DIET over the sentences; a full seed catalogue has some 20,000."""
CHAT_MOST = 100
"""Texts of a chat intent: of talk our engine is the surer, procedures are the point."""
CONFIG = "config.yml"
DOMAIN = "domain.yml"
DATA = "data/nlu.yml"
_MADE = "# Made by `thanthien nlu export --rasa`; made anew each time, do not edit.\n"
_CONFIG = """\
# Dự án Rasa 3.6 của Thân Thiện, chỉ để đọc hiểu. Tệp này là của anh/chị: lần ghi sau
# giữ nguyên. Rasa cần Python 3.8-3.10 và một môi trường riêng.
#   huấn luyện: RASA_TELEMETRY_ENABLED=false rasa train nlu
#   chạy:       RASA_TELEMETRY_ENABLED=false rasa run --enable-api --interface 127.0.0.1
#   sau đó trong config.yml của Thân Thiện: nlu: {{backend: rasa}}
# Xin không chạy với --debug: nhật ký khi đó chứa câu hỏi của người dân.
recipe: default.v1
assistant_id: than-thien
language: vi

pipeline:
- name: WhitespaceTokenizer
- name: CountVectorsFeaturizer
- name: CountVectorsFeaturizer
  analyzer: char_wb
  min_ngram: 2
  max_ngram: 5
# One small layer reads short questions as well as two large ones, in a third of the
# time. Without the constraint on similarities the shares are spread enough to be
# believed or not; with it hundreds of intents share nearly evenly.
- name: DIETClassifier
  epochs: {epochs}
  entity_recognition: false
  number_of_transformer_layers: 1
  transformer_size: 128
  constrain_similarities: false
  random_seed: 20261123
"""


@dataclass(frozen=True, slots=True)
class Project:
    """A Rasa project: text by path in its folder, and how much it teaches."""

    files: Mapping[str, str]
    procedures: int
    intents: int
    sentences: int


def project(
    entries: Sequence[Entry],
    abbreviations: Mapping[str, str] | None = None,
    *,
    folded_copies: bool = True,
    epochs: int = EPOCHS,
    chat_most: int = CHAT_MOST,
) -> Project:
    """Return the project that teaches our chat intents and these procedures.

    ``abbreviations`` are a commune's own short forms; ``chat_most`` takes only so
    many texts of a chat intent, from all over its list. Raises
    ``NothingToTeachError`` when no procedure has an alias or an example.
    """
    taught = lessons(
        entries,
        Abbreviations(abbreviations),
        folded_copies=folded_copies,
        chat_most=chat_most,
    )
    names = [name for name, _ in taught]
    procedures = sum(name.startswith(PREFIX) for name in names)
    if not procedures:
        raise NothingToTeachError
    return Project(
        files={
            CONFIG: _CONFIG.format(epochs=epochs),
            DOMAIN: _domain(names),
            DATA: _data(taught),
        },
        procedures=procedures,
        intents=len(names),
        sentences=sum(len(sentences) for _, sentences in taught),
    )


def _domain(names: Sequence[str]) -> str:
    listed = "".join(f"- {name}\n" for name in names)
    return f'{_MADE}version: "3.1"\n\nintents:\n{listed}'


def _data(taught: Sequence[Lesson]) -> str:
    """Write the sentences; they are words and blanks, so nothing needs quoting."""
    blocks = "".join(map(_block, taught))
    return f'{_MADE}version: "3.1"\n\nnlu:\n{blocks}'


def _block(lesson: Lesson) -> str:
    name, sentences = lesson
    lines = "".join(f"    - {sentence}\n" for sentence in sentences)
    return f"- intent: {name}\n  examples: |\n{lines}"
