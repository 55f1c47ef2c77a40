"""What happens to a citizen's report or suggestion, for now?

The words go to staff as they are; nothing is called received in the sense of the
law (DOMAIN §0.1, §2.1), and the city's own channels are named beside ours.
"""

from __future__ import annotations

from handlers.citizen import buttons, handover, memory
from handlers.citizen.turn import Step, Turn, guided
from nlu.model import Decision, Intent, Understanding

PENDING = "phan_anh"
_WORDS = frozenset(
    {
        Intent.PHAN_ANH,
        Intent.KIEN_NGHI,
        Intent.OUT_OF_SCOPE,
        Intent.SMALL_TALK,
        Intent.ASK_PROCEDURE,
        Intent.PRAISE,
        Intent.ABUSE,
        Intent.SURVEY,
    }
)


def invite(turn: Turn) -> Step:
    """Ask what happened, where and since when; the next message is the report."""
    reply = turn.reply("guidance.report_invite", buttons.menu(turn))
    talk = memory.wait_for(turn.talk, PENDING, turn.at)
    return Step(talk, (reply,), (guided("phan_anh"),))


def is_awaited(turn: Turn, reading: Understanding) -> bool:
    """Whether this message is the report we asked for, not another question."""
    is_question = reading.decision is Decision.ANSWER
    return turn.talk.pending == PENDING and reading.intent in _WORDS and not is_question


def report(turn: Turn) -> Step:
    """Pass a report on."""
    return handover.open_for(turn, "phan_anh", turn.text, "handover.report")


def suggest(turn: Turn) -> Step:
    """Pass a suggestion on."""
    return handover.open_for(turn, "kien_nghi", turn.text, "handover.suggestion")


def visit(turn: Turn) -> Step:
    """Pass a wish for service at home on; health is never asked about in a chat."""
    return handover.open_for(
        turn, "phuc_vu_tai_nha", turn.text, "handover.home_service"
    )
