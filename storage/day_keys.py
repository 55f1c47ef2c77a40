"""Which key seals today's raw bodies? One a unit and day, made a week ahead.

Made ahead so that a spool file can be sealed while the database is away; dropping
a key after 30 days makes what it sealed unreadable everywhere.
"""

from __future__ import annotations

import calendar
from datetime import date, timedelta

from sqlalchemy import Connection, delete, select

from storage.database import insert
from storage.keys import Box, KeyRing, new_key
from storage.tables import day_key

DAYS_AHEAD = 7
KEEP_DAYS = 31


class DayKeys:
    """The day keys of all units, kept in memory while they are needed."""

    def __init__(self, ring: KeyRing) -> None:
        self._ring = ring
        self._boxes: dict[tuple[str, str], Box] = {}

    def box(self, unit_id: str, day: str) -> Box | None:
        """Return the box of a day, or None when that key is gone or not made yet."""
        return self._boxes.get((unit_id, day))

    def load(self, connection: Connection, unit_ids: list[str], today: date) -> None:
        """Make the coming keys, drop the old ones, and read the rest (a write)."""
        at = calendar.timegm(today.timetuple()) * 1000
        for unit_id in unit_ids:
            self._make(connection, unit_id, today, at)
        oldest = (today - timedelta(days=KEEP_DAYS)).isoformat()
        connection.execute(delete(day_key).where(day_key.c.day < oldest))
        self._boxes = {
            (row.unit_id, row.day): Box(self._unwrap(row.unit_id, row.day, row[2]))
            for row in connection.execute(
                select(day_key.c.unit_id, day_key.c.day, day_key.c.wrapped_key)
            )
        }

    def _make(self, connection: Connection, unit_id: str, today: date, at: int) -> None:
        days = [(today + timedelta(n)).isoformat() for n in range(DAYS_AHEAD + 1)]
        known = set(
            connection.execute(
                select(day_key.c.day).where(
                    day_key.c.unit_id == unit_id, day_key.c.day.in_(days)
                )
            ).scalars()
        )
        box = self._ring.unit(unit_id).box
        rows = [
            {
                "unit_id": unit_id,
                "day": day,
                "wrapped_key": box.seal(new_key(), f"day:{day}"),
                "created_at": at,
            }
            for day in days
            if day not in known
        ]
        if rows:
            connection.execute(
                insert(connection, day_key).on_conflict_do_nothing(), rows
            )

    def _unwrap(self, unit_id: str, day: str, wrapped: bytes) -> bytes:
        return self._ring.unit(unit_id).box.open(wrapped, f"day:{day}")
