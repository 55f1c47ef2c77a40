"""How is each question of the paper put, and with which buttons?"""

from __future__ import annotations

from handlers.citizen import buttons
from handlers.citizen.complaint.draft import PARTS, STORIES, Ask, ComplaintDraft
from handlers.citizen.complaint.paper import has_private, label, lines
from handlers.citizen.intake.screen import ROOM
from handlers.citizen.intake.words import Move
from handlers.citizen.turn import Turn
from handlers.model import Button, Reply

MARK = "#don:"
"""Before what a button of the paper says."""
BEGIN = "begin"
TODAY = "today"
FIELD = "f_"
_OWN = frozenset({Move.RESUME, Move.SEND})
"""Moves whose buttons are called otherwise than in a form of intake."""


def ask(turn: Turn, draft: ComplaintDraft) -> Reply:
    """Return the question that is open."""
    if draft.ask is Ask.PREVIEW:
        return _preview(turn, draft)
    if draft.ask is Ask.EDIT:
        return _edit(turn)
    said = turn.say(f"complaint.ask_{draft.ask.value}", told=_told(draft))
    skip = () if draft.ask is Ask.WHAT else moves(turn, Move.SKIP)
    today = (_named(turn.title("form_today"), TODAY),) if draft.ask is Ask.DAY else ()
    return Reply(said, (*today, *skip, *_leaving(turn)))


def moves(turn: Turn, *which: Move) -> tuple[Button, ...]:
    """Return the buttons of some moves."""
    return tuple(_named(_title(turn, one), one.value) for one in which)


def offered(turn: Turn) -> tuple[Button, ...]:
    """Return the buttons under the guidance."""
    begin = _named(turn.title("don_begin"), BEGIN)
    return (begin, buttons.item(turn, "lich"), buttons.staff(turn))


def _preview(turn: Turn, draft: ComplaintDraft) -> Reply:
    blank = ", ".join(label(turn, ask).lower() for ask in draft.blank)
    has_numbers = has_private(draft)
    said = turn.say(
        "complaint.preview",
        lines=lines(turn, draft),
        blank=blank,
        has_private=has_numbers,
    )
    hide = (Move.MASK,) if has_numbers else ()
    shown = (Move.SEND, *hide, Move.EDIT, Move.LATER, Move.CANCEL)
    return Reply(said, moves(turn, *shown))


def _edit(turn: Turn) -> Reply:
    names = [label(turn, part) for part in PARTS]
    numbered = "\n".join(f"{number}. {name}" for number, name in enumerate(names, 1))
    chosen = [
        _named(label(turn, part), f"{FIELD}{part.value}")
        for part in (Ask.WHAT, Ask.REASON, Ask.DEMAND, Ask.ACCUSED)
    ]
    said = f"{turn.say('complaint.edit')}\n{numbered}"
    return Reply(said, (*chosen[: ROOM - 1], *moves(turn, Move.BACK)))


def _told(draft: ComplaintDraft) -> str:
    """Long words are not said again: the citizen sees them above, or in the preview."""
    return "" if draft.ask in STORIES else draft.told(draft.ask)


def _leaving(turn: Turn) -> tuple[Button, ...]:
    return moves(turn, Move.BACK, Move.LATER, Move.CANCEL)


def _title(turn: Turn, one: Move) -> str:
    if one in _OWN:
        return turn.title(f"don_{one.value}")
    return turn.title(f"form_{one.value}")


def _named(title: str, word: str) -> Button:
    return Button(title, payload=f"{MARK}{word}")
