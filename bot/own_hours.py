"""Which hours and days hold for a unit: those of config.yml with the console's over it?

Everything that counts time takes its settings from here: the service, the clock, the
commands. A unit in force is its configuration with the hours and days exchanged.
"""

from __future__ import annotations

import hashlib
from functools import cache
from typing import Final

import structlog

from bot.config import Unit
from bot.deadlines import calendar_of
from bot.own_calendar import facts_of, holidays_of
from handlers.cases.kind import FOLDER
from handlers.staff.hours import acts
from handlers.staff.hours.errors import UnfitHoursError
from handlers.staff.hours.model import Means, OwnHours
from scheduler import resources
from scheduler.errors import SchedulerError
from scheduler.moments import parse_date
from scheduler.office_hours import WeeklyHours
from storage.database import Database

FACTS: Final = ("holidays", "sla")
KIND_FILES: Final = ("kinds.yml", "promises.yml")

log = structlog.get_logger("hours")


def hours(unit: Unit) -> WeeklyHours:
    """Return the office hours of a unit."""
    return WeeklyHours.parse(
        unit.office_hours,
        days_off=unit.days_off,
        working_days=unit.working_days,
        holidays=holidays_of(unit),
    )


def in_force(unit: Unit, own: OwnHours) -> Unit:
    """Return the settings of config.yml with what the console says over them."""
    off, worked = own.of(Means.OFF), own.of(Means.WORKED)
    listed_off = frozenset(map(parse_date, unit.days_off))
    listed_worked = frozenset(map(parse_date, unit.working_days))
    change: dict[str, object] = {
        "days_off": _texts((listed_off - worked) | off),
        "working_days": _texts((listed_worked - off) | worked),
    }
    if own.week is not None:
        change["office_hours"] = {key: list(spans) for key, spans in own.week.items()}
    return unit.model_copy(update=change)


async def unit_in_force(database: Database, unit_id: str, unit: Unit) -> Unit:
    """Return the settings of a unit as they hold now; raises StorageError."""
    own = await database.read(lambda c: acts.stored(c, unit_id))
    return usable(unit_id, unit, own)


def usable(unit_id: str, unit: Unit, own: OwnHours) -> Unit:
    """Return the settings in force; those of config.yml when the others cannot hold."""
    found = in_force(unit, own)
    try:
        hours(found)
    except SchedulerError as error:
        log.warning("own_hours_left_out", unit=unit_id, error=type(error).__name__)
        return unit
    return found


def check(unit: Unit, own: OwnHours) -> None:
    """Raise UnfitHoursError, with the sentence, for what nobody could keep."""
    if own.week is not None and not any(own.week.values()):
        raise UnfitHoursError("Chưa có giờ làm việc của ngày nào.")
    found = in_force(unit, own)
    try:
        hours(found)
        calendar = calendar_of(found)
        for day in own.days:
            calendar.roll(day)
    except SchedulerError as error:
        raise UnfitHoursError(str(error)) from error


def fingerprint(unit: Unit) -> str:
    """Return what tells one calendar and law from another, 16 hex digits."""
    own = (unit.days_off, unit.working_days, sorted(unit.office_hours.items()))
    parts = [_shipped()]
    parts += [repr(facts_of(unit))] if unit.calendar_file else []
    text = "\0".join([*parts, repr(own)])
    return hashlib.sha256(text.encode()).hexdigest()[:16]


@cache
def _shipped() -> str:
    """Return what comes with the service; another one is another process."""
    facts = [repr(resources.load(name)) for name in FACTS]
    return "\0".join(facts + [(FOLDER / n).read_text("utf-8") for n in KIND_FILES])


def _texts(days: frozenset[object]) -> list[str]:
    return sorted(map(str, days))
