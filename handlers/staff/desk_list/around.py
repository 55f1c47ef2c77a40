"""What belongs to a case besides its own words: other cases, how it was judged?"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection

from handlers.model import Tag
from handlers.staff.cases.file import CaseFile
from handlers.staff.cases.workroom import Room
from handlers.staff.desk_list.listing import Line, lines
from handlers.staff.proof import proof
from storage import cases, desk_lists, desk_talk, evidence, people
from storage.keys import InvalidTag

MOST = 6


@dataclass(frozen=True, slots=True)
class Judged:
    """What the citizen thought of it: a score from 1 to 5, and their words."""

    score: int
    words: str = ""


@dataclass(frozen=True, slots=True)
class Around:
    """Cases that are linked, others of the same person, the case it went into."""

    linked: tuple[Line, ...] = ()
    same_person: tuple[Line, ...] = ()
    files: tuple[str, ...] = ()
    judged: Judged | None = None


async def around(room: Room, file: CaseFile) -> Around:
    """Return what belongs to a case; nothing of a kind the reader may not see."""
    case, kinds = file.case, room.services.kinds.listed(room.roles)
    refs = [link.ref for link in case.links if link.kind == "case"]
    refs += [case.merged_into] if case.merged_into else []

    def work(c: Connection) -> tuple[list[Any], list[Any], Any, dict[str, Any]]:
        near = desk_lists.by_ids(c, room.unit_id, kinds, refs) if refs else []
        mine = (
            cases.of_person(c, room.unit_id, case.person_id, MOST)
            if case.person_id
            else []
        )
        told = desk_talk.rating(c, room.unit_id, case.case_id)
        names = [told["item_id"]] if told and told["item_id"] else []
        return near, mine, told, dict(people.get_items(c, room.unit_id, names))

    near, mine, told, items = await room.database.read(work)
    others = [
        row
        for row in mine
        if row["case_id"] not in (case.case_id, *refs) and row["kind"] in kinds
    ]
    return Around(
        await lines(room, near),
        await lines(room, others),
        tuple(link.ref for link in case.links if link.kind == "file"),
        _judged(file, told, items),
    )


async def reveal(room: Room, file: CaseFile) -> None:
    """Prove that somebody looked at how to reach a citizen."""
    case = file.case
    entry = proof(room, Tag.CONTACT_SHOWN, case.case_id, case.person_id, code=case.code)
    await room.database.write(lambda c: evidence.append(c, [entry.row()]))


async def of_person(room: Room, person_id: str) -> tuple[Line, ...]:
    """Return a person's newest cases that the reader may see."""
    kinds = room.services.kinds.listed(room.roles)
    rows = await room.database.read(
        lambda c: cases.of_person(c, room.unit_id, person_id, MOST)
    )
    return await lines(room, [row for row in rows if row["kind"] in kinds])


def _judged(file: CaseFile, told: Any, items: dict[str, Any]) -> Judged | None:
    if told is None:
        return None
    item = items.get(told["item_id"] or "")
    if item is None or file.vault is None:
        return Judged(told["score"])
    try:
        value = file.vault.open(item["sealed"], item["item_id"])
    except InvalidTag:
        return Judged(told["score"])
    words = value.get("words") or value.get("texts", {}).get("words", "")
    return Judged(told["score"], str(words or value.get("texts", {}).get("text", "")))
