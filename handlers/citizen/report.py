"""How does a report, a suggestion or a wish in a message become a form?

Nothing is sent from one message: the citizen names the kind, sees all of it and sends
it (see intake). What was told already is not asked again.
"""

from __future__ import annotations

from handlers.citizen.intake import form
from handlers.citizen.turn import Step, Turn
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
    """Begin a form of a kind that is still to be chosen."""
    return form.begin(turn)


def invite_home(turn: Turn) -> Step:
    """Begin a wish for service at home."""
    return form.begin(turn, likely="phuc_vu_tai_nha")


def is_awaited(turn: Turn, reading: Understanding) -> bool:
    """Whether this message is the opinion we asked for, not another question."""
    is_question = reading.decision is Decision.ANSWER
    return turn.talk.pending == PENDING and reading.intent in _WORDS and not is_question


def report(turn: Turn) -> Step:
    """Take a report down; an opinion we asked for is rather a remark."""
    usual = "gop_y" if turn.talk.pending == PENDING else "phan_anh"
    return form.begin(turn, turn.text, turn.services.forms.likely(turn.text) or usual)


def suggest(turn: Turn) -> Step:
    """Take a suggestion down."""
    likely = turn.services.forms.likely(turn.text)
    return form.begin(turn, turn.text, likely or "kien_nghi")


def visit(turn: Turn) -> Step:
    """Take a wish for service at home down; health is never asked about in a chat."""
    return form.begin(turn, turn.text, "phuc_vu_tai_nha")
