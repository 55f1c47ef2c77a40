"""What does a case say, what happened to it, and what was the citizen told?

Every look is proved: these are a citizen's words.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import Connection

from handlers.cases.moments import from_ms
from handlers.cases.words import key_of, status_values
from handlers.citizen import honorifics
from handlers.model import Tag
from handlers.staff.cases.file import CaseFile, opened
from handlers.staff.cases.workroom import Room
from handlers.staff.proof import proof
from storage import cases, evidence, people

Row = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class HistoryLine:
    """One step, with its words opened."""

    seq: int
    act: str
    by: str
    at: datetime
    texts: Mapping[str, str]
    is_internal: bool
    template: str = ""
    template_version: str = ""


@dataclass(frozen=True, slots=True)
class Sent:
    """One message to the citizen: its words, how it was to go, how far it got.

    ``how`` is queued, waiting or by_hand; ``send`` the state of the send, "" for none.
    """

    message_id: str
    seq: int
    how: str
    send: str
    code: str
    text: str


@dataclass(frozen=True, slots=True)
class Shown:
    """All of a case that the reader may see."""

    file: CaseFile
    texts: Mapping[str, str] = field(default_factory=dict)
    history: tuple[HistoryLine, ...] = ()
    sent: tuple[Sent, ...] = ()


async def show(room: Room, ref: str, *, is_proved: bool = False) -> Shown:
    """Return a case with its words; that it was read is proved.

    ``is_proved``: the same reader saw it a moment ago, and that is proved.
    """
    file = await opened(room, ref)
    unit_id, case_id = room.unit_id, file.case.case_id

    def read(connection: Connection) -> tuple[list[dict[str, Any]], ...]:
        return (
            cases.history(connection, unit_id, case_id),
            cases.messages(connection, unit_id, case_id),
        )

    lines, messages = await room.database.read(read)
    texts = await _texts(room, file, [*lines, *messages])
    if not is_proved:
        await _prove(room, file)
    return Shown(
        file=file,
        texts=texts.get(file.case.item_id, {}),
        history=tuple(_line(row, texts) for row in lines),
        sent=tuple(_sent(row, texts) for row in messages),
    )


async def status(room: Room, ref: str) -> str:
    """Return where a case stands in the words a citizen reads; nothing is opened."""
    file = await opened(room, ref)
    xh, unit = honorifics.spoken(""), room.unit
    common = {"xh": xh, "Xh": xh[:1].upper() + xh[1:], "xa": unit.name, "place": ""}
    key = key_of(room.words, file.kind.code, "status")
    values = status_values(file.case, file.kind, room.clock.now())
    return room.words.say(key, **(values | common))


async def _texts(
    room: Room, file: CaseFile, rows: Sequence[Row]
) -> dict[str, dict[str, str]]:
    vault = file.vault
    wanted = [row["item_id"] for row in rows if row["item_id"]]
    if vault is None or not wanted:
        return {}
    items = await room.database.read(
        lambda c: people.get_items(c, room.unit_id, wanted)
    )
    opened_items = {
        name: vault.open(row["sealed"], name) for name, row in items.items()
    }
    return {
        name: value["texts"] if "texts" in value else value["reply"]
        for name, value in opened_items.items()
    }


async def _prove(room: Room, file: CaseFile) -> None:
    case = file.case
    entry = proof(room, Tag.CASE_READ, case.case_id, case.person_id, code=case.code)
    await room.database.write(lambda c: evidence.append(c, [entry.row()]))


def _line(row: Row, texts: Mapping[str, Mapping[str, str]]) -> HistoryLine:
    return HistoryLine(
        seq=row["seq"],
        act=row["action"],
        by=row["actor"],
        at=from_ms(row["at"]),
        texts=texts.get(row["item_id"] or "", {}),
        is_internal=bool(row["is_internal"]),
        template=row["template"] or "",
        template_version=row["template_version"] or "",
    )


def _sent(row: Row, texts: Mapping[str, Mapping[str, str]]) -> Sent:
    return Sent(
        message_id=row["message_id"],
        seq=row["seq"],
        how=row["state"],
        send=row["send_state"] or "",
        code=row["send_code"] or "",
        text=str(texts.get(row["item_id"], {}).get("text", "")),
    )
