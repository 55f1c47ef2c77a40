"""What does work on people and shifts share: one unit, who works, and the proof?"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeVar

from sqlalchemy import Connection

from handlers.model import Tag
from handlers.staff.people.errors import (
    BadCodeError,
    ChangedMeanwhileError,
    NotAllowedError,
    StrangerError,
)
from handlers.staff.people.model import CODE, OPERATOR
from handlers.staff.permissions import PERMISSIONS, ROLE_NAMES, Action, may
from handlers.staff.proof import proof
from storage import evidence, staff
from storage.database import Database
from storage.errors import ConflictError
from storage.ids import Ids
from storage.keys import UnitKeys

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Desk:
    """One unit, and the code of the person who works there (or ``OPERATOR``)."""

    database: Database
    unit_id: str
    keys: UnitKeys
    ids: Ids
    now_ms: Callable[[], int]
    by: str = OPERATOR

    def __post_init__(self) -> None:
        """Refuse anything that the log must not hold."""
        if not CODE.fullmatch(self.by):
            raise BadCodeError

    async def change(self, action: Action, work: Callable[[Connection], T]) -> T:
        """Run a change in one transaction, after all others of this unit.

        Raises StrangerError, NotAllowedError, ChangedMeanwhileError,
        StorageUnavailableError, and what the work raises; then nothing is written.
        """

        def guarded(connection: Connection) -> T:
            staff.touch(connection, self.unit_id, self.now_ms())
            self.require(connection, action)
            return work(connection)

        try:
            return await self.database.write(guarded)
        except ConflictError as error:
            raise ChangedMeanwhileError from error

    async def look(self, action: Action, work: Callable[[Connection], T]) -> T:
        """Read a snapshot, if this person may. Raises as ``change`` does."""

        def guarded(connection: Connection) -> T:
            self.require(connection, action)
            return work(connection)

        return await self.database.read(guarded)

    def require(self, connection: Connection, action: Action) -> None:
        """Raise StrangerError or NotAllowedError unless this person may do it."""
        if not self.may(connection, action):
            allowed = sorted(ROLE_NAMES[role] for role in PERMISSIONS[action])
            raise NotAllowedError(hint=f"Việc này dành cho: {', '.join(allowed)}.")

    def may(self, connection: Connection, action: Action) -> bool:
        """Whether this person may do it; raises StrangerError for nobody we know."""
        if self.by == OPERATOR:
            return True
        roles = staff.roles_of(connection, self.unit_id, self.by)
        if not roles:
            raise StrangerError
        return may(roles, action)

    def prove(
        self, connection: Connection, tag: Tag, subject: str, **data: str | int | bool
    ) -> None:
        """Write what was done into the log: codes and numbers only."""
        entry = proof(self, tag, subject, "", **data)
        evidence.append(connection, [entry.row()])
