"""How does a message for staff look in the Bot API? (PLATFORMS §4.1)"""

from __future__ import annotations

from dataclasses import replace

from telegram import InlineKeyboardButton, InlineKeyboardMarkup

from bot.channels.split import shorten, split
from handlers.model import Button, Reply

TEXT_LIMIT = 4096
CAPTION_LIMIT = 1024
TOPIC_LIMIT = 128
TITLE_LIMIT = 30
PAYLOAD_BYTES = 64
TOAST_LIMIT = 200
A_ROW = 2
MOST_BUTTONS = 24


def plan(reply: Reply) -> tuple[Reply, ...]:
    """Cut a message into parts of one Telegram message each; a picture goes first."""
    return split(
        replace(reply, buttons=reply.buttons[:MOST_BUTTONS]),
        text_limit=TEXT_LIMIT,
        button_text_limit=None,
        max_buttons=MOST_BUTTONS,
    )


def keyboard(buttons: tuple[Button, ...]) -> InlineKeyboardMarkup | None:
    """Return the inline keyboard, two buttons a row; None without buttons."""
    shown = [_button(one) for one in buttons]
    known = [one for one in shown if one is not None]
    if not known:
        return None
    rows = [known[at : at + A_ROW] for at in range(0, len(known), A_ROW)]
    return InlineKeyboardMarkup(rows)


def _button(button: Button) -> InlineKeyboardButton | None:
    title = shorten(button.title, TITLE_LIMIT)
    if button.url:
        return InlineKeyboardButton(title, url=button.url)
    if button.payload and len(button.payload.encode()) <= PAYLOAD_BYTES:
        return InlineKeyboardButton(title, callback_data=button.payload)
    return None


def topic_name(title: str) -> str:
    """Return a name a topic may have: 1 to 128 characters."""
    return shorten(title, TOPIC_LIMIT) or "…"


def toast(text: str) -> str:
    """Return what the answer to a press may show."""
    return shorten(text, TOAST_LIMIT)
