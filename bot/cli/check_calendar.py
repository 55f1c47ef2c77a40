"""What does ``thanthien check`` say of the days off of the coming two months?"""

from __future__ import annotations

from bot.cli.findings import OK, WARNING, Finding
from bot.clock import SystemClock
from bot.config import Config
from bot.deadlines import calendar_of
from scheduler.calendar.coverage import AHEAD_DAYS, coverage
from scheduler.moments import local_day

PART = "lịch nghỉ lễ"


def calendar(config: Config) -> list[Finding]:
    """Return what is not sure for each unit, else that everything is."""
    today = local_day(SystemClock().now())
    found: list[Finding] = []
    for unit_id, unit in config.units.items():
        told = coverage(calendar_of(unit), today).warnings()
        found += [Finding(PART, WARNING, f"{unit_id}: {one}") for one in told]
        if not told:
            text = f"{unit_id}: {AHEAD_DAYS} ngày tới đều có thông báo nghỉ lễ"
            found.append(Finding(PART, OK, text))
    return found
