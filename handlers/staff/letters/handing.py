"""Who took a letter that was handed over? Name and perhaps a picture, both sealed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import Connection

from handlers.model import Tag
from handlers.staff.letters import model
from handlers.staff.letters.errors import LetterChangedError, NoReceiverError
from handlers.staff.letters.keeping import Kept, load, save
from handlers.staff.letters.model import LetterAct, LetterState
from handlers.staff.letters.ports import KeptPaper
from handlers.staff.letters.room import LetterRoom
from handlers.staff.letters.steps import PRINT
from handlers.staff.letters.writing import seen_one
from handlers.staff.permissions import Action
from handlers.staff.proof import proof
from storage import evidence, letters_ways, people

ITEM: Final = "receipt"
LONGEST: Final = 80


@dataclass(frozen=True, slots=True)
class Receipt:
    """Who took the letter, who noted it and when (UTC ms), and the picture's file."""

    name: str
    by: str
    at: int
    file_id: str


async def open_for(room: LetterRoom, letter_id: str) -> Kept | None:
    """Return a letter on paper that nobody handed over yet, None for any other.

    Raises NoSuchLetterError, NotAllowedError.
    """
    one = await room.desk.look(Action.WRITE_LETTERS, lambda c: load(c, room, letter_id))
    is_out = one.life.state is LetterState.SENDING and one.row["channel"] == PRINT
    return one if is_out and one.vault is not None else None


async def confirm(
    room: LetterRoom, letter_id: str, seen: int, name: str, photo: KeptPaper | None
) -> None:
    """Note that a letter reached somebody, with its proof.

    Raises NoReceiverError, LetterStepError, NotAllowedError.
    """
    clean = " ".join(name.split())[:LONGEST]
    if not clean:
        raise NoReceiverError

    def work(connection: Connection) -> None:
        one = seen_one(connection, room, letter_id, seen)
        if one.row["channel"] != PRINT or one.vault is None:
            raise LetterChangedError
        life = model.step(one.life, LetterAct.DELIVER, room.desk.by, room.now())
        save(connection, room, one, life, is_by_hand=True)
        if photo is not None:
            photo.write(connection)
        _keep(connection, room, one, clean, photo)

    await room.desk.change(Action.WRITE_LETTERS, work)


async def receipt(room: LetterRoom, one: Kept) -> Receipt | None:
    """Return who took a letter, None when nobody noted it or it was erased."""

    def work(connection: Connection) -> tuple[dict[str, Any] | None, bytes]:
        row = letters_ways.receipt(connection, room.unit_id, one.letter_id)
        if row is None:
            return None, b""
        items = people.get_items(connection, room.unit_id, [row["item_id"]])
        found = items.get(row["item_id"])
        return row, found["sealed"] if found else b""

    row, sealed = await room.desk.look(Action.SEE_LETTERS, work)
    if row is None or not sealed or one.vault is None:
        return None
    name = str(one.vault.open(sealed, row["item_id"])["name"])
    return Receipt(name, row["by"], row["at"], row["file_id"] or "")


def _keep(
    connection: Connection,
    room: LetterRoom,
    one: Kept,
    name: str,
    photo: KeptPaper | None,
) -> None:
    assert one.vault is not None  # noqa: S101  confirm looked
    item_id, now = room.desk.ids.new(), room.desk.now_ms()
    shared = {"unit_id": room.unit_id, "person_id": one.vault.person_id}
    item = {
        "item_id": item_id,
        "kind": ITEM,
        "sealed": one.vault.seal({"name": name}, item_id),
        "created_at": now,
    }
    people.add_items(connection, [shared | item])
    row = {
        "letter_id": one.letter_id,
        "item_id": item_id,
        "file_id": photo.file_id if photo is not None else None,
        "by": room.desk.by,
        "at": now,
    }
    letters_ways.add_receipt(connection, shared | row)
    entry = proof(
        room.desk,
        Tag.LETTER_RECEIPT,
        one.letter_id,
        one.vault.person_id,
        photo=photo is not None,
    )
    evidence.append(connection, [entry.row()])
