"""When have so many office hours passed? Only for what the commune itself promises."""

from __future__ import annotations

from datetime import datetime, timedelta

from scheduler.moments import LOCAL
from scheduler.office_hours import SEARCH_DAYS, WeeklyHours


def after_office_hours(
    hours: WeeklyHours, at: datetime, amount: timedelta
) -> datetime | None:
    """Return the local instant ``amount`` of staffed time after ``at`` (aware).

    Lunch breaks, nights and days off do not count, staffed Saturday mornings do. None
    when the office is not open that long within ``SEARCH_DAYS`` (or has no hours set).
    """
    local = at.astimezone(LOCAL)
    for number in range(SEARCH_DAYS + 1):
        day = local.date() + timedelta(days=number)
        for span in hours.spans(day):
            begin = max(local, datetime.combine(day, span.start, LOCAL))
            staffed = datetime.combine(day, span.end, LOCAL) - begin
            if timedelta() < staffed < amount:
                amount -= staffed
            elif staffed >= amount:
                return begin + amount
    return None
