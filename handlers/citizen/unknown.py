"""What do we say when we do not know, so that nobody is left alone?"""

from __future__ import annotations

from dataclasses import replace

from handlers.citizen import buttons, memory
from handlers.citizen.payloads import Payload, Verb
from handlers.citizen.turn import Step, Turn, guided
from handlers.model import Conversation, Event, Tag
from messages.card import name_of
from nlu.model import Decision, Understanding

ROW_OF_MISSES = 2


def handle(turn: Turn, reading: Understanding) -> Step:
    """Ask for the procedure when only that is missing; otherwise admit the gap."""
    if reading.decision is Decision.ELSEWHERE:
        return elsewhere(turn, reading.office)
    if reading.facets and not reading.candidates:
        return _resume(turn, reading) or _which(turn, reading)
    return miss(turn)


def elsewhere(turn: Turn, office: str = "") -> Step:
    """Say who settles it, or that we do not know whose it is: the portal, a person.

    ``office`` is who settles matters of that kind; only what nobody knows is a gap.
    """
    shown = (buttons.staff(turn), buttons.item(turn, "thutuc"))
    link = turn.services.unit.portal_url
    talk = memory.about(turn.talk, turn.at, code=None)
    if office:
        reply = turn.reply(
            "procedure.elsewhere_office", *shown, link=link, office=office
        )
        return Step(talk, (reply,), (guided("noi_khac"),))
    reply = turn.reply("procedure.elsewhere_unknown", *shown, link=link)
    gap = Event(Tag.GAP_FOUND, {"misses": 0, "elsewhere": True}, {"text": turn.text})
    return Step(talk, (reply,), (gap,))


def miss(turn: Turn) -> Step:
    """Apologise, offer examples and a person; the second time the person first."""
    misses = turn.talk.misses + 1
    helps = (buttons.item(turn, "thutuc"), buttons.menu(turn))
    if misses >= ROW_OF_MISSES:
        reply = turn.reply("procedure.unknown_again", buttons.staff(turn), *helps)
    else:
        reply = turn.reply("procedure.unknown", *helps, buttons.staff(turn))
    gap = Event(Tag.GAP_FOUND, {"misses": misses}, {"text": turn.text})
    return Step(replace(turn.talk, misses=misses), (reply,), (gap,))


def _resume(turn: Turn, reading: Understanding) -> Step | None:
    """Half an hour has passed: ask whether it is still about the same."""
    found = turn.services.catalogue.get(turn.forgotten) if turn.forgotten else None
    if found is None:
        return None
    again = Payload(Verb.SHOW, found.code, reading.facets[0])
    shown = (turn.button("same", again), buttons.item(turn, "thutuc"))
    reply = turn.reply(
        "procedure.resume", *shown, buttons.staff(turn), name=name_of(found)
    )
    return Step(_open(turn, reading), (reply,))


def _which(turn: Turn, reading: Understanding) -> Step:
    shown = (buttons.item(turn, "thutuc"), buttons.staff(turn))
    reply = turn.reply("procedure.which", *shown)
    return Step(_open(turn, reading), (reply,))


def _open(turn: Turn, reading: Understanding) -> Conversation:
    return memory.about(turn.talk, turn.at, code=None, asked=reading.facets)
