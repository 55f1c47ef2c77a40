"""Which days off, swaps and terms does a commune add in a file of its own?

``units.<mã>.calendar_file`` has the shape of scheduler/data/holidays.yml; what it says
of a year or a day stands in place of what ships with us.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any

from bot.config import Unit
from scheduler import resources
from scheduler.calendar import shipped
from scheduler.calendar.holidays import Holidays


def holidays_of(unit: Unit) -> Holidays:
    """Return the days off of a unit; raises BadDataError naming the file or entry."""
    if not unit.calendar_file:
        return shipped.shipped()
    return _holidays(*_version(unit.calendar_file))


def terms_of(unit: Unit) -> list[Any]:
    """Return the deadlines that a unit lays over ours; raises BadDataError."""
    return list(facts_of(unit).get("deadlines", []))


def facts_of(unit: Unit) -> Mapping[str, Any]:
    """Return all that a unit's file holds; raises BadDataError."""
    return _facts(*_version(unit.calendar_file)) if unit.calendar_file else {}


def _version(path: str) -> tuple[str, int]:
    """Return a file with the time of its last change: a changed one is read anew."""
    try:
        return path, Path(path).stat().st_mtime_ns
    except OSError:
        return path, 0


@lru_cache(maxsize=64)
def _facts(path: str, changed: int) -> Mapping[str, Any]:
    del changed
    return resources.own_file(Path(path))


@lru_cache(maxsize=64)
def _holidays(path: str, changed: int) -> Holidays:
    return shipped.read(_facts(path, changed))
