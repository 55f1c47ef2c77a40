"""Who speaks with a citizen, the bot or a person? The talk's silence and its matter.

Whoever takes a talk silences the bot; each word of theirs does for as long again.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import suppress
from datetime import datetime
from typing import Any

from sqlalchemy import Connection

from handlers.cases.moments import to_ms
from handlers.citizen.platform import STAFF_HOURS
from handlers.model import Tag
from handlers.staff.cases.file import CaseFile
from handlers.staff.cases.workroom import Room
from handlers.staff.proof import proof
from storage import conversations, desk, evidence
from storage.desk import State
from storage.errors import ConflictError
from storage.vault import PersonVault

Row = Mapping[str, Any]
PENDING = ("pending", "pending_at")


def talk_row(
    room: Room, vault: PersonVault, talk: Row, until: datetime | None
) -> dict[str, Any]:
    """Return the next version of a talk: silent until then, or not silent (None).

    What the bot had asked is settled: a person speaks now, or has spoken.
    """
    name = f"talk:{vault.person_id}:{talk['channel']}"
    value = dict(vault.open(talk["sealed"], name))
    for field in (*PENDING, "muted_until"):
        value.pop(field, None)
    if until is not None:
        value["muted_until"] = until.isoformat()
    return dict(talk) | {
        "version": talk["version"] + 1,
        "sealed": vault.seal(value, name),
        "muted_until": to_ms(until) if until else None,
        "updated_at": room.now_ms(),
    }


def held(room: Room, file: CaseFile, *, is_talk: bool) -> Callable[[Connection], None]:
    """Return what goes with taking or answering a case: its matter is taken.

    Of a case that is a talk, the bot is silent too.
    """
    until = room.clock.now() + STAFF_HOURS
    row = None
    if is_talk and file.talk is not None and file.vault is not None:
        row = talk_row(room, file.vault, file.talk, until)

    def work(connection: Connection) -> None:
        take_matter(connection, room.unit_id, file.case.case_id)
        if row is not None and file.talk is not None:
            conversations.save(connection, row, file.talk["version"])
            if not is_held(file.talk, room.now_ms()):
                taken(connection, room, file.case.case_id, row["person_id"], until)

    return work


def is_held(talk: Row, now: int) -> bool:
    """Whether a person speaks in this talk now."""
    return bool(talk["muted_until"]) and talk["muted_until"] > now


def taken(
    connection: Connection, room: Room, ref: str, person_id: str, until: datetime
) -> None:
    """Prove that somebody took a talk."""
    data = {"ref": ref, "via": "console", "until": until.isoformat()}
    entry = proof(room, Tag.STAFF_TOOK_OVER, ref, person_id, **data)
    evidence.append(connection, [entry.row()])


def take_matter(connection: Connection, unit_id: str, ref: str) -> None:
    """Mark a hand-over as taken, if there is one that waits."""
    row = desk.find(connection, unit_id, ref)
    if row is None or row["state"] not in (State.WAITING, State.POSTED):
        return
    with suppress(ConflictError):  # somebody else took it in this very moment
        desk.move(connection, unit_id, ref, State(row["state"]), State.TAKEN)
