"""How do the commands of the roster read and count days?"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date, datetime, timedelta
from typing import Any

import click

from bot.cli.staff_room import StaffRoom
from handlers.staff.roster.model import LOCAL


def day_option(flag: str, name: str, text: str) -> Callable[[Any], Any]:
    """Return an option for a day, read later so that a bad one is explained."""
    return click.option(flag, name, default=None, help=text)


def days(first: date, last: date) -> Iterator[date]:
    """Yield the days of a span, both ends included."""
    for number in range((last - first).days + 1):
        yield first + timedelta(days=number)


def local_now(room: StaffRoom) -> datetime:
    """Return the present instant in the commune."""
    return room.opened.clock.now().astimezone(LOCAL)
