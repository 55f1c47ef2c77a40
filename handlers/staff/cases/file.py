"""What is stored of one case, and of the citizen it is about?"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection

from handlers.cases import code as codes
from handlers.cases.case import Case
from handlers.cases.errors import BadCodeError, NoSuchCaseError, NotYoursError
from handlers.cases.kind import CaseKind
from handlers.cases.rows import case_of
from handlers.staff.cases.workroom import Room
from storage import cases, conversations
from storage.vault import PersonVault

Row = Mapping[str, Any]
ID_LENGTH = 32


@dataclass(frozen=True, slots=True)
class CaseFile:
    """A case with its kind, its person's key and the talk it may be told in.

    ``vault`` is None for a record of guidance and after an erasure; ``talk`` for
    somebody who never wrote to us.
    """

    case: Case
    kind: CaseKind
    vault: PersonVault | None
    talk: Row | None

    @property
    def last_inbound_at(self) -> int:
        """When the citizen wrote last (UTC ms), 0 for never."""
        return int(self.talk["last_inbound_at"]) if self.talk else 0

    @property
    def honorific(self) -> str:
        """How the citizen wants to be addressed, "" until told."""
        if self.talk is None or self.vault is None:
            return ""
        key = f"talk:{self.vault.person_id}:{self.case.channel}"
        return str(self.vault.open(self.talk["sealed"], key).get("honorific", ""))


async def opened(room: Room, ref: str) -> CaseFile:
    """Return a case by code, however typed, or by id.

    Raises BadCodeError, NoSuchCaseError, and NotYoursError for a kind that the roles
    of the room may not see.
    """
    which = _ref(ref)
    return await room.database.read(lambda c: load(c, room, which))


def load(connection: Connection, room: Room, ref: str) -> CaseFile:
    """Return a case by its exact code or id; raises as ``opened``."""
    row = cases.by_code(connection, room.unit_id, ref) or cases.get(
        connection, room.unit_id, ref
    )
    if row is None:
        raise NoSuchCaseError(ref[:40])
    case = _case(connection, row)
    kind = room.services.kinds.get(case.kind)
    if room.roles is not None and not kind.may_be_seen_by(room.roles):
        raise NotYoursError
    vault = None
    if case.person_id and row["wrapped_key"] is not None:
        vault = room.vault.unwrap(case.person_id, row["wrapped_key"])
    return CaseFile(case, kind, vault, _talk(connection, case))


def last_inbound_at(connection: Connection, case: Case) -> int:
    """Return when the citizen wrote last, to see whether they did meanwhile."""
    talk = _talk(connection, case)
    return int(talk["last_inbound_at"]) if talk else 0


def _ref(text: str) -> str:
    try:
        return str(codes.parse(text))
    except BadCodeError:
        if len(text) == ID_LENGTH and text.isalnum():
            return text
        raise


def _case(connection: Connection, row: Row) -> Case:
    unit_id, case_id = row["unit_id"], row["case_id"]
    clocks = cases.clocks(connection, unit_id, [case_id])
    links = cases.links(connection, unit_id, [case_id])
    return case_of(row, clocks.get(case_id, ()), links.get(case_id, ()))


def _talk(connection: Connection, case: Case) -> Row | None:
    key = (case.unit_id, case.person_id, case.channel)
    return conversations.load(connection, [key]).get(key) if case.person_id else None
