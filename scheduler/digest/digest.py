"""How do leaders hear of the morning's facts? One notice each, once a day."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any, Final

from sqlalchemy import Connection

from handlers.model import Tag
from handlers.staff.permissions import Role
from scheduler.digest.facts import Facts, gather
from scheduler.escalation.notices import notice_id
from scheduler.escalation.office import Office
from scheduler.jobs import Clock
from scheduler.moments import local_day
from storage import evidence, operations, staff
from storage.database import Database
from storage.evidence import Entry
from storage.ids import Ids

KIND: Final = "digest"
ROLES: Final = (Role.LEADER, Role.HEAD)
"""Leaders hear it; where none is named, the head of the office does."""
DAY_MS: Final = 24 * 60 * 60 * 1000


class Digest:
    """Writes the digest of units."""

    def __init__(self, database: Database, clock: Clock, ids: Ids) -> None:
        self._database = database
        self._clock = clock
        self._ids = ids

    async def write(self, office: Office) -> str:
        """Write today's digest once; return what was done, as a code."""
        day = local_day(self._clock.now())
        if not office.work.calendar.is_working(day):
            return "rest"
        since = self._clock.now_ms() - self._days_since(office) * DAY_MS
        facts = await self._database.read(
            lambda c: gather(c, office, self._clock.now(), since, [Role.LEADER.value])
        )
        words = said(office, facts)
        told = await self._database.write(lambda c: self._tell(c, office, facts, words))
        return f"told {told}"

    def _days_since(self, office: Office) -> int:
        """Return how many days ago the last digest was due."""
        day = local_day(self._clock.now())
        return (day - office.work.add(day, -1)) // timedelta(days=1)

    def _tell(
        self, connection: Connection, office: Office, facts: Facts, words: str
    ) -> int:
        to = readers(connection, office.unit_id)
        rows = list(self._notices(office, facts, words, to))
        told = operations.add_new_notices(connection, rows)
        if told:
            evidence.append(connection, [self._proof(office, facts, to)])
        return told

    def _notices(
        self, office: Office, facts: Facts, words: str, to: list[str]
    ) -> Iterator[dict[str, Any]]:
        for code in to or [""]:
            yield {
                "unit_id": office.unit_id,
                "notice_id": notice_id(KIND, office.unit_id, facts.day, code),
                "kind": KIND,
                "subject": facts.day.isoformat(),
                "detail": f"đến hạn {facts.due}, quá hạn {facts.overdue}",
                "created_at": self._clock.now_ms(),
                "addressee": code or None,
                "words": words,
            }

    def _proof(self, office: Office, facts: Facts, to: list[str]) -> dict[str, Any]:
        return Entry(
            unit_id=office.unit_id,
            entry_id=self._ids.new(),
            at=self._clock.now_ms(),
            tag=Tag.DIGEST_WRITTEN.value,
            subject=facts.day.isoformat(),
            data={
                "due": facts.due,
                "overdue": facts.overdue,
                "refused": facts.refused,
                "unknown": facts.unknown,
                "gaps": facts.gaps,
                "to": ",".join(to)[:400],
            },
        ).row()


def readers(connection: Connection, unit_id: str) -> list[str]:
    """Return the codes of those who get the digest."""
    active = staff.active_codes(connection, unit_id)
    roles = staff.roles(connection, unit_id)
    for role in ROLES:
        found = sorted(c for c in active if role in roles.get(c, frozenset()))
        if found:
            return found
    return []


def said(office: Office, facts: Facts) -> str:
    """Return the digest in the commune's words."""
    return office.words.say(
        "cases.digest.summary",
        day=f"{facts.day:%d/%m/%Y}",
        due=facts.due,
        due_list=facts.due_codes,
        due_more=max(0, facts.due - len(facts.due_codes)),
        overdue=facts.overdue,
        overdue_list=facts.overdue_codes,
        overdue_more=max(0, facts.overdue - len(facts.overdue_codes)),
        duty_list=[f"{channel}: {code or '—'}" for channel, code in facts.duty],
        has_roster=facts.has_roster,
        refused=facts.refused,
        unknown=facts.unknown,
        gaps=facts.gaps,
        unsure_list=facts.unsure,
    )
