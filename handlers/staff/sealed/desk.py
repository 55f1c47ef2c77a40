"""Who may work with the sealed queue, and how is every look proved?

Nobody but an active member with the role, and nobody at all when more than two have
it; who only runs the commands of the service has no way in.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeVar

from sqlalchemy import Connection

from handlers.model import Tag
from handlers.staff.people.model import CODE, OPERATOR
from handlers.staff.permissions import (
    MOST_SEALED_HANDLERS,
    PERMISSIONS,
    Action,
    may,
)
from handlers.staff.proof import proof
from handlers.staff.sealed.errors import (
    BadHandlerCodeError,
    NotHandlerError,
    TooManyHandlersError,
)
from storage import evidence, staff
from storage.database import Database
from storage.ids import Ids
from storage.keys import UnitKeys

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class SealedDesk:
    """One unit, and the code of the member who opens what is sealed."""

    database: Database
    unit_id: str
    keys: UnitKeys
    ids: Ids
    now_ms: Callable[[], int]
    by: str

    def __post_init__(self) -> None:
        """Refuse anything that the log must not hold."""
        if not CODE.fullmatch(self.by):
            raise BadHandlerCodeError

    async def work(self, action: Callable[[Connection], T]) -> T:
        """Run in one transaction with its proof, if this member may.

        Raises NotHandlerError (the try is proved too), TooManyHandlersError, and what
        the work raises; StorageUnavailableError.
        """

        def guarded(connection: Connection) -> tuple[T] | None:
            if not self._is_handler(connection):
                self.prove(connection, Tag.SEALED_REFUSED, "")
                return None
            self._require_few(connection)
            return (action(connection),)

        done = await self.database.write(guarded)
        if done is None:
            raise NotHandlerError
        return done[0]

    def prove(
        self, connection: Connection, tag: Tag, subject: str, **data: str | int | bool
    ) -> None:
        """Write who looked at what, and never a word of it."""
        entry = proof(self, tag, subject, "", **data)
        evidence.append(connection, [entry.row()])

    def _is_handler(self, connection: Connection) -> bool:
        if self.by == OPERATOR:
            return False
        roles = staff.roles_of(connection, self.unit_id, self.by)
        return may(roles, Action.READ_SEALED)

    def _require_few(self, connection: Connection) -> None:
        """More than two is a fault somewhere; then it is safer that nobody reads."""
        everybody = staff.roles(connection, self.unit_id).items()
        active = staff.active_codes(connection, self.unit_id)
        wanted = PERMISSIONS[Action.READ_SEALED]
        handlers = [c for c, roles in everybody if c in active and wanted & roles]
        if len(handlers) > MOST_SEALED_HANDLERS:
            raise TooManyHandlersError
