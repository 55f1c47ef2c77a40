"""How does the bot say hello, and what can it do?"""

from __future__ import annotations

from dataclasses import replace

from handlers.citizen import buttons
from handlers.citizen.payloads import Payload, Verb
from handlers.citizen.turn import Step, Turn, guided
from handlers.model import Button, Consent, Event, Tag

MENU = ("thutuc", "phananh", "lich", "lienhe")
"""The first page; its fifth line is a person. The sentence numbers them alike."""


def hello(turn: Turn) -> Step:
    """Answer a greeting; at the first contact say who we are."""
    is_first = turn.talk.consent is Consent.UNASKED
    key = "greeting.hello" if is_first else "greeting.hello_again"
    return Step(turn.talk, (turn.reply(key, *menu_buttons(turn)),), is_calm=True)


def menu(turn: Turn) -> Step:
    """Show what can be done, numbered; who opens the talk with it is greeted."""
    if turn.talk.consent is Consent.UNASKED:
        return hello(turn).after(guided("menu"))
    reply = turn.reply("greeting.menu", *menu_buttons(turn))
    talk = replace(turn.talk, candidates=())  # older numbers no longer count
    return Step(talk, (reply,), (guided("menu"),), is_calm=True)


def more(turn: Turn) -> Step:
    """Show the rest of what can be done."""
    names = ("hoso", "tainha", "khieunai", "tocao", "quyen")
    shown = tuple(buttons.item(turn, name) for name in names)
    reply = turn.reply("greeting.more", *shown)
    return Step(turn.talk, (reply,), (guided("menu"),))


def followed(turn: Turn) -> Step:
    """Welcome a new follower; who had opted out is not signed up again by this."""
    shown = menu_buttons(turn)
    if turn.talk.opted_out:
        shown = (turn.button("resume", Payload(Verb.RESUME)), *shown[:-1])
    reply = turn.reply("greeting.followed", *shown)
    return Step(turn.talk, (reply,), (Event(Tag.FOLLOWED, {}),))


def menu_buttons(turn: Turn) -> tuple[Button, ...]:
    """Return the first page of the menu."""
    items = tuple(buttons.item(turn, name) for name in MENU)
    return (*items, buttons.staff(turn))
