"""How does a commune make kinds of letter of its own? In versions, each with proof.

A letter keeps the words of the version it was written in: what was approved never
changes under somebody's signature.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from sqlalchemy import Connection

from handlers.model import Tag
from handlers.staff.letters.errors import FaultyKindError, LetterChangedError
from handlers.staff.letters.room import LetterRoom
from handlers.staff.people.desk import Desk
from handlers.staff.permissions import Action
from messages.letters import kinds, own
from messages.letters.kinds import LetterKind
from messages.letters.lint.run import lint_kind
from messages.letters.own import Definition
from storage import letters_ways


async def equipped(room: LetterRoom) -> LetterRoom:
    """Return the room with the unit's own kinds beside ours."""
    rows = await versions(room.desk)
    return replace(room, kinds=own.all_of(rows)) if rows else room


async def versions(desk: Desk) -> list[dict[str, Any]]:
    """Return every version of a unit's own kinds, oldest first, with its text.

    Staff may write what they like into a template, so it lies sealed.
    """
    rows = await desk.database.read(lambda c: letters_ways.own_kinds(c, desk.unit_id))
    return [row | {"definition": _opened(desk, row)} for row in rows]


def tried(told: Definition, version: int = 1, code: str = "") -> LetterKind:
    """Return the kind a definition stands for; raises LetterError, FaultyKindError.

    It is tried with every hard case before anybody can write with it.
    """
    kind = own.kind_of(told.dumped(), version, code)
    if not code and kind.code in {one.code for one in kinds.shipped()}:
        raise FaultyKindError("tên trùng một loại thư có sẵn")
    problems = lint_kind(kind)
    if problems:
        shown = "; ".join(problems[:5])
        more = f" và {len(problems) - 5} chỗ khác" if len(problems) > 5 else ""  # noqa: PLR2004
        raise FaultyKindError(f"{shown}{more}")
    return kind


async def save(
    room: LetterRoom, told: Definition, code: str = "", seen: int = 0
) -> str:
    """Keep a new version of a kind; return its code.

    ``seen`` is the version that was edited, 0 for a new kind. Raises LetterError,
    LetterStepError, NotAllowedError.
    """
    kind = tried(told, seen + 1, code)

    def work(connection: Connection) -> None:
        newest = letters_ways.newest_kind(connection, room.unit_id, kind.code)
        row = {
            "unit_id": room.unit_id,
            "code": kind.code,
            "version": seen + 1,
            "sealed": room.desk.keys.box.seal(
                told.dumped().encode(), _context(kind.code, seen + 1)
            ),
            "is_offered": True,
            "by": room.desk.by,
            "at": room.desk.now_ms(),
        }
        if newest != seen or not letters_ways.add_kind(connection, row):
            raise LetterChangedError
        room.desk.prove(
            connection, Tag.LETTER_KIND_SET, kind.code, version=seen + 1, offered=True
        )

    await room.desk.change(Action.EDIT_SENTENCES, work)
    return kind.code


async def offer(room: LetterRoom, code: str, *, is_offered: bool) -> None:
    """Offer a kind for new letters, or no more; letters that are there keep it."""

    def work(connection: Connection) -> None:
        unit_id = room.unit_id
        letters_ways.offer_kind(connection, unit_id, code, is_offered=is_offered)
        version = letters_ways.newest_kind(connection, unit_id, code)
        room.desk.prove(
            connection,
            Tag.LETTER_KIND_SET,
            code,
            version=version,
            offered=is_offered,
        )

    await room.desk.change(Action.EDIT_SENTENCES, work)


def _opened(desk: Desk, row: Mapping[str, Any]) -> str:
    context = _context(str(row["code"]), int(row["version"]))
    return desk.keys.box.open(row["sealed"], context).decode()


def _context(code: str, version: int) -> str:
    return f"letter-kind:{code}:{version}"
