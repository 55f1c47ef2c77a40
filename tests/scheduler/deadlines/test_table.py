"""Do deadlines equal the ones worked out by hand from the texts of the law?"""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest
import yaml

from scheduler.calendar.shipped import shipped
from scheduler.calendar.working_days import WorkCalendar
from scheduler.deadlines import book
from scheduler.deadlines.deadline import Deadline, Due, deadline
from scheduler.deadlines.pause import Pause
from scheduler.moments import LOCAL, local_day, parse_date, parse_moment
from scheduler.office_hours import WeeklyHours

ROWS: list[dict[str, Any]] = yaml.safe_load(
    (Path(__file__).parent / "table.yml").read_text(encoding="utf-8")
)
HOURS = {"t2-t6": ["07:30-11:30", "13:30-17:00"], "t7": ["07:30-11:30"]}


def named(row: dict[str, Any]) -> str:
    """Return a row's name for the report."""
    return f"{row['rule']}-{row['at']}"


def worked_out(row: dict[str, Any]) -> Deadline:
    """Return what the code makes of a row."""
    own = row.get("own", {})
    days_off = [parse_date(day) for day in own.get("days_off", [])]
    working = [parse_date(day) for day in own.get("working_days", [])]
    at = parse_moment(row["at"])
    return deadline(
        book.shipped().rule(row["rule"], local_day(at)),
        at,
        WorkCalendar(shipped(), frozenset(days_off), frozenset(working)),
        WeeklyHours.parse(HOURS) if row.get("office") else None,
        row.get("extend", []),
        [
            Pause(parse_date(first), last and parse_date(last), reason)
            for first, last, reason in row.get("pause", [])
        ],
    )


def told(due: Due) -> str:
    """Return a step's day, or its instant where it has one, as the table writes it."""
    moment: date | datetime | None = due.at or due.date
    if isinstance(moment, datetime):
        local = moment.astimezone(LOCAL).replace(tzinfo=None)
        return local.isoformat(timespec="minutes")
    return str(moment)


@pytest.mark.parametrize("row", ROWS, ids=named)
def test_a_deadline_worked_out_by_hand(row: dict[str, Any]) -> None:
    """The day, the steps on the way and the law in force are those of the table."""
    found = worked_out(row)
    steps = {due.goal.value: told(due) for due in found.steps}

    assert (found.date and found.date.isoformat()) == row["date"]
    assert row.get("steps", {}).items() <= steps.items()
    assert row.get("basis", "") in found.rule.last.basis


def test_the_table_is_long_and_knows_every_rule() -> None:
    """Sixty rows at least, every rule among them, each with working and source."""
    assert len(ROWS) >= 60
    assert {row["rule"] for row in ROWS} == set(book.shipped().codes())
    assert all(row["working"] and row["source"] for row in ROWS)
