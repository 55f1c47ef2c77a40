"""A desk of one commune over a real database, with people who said something."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Connection, Table, select

from handlers.lessons import lesson_rows
from handlers.model import Lesson, LessonSource
from handlers.staff.learning.desk import Desk
from nlu.train import Shelf
from storage import learning, people
from storage.database import Database
from storage.ids import Ids
from storage.keys import KeyRing
from storage.tables import evidence_entry
from storage.vault import PersonVault
from tests.conftest import FakeClock
from tests.nlu.support import DATA, entries
from tests.storage.lessons import person
from tests.storage.rows import UNIT

BIRTH, MARRIAGE, COPY = "1.001193", "1.000894", "2.000815"
QUESTIONS: list[Path] = [DATA / "small_regression.jsonl"]

Say = Callable[..., Awaitable[str]]


@dataclass(slots=True)
class Office:
    """The desk, and what a test needs around it."""

    desk: Desk
    ring: KeyRing
    clock: FakeClock
    shelf: Shelf = field(default_factory=lambda: Shelf(entries(), {}))
    known: dict[str, PersonVault] = field(default_factory=dict)

    async def say(
        self,
        text: str,
        label: str = BIRTH,
        *,
        who: str = "p1",
        is_right: bool = True,
        source: LessonSource = LessonSource.PICKED,
    ) -> str:
        """Let a citizen leave a candidate; return its id."""

        def work(connection: Connection) -> str:
            if who not in self.known:
                self.known[who] = person(connection, self.ring, who)
            vault = self.known[who]
            one = Lesson(text, label, source, is_right=is_right and bool(label))
            now = self.clock.now_ms()
            item, candidate = lesson_rows(one, vault, self.desk.ids, now)
            people.add_items(connection, [item])
            learning.add_candidates(connection, [candidate])
            return str(candidate["lesson_id"])

        return await self.desk.database.write(work)

    async def rows(self, table: Table) -> list[dict[str, Any]]:
        """Return all rows of a table."""
        return await self.desk.database.read(
            lambda c: [dict(row) for row in c.execute(select(table)).mappings()]
        )

    async def tags(self) -> list[str]:
        """Return what the log tells, in order."""
        return [row["tag"] for row in await self.rows(evidence_entry)]


@pytest.fixture
def office(database: Database, ring: KeyRing, ids: Ids, clock: FakeClock) -> Office:
    """The office of the unit, on each engine in turn."""
    desk = Desk(database, UNIT, ring.unit(UNIT), ids, clock.now_ms, "canbo01")
    return Office(desk, ring, clock)
