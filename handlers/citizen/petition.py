"""How do we guide complaints and denunciations without taking them in?

Both need a signed paper or a statement in person (Luật Khiếu nại 02/2011 Điều 8,
Luật Tố cáo 25/2018 Điều 22-23). A denouncer's identity is protected by law, so what
is written here is kept nowhere, and the log does not tell the two apart.
"""

from __future__ import annotations

from dataclasses import replace

from handlers.cases.opening import Guidance
from handlers.citizen import buttons, memory
from handlers.citizen.turn import Step, Turn, guided
from handlers.model import Reply
from nlu.model import Decision, Intent, Understanding

TOPIC = "don_thu"
PENDING = "don_thu"
SEALED = frozenset({Intent.KHIEU_NAI, Intent.TO_CAO})
_MORE = frozenset(
    {
        *SEALED,
        Intent.PHAN_ANH,
        Intent.KIEN_NGHI,
        Intent.OUT_OF_SCOPE,
        Intent.SMALL_TALK,
        Intent.ASK_PROCEDURE,
        Intent.ABUSE,
    }
)


def complaint(turn: Turn) -> Step:
    """Tell what a complaint must hold and where to hand it in."""
    return _guide(turn, "guidance.khieu_nai", "khieu_nai")


def denunciation(turn: Turn) -> Step:
    """Tell how to denounce safely, and ask not to write details here."""
    return _guide(turn, "guidance.to_cao", "to_cao")


def is_more(turn: Turn, reading: Understanding) -> bool:
    """Whether the citizen goes on telling after we asked not to."""
    is_question = reading.decision in {Decision.ANSWER, Decision.ELSEWHERE}
    return turn.talk.pending == PENDING and (
        reading.intent in _MORE and not is_question
    )


def remind(turn: Turn) -> Step:
    """Say again, kindly, that this is not the place for details."""
    return _guide(turn, "guidance.petition_more")


def _guide(turn: Turn, key: str, kind: str = "") -> Step:
    """Guide; the first time in a talk, a record of that is kept, without any words."""
    is_first = bool(kind) and turn.talk.pending != PENDING
    cases = (Guidance(kind),) if is_first else ()
    text = turn.say(key, reception=turn.services.unit.reception)
    topic = memory.about(turn.talk, turn.at, code=None)
    talk = replace(memory.wait_for(topic, PENDING, turn.at), last_text="")
    shown = (buttons.item(turn, "lich"), buttons.staff(turn))
    events = (guided(TOPIC),)
    return Step(talk, (Reply(text, shown),), events, cases=cases, is_sealed=True)
