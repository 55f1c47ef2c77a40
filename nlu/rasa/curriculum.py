"""Which sentences teach Rasa which intent?

The chat intents with their own examples, and one intent for every procedure whose
entry says how people speak of it: its names, aliases and example questions, and our
phrases for it. Twins are one intent, because nobody can tell them apart by words.
Procedures that the catalogue only names are left to search: hundreds of intents more
would cost hours of training and confuse the rest.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from nlu.abbreviations import Abbreviations
from nlu.model import Entry
from nlu.normalise import fold
from nlu.phrases import with_phrases
from nlu.rasa.names import CHAT, procedure_intent
from nlu.rasa.text import written_out
from nlu.training import examples
from nlu.twins import merge

Lesson = tuple[str, tuple[str, ...]]
"""An intent and its sentences."""


def lessons(
    entries: Sequence[Entry],
    abbreviations: Abbreviations,
    *,
    folded_copies: bool,
    chat_most: int | None = None,
) -> list[Lesson]:
    """Return every intent with its sentences, each written out and said once.

    With ``folded_copies`` each sentence is followed by itself without diacritics.
    ``chat_most`` takes only so many texts of a chat intent, from all over its list.
    """
    found: list[Lesson] = []
    for name, texts in (*_chat(chat_most), *_procedures(entries)):
        sentences = _prepared(texts, abbreviations, folded_copies=folded_copies)
        if sentences:
            found.append((name, tuple(sentences)))
    return found


def is_taught(entry: Entry) -> bool:
    """Whether the entry says how people speak of the procedure."""
    return bool(entry.aliases or entry.examples)


def _chat(most: int | None) -> Iterator[tuple[str, Sequence[str]]]:
    taught = examples()
    for name, intent in CHAT.items():
        yield name, _spread([text for text, said in taught if said is intent], most)


def _procedures(entries: Sequence[Entry]) -> Iterator[tuple[str, Sequence[str]]]:
    taught = {entry.code for entry in entries if is_taught(entry)}
    for group in merge(with_phrases(entries)):
        if taught.isdisjoint(entry.code for entry in group.entries):
            continue
        texts = [
            text
            for entry in group.entries
            for text in (entry.name, *entry.aliases, *entry.examples)
        ]
        yield procedure_intent(group.code), texts


def _spread(texts: Sequence[str], most: int | None) -> Sequence[str]:
    """Return some of many texts: the same ones always, from first to last."""
    if most is None or len(texts) <= most:
        return texts
    return [texts[place * len(texts) // most] for place in range(most)]


def _prepared(
    texts: Iterable[str], abbreviations: Abbreviations, *, folded_copies: bool
) -> dict[str, None]:
    found: dict[str, None] = {}
    for text in texts:
        words = written_out(text, abbreviations)
        for sentence in (words, fold(words)) if folded_copies else (words,):
            if sentence:
                found[sentence] = None
    return found
