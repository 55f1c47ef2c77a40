"""Which buttons of the form come back again and again?"""

from __future__ import annotations

from handlers.citizen.intake.words import Move
from handlers.citizen.payloads import Payload, Verb
from handlers.citizen.turn import Turn
from handlers.model import Button

KIND = "k_"
"""Before the code of a kind in a payload."""
HAMLET = "h_"
PAGE = "p_"
FIELD = "f_"
TWIN = "t_"
GIVEN = "g_"
"""An answer offered as a button, by its name."""
ROOM = 5
"""Buttons that one Zalo message carries."""


def move(turn: Turn, one: Move) -> Button:
    """Return the button of a move."""
    return turn.button(f"form_{one.value}", Payload(Verb.FORM, one.value))


def moves(turn: Turn, *which: Move) -> tuple[Button, ...]:
    """Return the buttons of some moves."""
    return tuple(move(turn, one) for one in which)


def named(title: str, word: str) -> Button:
    """Return a button that says a word to the form."""
    return Button(title, payload=f"#{Verb.FORM.value}:{word}")


def steering(turn: Turn, *, is_optional: bool) -> tuple[Button, ...]:
    """Return the buttons under every question."""
    skip = (Move.SKIP,) if is_optional else ()
    return moves(turn, *skip, Move.BACK, Move.LATER, Move.CANCEL)
