"""What do staff see of letters? Lists, one letter with its steps, who may be named."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection

from handlers.staff.letters.keeping import Kept, kept, load
from handlers.staff.letters.model import LetterState
from handlers.staff.letters.room import LetterRoom
from handlers.staff.people.listing import members, one_of
from handlers.staff.permissions import Action
from storage import apologies, cases, letters

Row = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Opened:
    """One letter, its steps in order, and the names of those who took them."""

    kept: Kept
    steps: Sequence[Row]
    names: Mapping[str, str]


async def listed(
    room: LetterRoom, states: Sequence[LetterState] = (), kind: str = ""
) -> list[Kept]:
    """Return letters, newest first; raises NotAllowedError."""
    told = [state.value for state in states]
    rows = await room.desk.look(
        Action.SEE_LETTERS, lambda c: letters.listed(c, room.unit_id, told, kind)
    )
    return [kept(room, row) for row in rows]


async def opened(room: LetterRoom, letter_id: str) -> Opened:
    """Return one letter; raises NoSuchLetterError, NotAllowedError."""

    def work(connection: Connection) -> Opened:
        one = load(connection, room, letter_id)
        steps = letters.steps(connection, room.unit_id, letter_id)
        known = members(connection, room.unit_id, room.desk.keys)
        names = {code: member.profile.name for code, member in known.items()}
        return Opened(one, steps, names)

    return await room.desk.look(Action.SEE_LETTERS, work)


async def book(room: LetterRoom, year: int) -> list[Kept]:
    """Return the register of a year, by number; raises NotAllowedError."""
    rows = await room.desk.look(
        Action.SEE_LETTERS, lambda c: letters.numbered(c, room.unit_id, year)
    )
    return [kept(room, row) for row in rows]


async def is_stopped(room: LetterRoom) -> bool:
    """Whether all celebration is stopped."""
    return await room.desk.look(
        Action.SEE_LETTERS, lambda c: letters.is_stopped(c, room.unit_id)
    )


async def owed_apologies(room: LetterRoom) -> list[Row]:
    """Return overdue cases that were proposed for an apology and have no letter."""

    def work(connection: Connection) -> list[Row]:
        found = apologies.proposed(connection, room.unit_id)
        return [row for row in found if not _has_letter(connection, room, row)]

    return await room.desk.look(Action.SEE_LETTERS, work)


async def apology_facts(room: LetterRoom, row: Row) -> dict[str, str]:
    """Return what an overdue case tells for its apology; a person adds the rest."""

    def work(connection: Connection) -> str:
        head = cases.get(connection, room.unit_id, str(row["case_id"]))
        owner = str(head["owner"] or "") if head is not None else ""
        member = one_of(connection, room.unit_id, room.desk.keys, owner)
        return member.profile.name if member is not None else ""

    name = await room.desk.look(Action.SEE_LETTERS, work)
    facts = {"ma_hs": str(row["code"]), "ngay_hen_goc": str(row["due_date"] or "")}
    return facts | ({"cong_chuc": name} if name else {})


def apology_ref(row: Row) -> str:
    """Return what makes the apology for one clock of one case once there."""
    return f"{row['case_id']}:{row['number']}"


def _has_letter(connection: Connection, room: LetterRoom, row: Row) -> bool:
    ref = apology_ref(row)
    return letters.by_source(connection, room.unit_id, "apology", ref) is not None
