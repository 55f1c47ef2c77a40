"""How does a report, a suggestion or a wish in a message become a form?

Nothing is sent from one message: the citizen names the kind, sees all of it and sends
it (see intake). What was told already is not asked again.
"""

from __future__ import annotations

from handlers.citizen.intake import form
from handlers.citizen.turn import Step, Turn


def invite(turn: Turn) -> Step:
    """Begin a form of a kind that is still to be chosen."""
    return form.begin(turn)


def invite_home(turn: Turn) -> Step:
    """Begin a wish for service at home."""
    return form.begin(turn, likely="phuc_vu_tai_nha")


def invite_meeting(turn: Turn) -> Step:
    """Begin a wish to be received by a leader."""
    return form.begin(turn, likely="tiep_dan")


def report(turn: Turn) -> Step:
    """Take a report down."""
    likely = turn.services.forms.likely(turn.text)
    return form.begin(turn, turn.text, likely or "phan_anh")


def suggest(turn: Turn) -> Step:
    """Take a suggestion down."""
    likely = turn.services.forms.likely(turn.text)
    return form.begin(turn, turn.text, likely or "kien_nghi")


def visit(turn: Turn) -> Step:
    """Take a wish for service at home down; health is never asked about in a chat."""
    return form.begin(turn, turn.text, "phuc_vu_tai_nha")
