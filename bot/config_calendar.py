"""Where is a commune's own calendar file, and can it be read? Asked at the start."""

from __future__ import annotations

from pathlib import Path

from bot.errors import ConfigError
from scheduler import resources
from scheduler.calendar import shipped
from scheduler.deadlines import book
from scheduler.errors import SchedulerError


def own_calendar(path: str, folder: Path, unit_id: str) -> str:
    """Return the whole path of a file beside the configuration; "" for none.

    Raises ConfigError naming the unit, and the entry that cannot be used.
    """
    if not path:
        return ""
    whole = (folder / path).absolute()
    try:
        found = resources.own_file(whole)
        shipped.read(found)
        book.read(found.get("deadlines", []))
    except SchedulerError as error:
        key = f"units.{unit_id}.calendar_file"
        raise ConfigError(f"{key}: {error}", error.hint) from error
    return str(whole)
