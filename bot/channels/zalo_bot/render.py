"""How does a message for staff look where there are no buttons? (PLATFORMS §2)

Choices become numbers: "Trả lời 1 để nhận". The number is that of the act, so that it
means the same in every message.
"""

from __future__ import annotations

from dataclasses import replace

from bot.channels.split import split
from handlers.model import Button, Reply
from handlers.staff.choices import NUMBERS
from handlers.staff.desk import Act, Tap, parse_payload

TEXT_LIMIT = 2000


def plan(reply: Reply) -> tuple[Reply, ...]:
    """Cut a message into parts, its buttons written out under the last."""
    text = "\n".join(part for part in (reply.text, *_lines(reply.buttons)) if part)
    return split(
        replace(reply, text=text, buttons=()),
        text_limit=TEXT_LIMIT,
        button_text_limit=None,
        max_buttons=1,
    )


def _lines(buttons: tuple[Button, ...]) -> list[str]:
    """Return one line for each choice, then the links."""
    taps = [(button, parse_payload(button.payload or "")) for button in buttons]
    told = [_line(button.title, tap) for button, tap in taps if tap is not None]
    links = [f"{button.title}: {button.url}" for button in buttons if button.url]
    return told + links


def _line(title: str, tap: Tap) -> str:
    number = NUMBERS[tap.act]
    if tap.act is Act.REPLY:
        return f"- Nhắn {number} kèm lời để {title.lower()} bà con"
    return f"- Trả lời {number} để {title.lower()}"
