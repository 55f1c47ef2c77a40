"""How does a letter come out of its rows, and how does a step of it go back in?

A row holds codes and times; data and signature are one sealed item of the person the
letter is for.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from types import MappingProxyType
from typing import Any

from sqlalchemy import Connection

from handlers.cases.moments import from_ms
from handlers.model import Tag
from handlers.staff.letters.errors import LetterChangedError, NoSuchLetterError
from handlers.staff.letters.model import LetterAct, LetterState, Life
from handlers.staff.letters.room import LetterRoom
from handlers.staff.proof import proof
from messages.letters.compose import Letter, compose
from messages.letters.facts import addressee
from messages.letters.kinds import LetterKind
from storage import evidence, letters, people
from storage.errors import ConflictError, ErasedError
from storage.vault import PersonVault

Row = Mapping[str, Any]
Data = Mapping[str, str]
ITEM = "letter"
NOTHING: Data = MappingProxyType({})
ACT_TAGS: Mapping[LetterAct, Tag] = MappingProxyType(
    {
        LetterAct.EDIT: Tag.LETTER_EDITED,
        LetterAct.CHECK: Tag.LETTER_CHECKED,
        LetterAct.APPROVE: Tag.LETTER_APPROVED,
        LetterAct.SIGN: Tag.LETTER_SIGNED,
        LetterAct.SCHEDULE: Tag.LETTER_SCHEDULED,
        LetterAct.RECALL: Tag.LETTER_RECALLED,
        LetterAct.ARCHIVE: Tag.LETTER_ARCHIVED,
        LetterAct.SEND: Tag.LETTER_SENT,
        LetterAct.DELIVER: Tag.LETTER_DELIVERED,
        LetterAct.LOSE: Tag.LETTER_UNKNOWN,
        LetterAct.REFUSE: Tag.LETTER_REFUSED,
    }
)
BY_HAND: Mapping[LetterAct, Tag] = MappingProxyType(
    {
        LetterAct.SEND: Tag.LETTER_PRINTED,
        LetterAct.DELIVER: Tag.LETTER_HANDED,
        LetterAct.REFUSE: Tag.LETTER_RETURNED,
    }
)


@dataclass(frozen=True, slots=True)
class Kept:
    """A letter as it is stored; ``vault`` is None once its person was erased."""

    row: Row
    life: Life
    kind: LetterKind
    data: Data = field(default_factory=dict)
    signed: Data = field(default_factory=dict)
    vault: PersonVault | None = field(default=None, repr=False)

    @property
    def letter_id(self) -> str:
        """The id."""
        return str(self.row["letter_id"])

    @property
    def mark(self) -> int:
        """What a page must send back, so that nothing newer is overwritten."""
        return int(self.row["mark"])

    @property
    def names(self) -> str:
        """Whom it greets, "" after an erasure."""
        return addressee(self.kind, self.data).line if self.data else ""


def kept(room: LetterRoom, row: Row) -> Kept:
    """Return what a row with key and sealed words holds."""
    life = Life(
        LetterState(row["state"]),
        row["version"],
        row["approved"],
        from_ms(row["due_at"]) if row["due_at"] else None,
    )
    kind = room.kinds.written(row["kind"], str(row["words"]))
    if not row["person_id"] or not row["item_id"] or row["sealed"] is None:
        return Kept(row, life, kind)
    try:
        vault = room.vault.unwrap(row["person_id"], row["wrapped_key"])
    except ErasedError:
        return Kept(row, life, kind)
    value = vault.open(row["sealed"], row["item_id"])
    return Kept(row, life, kind, value["data"], value.get("signed", {}), vault)


def load(connection: Connection, room: LetterRoom, letter_id: str) -> Kept:
    """Return one letter; raises NoSuchLetterError."""
    row = letters.get(connection, room.unit_id, letter_id[:32])
    if row is None:
        raise NoSuchLetterError
    return kept(room, row)


def written(room: LetterRoom, one: Kept) -> Letter:
    """Return the letter as words, signed as far as it is; raises LetterError."""
    told = {name: one.signed[name] for name in one.signed if name in one.kind.fields}
    day = date.fromisoformat(one.signed["day"]) if one.signed else room.today()
    return compose(one.kind, {**one.data, **told}, room.office, day)


def item_of(
    room: LetterRoom, vault: PersonVault, data: Data, signed: Data = NOTHING
) -> dict[str, Any]:
    """Return the sealed item of a letter."""
    item_id = room.desk.ids.new()
    value = {"data": dict(data), "signed": dict(signed)}
    return {
        "unit_id": room.unit_id,
        "item_id": item_id,
        "person_id": vault.person_id,
        "kind": ITEM,
        "sealed": vault.seal(value, item_id),
        "created_at": room.desk.now_ms(),
    }


def save(
    connection: Connection,
    room: LetterRoom,
    one: Kept,
    life: Life,
    *,
    item: Mapping[str, Any] | None = None,
    is_by_hand: bool = False,
    via: str = "",
    **values: Any,
) -> None:
    """Write the new steps of a letter with their proof; raises LetterChangedError.

    ``via`` names the staff channel when it was not the console.
    """
    now = room.desk.now_ms()
    if item is not None:
        people.add_items(connection, [item])
        values["item_id"] = item["item_id"]
    due = round(life.due_at.timestamp() * 1000) if life.due_at else None
    try:
        letters.change(
            connection,
            room.unit_id,
            one.letter_id,
            one.mark,
            state=life.state.value,
            version=life.version,
            approved=life.approved,
            due_at=due,
            updated_at=now,
            **values,
        )
    except ConflictError as error:
        raise LetterChangedError from error
    told = {"via": via} if via else {}
    note_steps(connection, room, one, life, is_by_hand=is_by_hand, **told)


def note_steps(
    connection: Connection,
    room: LetterRoom,
    one: Kept,
    life: Life,
    *,
    is_by_hand: bool = False,
    **data: str | int | bool,
) -> None:
    """Write the steps that ``life`` took beyond the letter's, each with its proof."""
    new = life.steps[len(one.life.steps) :]
    rows = [
        {
            "act": step.act.value,
            "by": step.by,
            "version": step.version,
            "at": round(step.at.timestamp() * 1000),
        }
        for step in new
    ]
    letters.add_steps(connection, room.unit_id, one.letter_id, rows)
    tags = {**ACT_TAGS, **BY_HAND} if is_by_hand else ACT_TAGS
    for step in new:
        about: dict[str, str | int | bool] = {
            "kind": one.kind.code,
            "version": step.version,
        }
        entry = proof(
            room.desk,
            tags[step.act],
            one.letter_id,
            str(one.row["person_id"] or ""),
            **(about | data),
        )
        evidence.append(connection, [entry.row()])
