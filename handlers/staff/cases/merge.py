"""How do two cases about the same become one? Both citizens hear the end of it."""

from __future__ import annotations

from handlers.cases.actions import LinkTo, Merge
from handlers.cases.errors import CannotMergeError
from handlers.staff.cases.act import Done, Prepared, carried_out, changed, prepared
from handlers.staff.cases.file import CaseFile, opened
from handlers.staff.cases.workroom import Room


async def merge(room: Room, ref: str, into: str) -> Done:
    """End a case in favour of another one in hand; raises CannotMergeError."""

    async def plan() -> list[Prepared]:
        file, other = await opened(room, ref), await opened(room, into)
        if not other.case.is_in_hand:
            raise CannotMergeError(other.case.code)
        step = Merge(other.case.case_id, other.case.code)
        mine = prepared(room, file, changed(room, file, step))
        return [mine, _linked(room, other, file)]

    return (await carried_out(room, plan))[0]


async def link(room: Room, ref: str, other_ref: str) -> Done:
    """Note on both that two cases have to do with each other."""

    async def plan() -> list[Prepared]:
        file, other = await opened(room, ref), await opened(room, other_ref)
        return [_linked(room, file, other), _linked(room, other, file)]

    return (await carried_out(room, plan))[0]


def _linked(room: Room, file: CaseFile, other: CaseFile) -> Prepared:
    return prepared(room, file, changed(room, file, LinkTo(other.case.case_id)))
