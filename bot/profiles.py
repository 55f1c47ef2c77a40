"""What does a page show before the first word? Greeting and persistent menu."""

from __future__ import annotations

from bot.channels.facebook.profile import build_profile
from bot.runtime import UnitRuntime
from handlers.citizen.payloads import Payload, Verb, build
from handlers.model import Button

MENU = ("thutuc", "phananh", "lich", "lienhe", "tainha")
"""The items of the main menu, in order (DOMAIN.md 7)."""


def page_profile(unit: UnitRuntime) -> dict[str, object]:
    """Return the body of the messenger profile in the commune's own words."""
    words, name = unit.services.words, unit.services.unit.name
    menu = [
        Button(words.title(f"menu_{item}"), build(Payload(Verb.MENU, item)))
        for item in MENU
    ]
    menu.append(Button(words.title("staff"), build(Payload(Verb.STAFF))))
    return build_profile(
        get_started=build(Payload(Verb.MENU)),
        greeting=words.say("profile.greeting", xa=name, xh="", Xh=""),
        menu=menu,
    )
