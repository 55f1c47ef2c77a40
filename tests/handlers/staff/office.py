"""A desk of one commune with people of it, over a real database."""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import Table, select

from handlers.staff.people.add import NewMember, add
from handlers.staff.people.desk import Desk
from handlers.staff.people.model import Member, Profile, Route
from handlers.staff.permissions import Role
from storage.tables import evidence_entry
from tests.conftest import FakeClock

NAMES = {
    "an": "Nguyễn Thị An",
    "binh": "Trần Văn Bình",
    "cuc": "Lê Thị Cúc",
    "dung": "Phạm Văn Dũng",
}


@dataclass(slots=True)
class StaffOffice:
    """The desk of the operator, and what a test needs around it."""

    desk: Desk
    clock: FakeClock

    def as_(self, staff_id: str) -> Desk:
        """Return the desk of somebody."""
        return replace(self.desk, by=staff_id)

    async def hire(self, staff_id: str, *roles: Role, **more: Any) -> Member:
        """Add somebody who can be phoned; an officer unless told otherwise."""
        routes = {Route.PHONE: "0912345678"}
        told: dict[str, Any] = {"routes": routes} | more
        profile = Profile(NAMES.get(staff_id, f"Người {staff_id}"), "Công chức")
        names = frozenset(roles or (Role.OFFICER,))
        return await add(self.desk, NewMember(staff_id, profile, names, **told))

    async def rows(self, table: Table) -> list[dict[str, Any]]:
        """Return all rows of a table."""
        return await self.desk.database.read(
            lambda c: [dict(row) for row in c.execute(select(table)).mappings()]
        )

    async def proofs(self) -> list[tuple[str, dict[str, Any]]]:
        """Return tag and data of what the log tells, in order."""
        rows = await self.rows(evidence_entry)
        rows.sort(key=lambda row: row["entry_id"])
        return [(row["tag"], json.loads(row["leaf"])["data"]) for row in rows]

    async def tags(self) -> list[str]:
        """Return what the log tells, in order."""
        return [tag for tag, _ in await self.proofs()]
