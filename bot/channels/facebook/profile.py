"""What does Messenger show before the first message? (PLATFORMS §3.3)"""

from __future__ import annotations

from collections.abc import Sequence

from bot.channels.facebook.render import template_button
from bot.channels.split import shorten
from handlers.model import Button

MAX_MENU = 20
GREETING_LIMIT = 160  # no source found, so the smaller figure in common use

# Without these the page would be deaf to something that the bot acts on.
REQUIRED_FIELDS = frozenset(
    {
        "messages",
        "messaging_postbacks",
        "messaging_referrals",
        "message_deliveries",
        "message_reads",
        "message_echoes",
        "messaging_handovers",
        "standby",
    }
)


def build_profile(
    *, get_started: str, greeting: str, menu: Sequence[Button]
) -> dict[str, object]:
    """Return the body of ``/me/messenger_profile``.

    ``get_started`` is the payload of the first button; without it Messenger
    refuses a menu. At most twenty items of the menu are shown.
    """
    words = {"locale": "default", "text": shorten(greeting, GREETING_LIMIT)}
    profile: dict[str, object] = {
        "get_started": {"payload": get_started},
        "greeting": [words],
    }
    if menu:
        profile["persistent_menu"] = [_menu(menu)]
    return profile


def _menu(menu: Sequence[Button]) -> dict[str, object]:
    shown = [template_button(button) for button in menu if button.phone is None]
    return {
        "locale": "default",
        "composer_input_disabled": False,
        "call_to_actions": shown[:MAX_MENU],
    }
