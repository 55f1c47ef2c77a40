"""Did every step that was due run? Asked of the rows, and of the clocks themselves.

The audit trusts neither the sweep nor its plans: it also counts open cases that were
never planned, and late answers of which nobody was told. What it finds goes to people,
into the log and the metrics; that it is clean is what the heartbeat tells outside.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Final

from sqlalchemy import Connection

from handlers.cases.case import Goal
from handlers.cases.moments import local_day
from handlers.model import Tag
from scheduler.escalation.notices import notice_id
from scheduler.escalation.office import Office
from scheduler.jobs import Clock, Meter, Silent
from storage import escalation, evidence, operations
from storage.database import Database
from storage.evidence import Entry
from storage.ids import Ids

TOLERANCE: Final = timedelta(minutes=15)
KIND: Final = "escalation_late"


@dataclass(frozen=True, slots=True)
class Audit:
    """What did not happen: steps late, cases unplanned, overdue answers untold."""

    late: int = 0
    unplanned: int = 0
    untold: int = 0

    @property
    def is_clean(self) -> bool:
        """Whether everything ran."""
        return self.total == 0

    @property
    def total(self) -> int:
        """How many faults there are."""
        return self.late + self.unplanned + self.untold

    def __str__(self) -> str:
        if self.is_clean:
            return "clean"
        return f"late={self.late} unplanned={self.unplanned} untold={self.untold}"


class Auditor:
    """Audits units; tells of faults once an hour while they last."""

    def __init__(
        self, database: Database, clock: Clock, ids: Ids, meter: Meter | None = None
    ) -> None:
        self._database = database
        self._clock = clock
        self._ids = ids
        self._meter = meter or Silent()

    async def look(self, office: Office) -> Audit:
        """Return what did not happen; writes nothing. Raises StorageError."""
        now = self._clock.now()
        before = self._clock.now_ms() - int(TOLERANCE.total_seconds() * 1000)
        # Whoever is overdue since the last working day but one was told by now.
        today = office.work.roll_back(local_day(now))
        day = office.work.add(today, -1).isoformat()

        def work(c: Connection) -> Audit:
            return Audit(
                escalation.late(c, office.unit_id, before),
                escalation.left_unplanned(c, office.unit_id, before),
                escalation.never_told(
                    c, office.unit_id, Goal.ANSWER.value, day, before
                ),
            )

        return await self._database.read(work)

    async def audit(self, office: Office) -> Audit:
        """Look, and raise the alarm when something did not happen."""
        found = await self.look(office)
        self._meter.late(office.unit_id, found.total)
        if not found.is_clean:
            await self._database.write(lambda c: self._alarm(c, office, found))
        return found

    def _alarm(self, connection: Connection, office: Office, found: Audit) -> None:
        now = self._clock.now()
        hour = f"{now:%Y-%m-%dT%H}"
        row = {
            "unit_id": office.unit_id,
            "notice_id": notice_id(KIND, office.unit_id, hour),
            "kind": KIND,
            "subject": hour,
            "detail": str(found),
            "created_at": self._clock.now_ms(),
        }
        if operations.add_new_notices(connection, [row]):
            evidence.append(connection, [self._proof(office, found)])

    def _proof(self, office: Office, found: Audit) -> dict[str, Any]:
        return Entry(
            unit_id=office.unit_id,
            entry_id=self._ids.new(),
            at=self._clock.now_ms(),
            tag=Tag.ESCALATION_LATE.value,
            subject=office.unit_id,
            data={
                "late": found.late,
                "unplanned": found.unplanned,
                "untold": found.untold,
            },
        ).row()
