"""Which buttons come back again and again?"""

from __future__ import annotations

from collections.abc import Collection
from urllib.parse import quote

from handlers.citizen import payloads
from handlers.citizen.payloads import Payload, Verb
from handlers.citizen.turn import Turn
from handlers.model import Button
from messages import facts
from messages.card import shorten
from messages.procedure import Procedure
from nlu.model import Facet

FACET_BUTTONS = 4
"""With the fifth for a person this is what one Zalo message carries."""
CHOICE_LIMIT = 60


def staff(turn: Turn) -> Button:
    """A person, please."""
    return turn.button("staff", Payload(Verb.STAFF))


def menu(turn: Turn) -> Button:
    """What else is there?"""
    return turn.button("menu", Payload(Verb.MENU))


def item(turn: Turn, name: str) -> Button:
    """One item of the menu; its label has the same name."""
    return turn.button(f"menu_{name}", Payload(Verb.MENU, name))


def other(turn: Turn) -> Button:
    """None of these."""
    return turn.button("other", Payload(Verb.NONE_OF_THESE))


def wrong(turn: Turn) -> Button:
    """Not what I meant."""
    return turn.button("wrong", Payload(Verb.WRONG))


def choice(procedure: Procedure, *, number: int = 0, verb: Verb = Verb.PICK) -> Button:
    """Pick a procedure; Facebook cuts the title, so the number leads it."""
    name = shorten(procedure.name, CHOICE_LIMIT)
    title = f"{number}. {name}" if number else name
    return Button(title, payload=payloads.build(Payload(verb, procedure.code)))


def rest(
    turn: Turn, procedure: Procedure, told: Collection[str], *, can_be_wrong: bool
) -> tuple[Button, ...]:
    """Return what was not told yet, "not what I meant" if it was a guess, a person."""
    room = FACET_BUTTONS - can_be_wrong
    names = [
        name
        for name in facts.FACETS
        if name not in told and facts.is_known(procedure, name)
    ]
    shown = tuple(
        turn.button(name, Payload(Verb.SHOW, procedure.code, Facet(name)))
        for name in names[:room]
    )
    doubt = (wrong(turn),) if can_be_wrong else ()
    return (*shown, *doubt, staff(turn))


def page(turn: Turn, procedure: Procedure) -> str:
    """Return the address of our page about a procedure; "" when there is none."""
    if not turn.link_base:
        return ""
    return f"{turn.link_base}/tthc/{quote(procedure.code, safe='')}"
