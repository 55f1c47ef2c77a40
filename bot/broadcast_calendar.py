"""What will be sent in the months to come: to how many, and at which hour?

Greetings that are drafted stand with their step; later days come from the calendar.
Nobody's name is among it: letters are counted by kind and hour.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any, Final

from sqlalchemy import Connection

from bot.broadcast_days import UnitDays, day_of
from handlers.staff.greetings.model import audience_of
from messages.greetings.ical import Entry
from messages.letters.errors import UnknownLetterError
from messages.letters.kinds import shipped
from scheduler.moments import LOCAL
from storage import greetings, letters

WEEK_MS: Final = 7 * 24 * 3_600_000
HOUR: Final = timedelta(hours=1)
PLANNED: Final = "planned"
OVER: Final = frozenset({"dropped", "missed"})
SURE: Final = frozenset({"approved", "sending", "paused", "done"})
LETTERS: Final = ("scheduled",)


@dataclass(frozen=True, slots=True)
class Coming:
    """One thing that goes out; instants are aware and local.

    ``reach`` is people, public or letter; ``people`` how many at most, as things stand
    today; ``state`` that of the greeting, ``planned`` before it is drafted.
    """

    uid: str
    at: datetime
    until: datetime
    name: str
    reach: str
    audience: tuple[str, ...]
    people: int
    state: str
    greeting_id: str = ""

    @property
    def is_sure(self) -> bool:
        """Whether a person approved it."""
        return self.state in SURE

    def entry(self, detail: str) -> Entry:
        """Return it for a calendar."""
        return Entry(self.uid, self.at, self.until, self.name, detail, self.is_sure)


def coming(
    connection: Connection,
    unit_id: str,
    days: UnitDays,
    first: date,
    last: date,
    now_ms: int,
) -> list[Coming]:
    """Return what goes out between two local days, both included, in order.

    Raises SchedulerError of the unit's own calendar.
    """
    found = [
        *_greetings(connection, unit_id, days, first, last, now_ms),
        *_letters(connection, unit_id, first, last),
    ]
    return sorted(found, key=lambda one: (one.at, one.uid))


def _greetings(
    connection: Connection,
    unit_id: str,
    days: UnitDays,
    first: date,
    last: date,
    now_ms: int,
) -> Iterator[Coming]:
    rows = greetings.listed(connection, unit_id, since_day=first.isoformat())
    known = {(row["occasion"], row["day"]): row for row in rows}
    counted: dict[tuple[str, ...], int] = {}

    def number(reach: str, audience: tuple[str, ...]) -> int:
        if reach != "people":
            return 0
        if audience not in counted:
            since = now_ms - WEEK_MS
            counted[audience] = greetings.reachable(
                connection, unit_id, since, audience
            )
        return counted[audience]

    names = {}
    for one in days.between(first, last):
        day = day_of(one)
        names[one.code, day.day] = one.occasion.name
        if (one.code, day.day) not in known:
            people = number(day.reach, day.audience)
            yield Coming(
                _uid(unit_id, one.code, day.day),
                one.due_at,
                one.ends_at,
                one.occasion.name,
                day.reach,
                day.audience,
                people,
                PLANNED,
            )
    for (code, day_), row in known.items():
        if row["state"] not in OVER and day_ <= last.isoformat():
            audience = audience_of(row)
            name = names.get((code, day_), code)
            yield _drafted(unit_id, row, name, number(row["reach"], audience))


def _drafted(unit_id: str, row: Mapping[str, Any], name: str, people: int) -> Coming:
    return Coming(
        _uid(unit_id, row["occasion"], row["day"]),
        _local(row["due_at"]),
        _local(row["ends_at"]),
        name,
        row["reach"],
        audience_of(row),
        people,
        row["state"],
        row["greeting_id"],
    )


def _letters(
    connection: Connection, unit_id: str, first: date, last: date
) -> Iterator[Coming]:
    counted: Counter[tuple[str, int]] = Counter()
    for row in letters.listed(connection, unit_id, LETTERS):
        if row["due_at"] and first <= _local(row["due_at"]).date() <= last:
            counted[row["kind"], row["due_at"]] += 1
    for (kind, due_at), number in counted.items():
        at = _local(due_at)
        uid = f"letter-{unit_id}-{kind}-{due_at}@than-thien"
        yield Coming(uid, at, at + HOUR, _kind(kind), "letter", (), number, "approved")


def _kind(code: str) -> str:
    try:
        return shipped().named(code).name
    except UnknownLetterError:
        return code


def _uid(unit_id: str, occasion: str, day: str) -> str:
    return f"greeting-{unit_id}-{occasion}-{day}@than-thien"


def _local(ms: int) -> datetime:
    return datetime.fromtimestamp(ms / 1000, UTC).astimezone(LOCAL)
