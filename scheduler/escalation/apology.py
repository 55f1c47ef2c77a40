"""What is prepared when an answer is late? A proposal of a letter, once a clock."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import Connection

from handlers.model import Tag
from scheduler.escalation.notices import notice_id
from scheduler.escalation.office import Office
from scheduler.escalation.telling import People, told
from scheduler.jobs import Clock
from storage import apologies, evidence, operations
from storage.apologies import ApologyState
from storage.evidence import Entry
from storage.ids import Ids

Row = Mapping[str, Any]
KIND = "apology_proposed"
RUNGS = ("head",)


def propose(
    connection: Connection, office: Office, owed: Sequence[Row], ids: Ids, clock: Clock
) -> int:
    """Propose a letter for each clock that has none; return how many were new.

    The reason stays empty: a person of the commune knows it, the clock does not.
    """
    if not owed:
        return 0
    hours, at = office.work.hours, clock.now()
    people = People.read(connection, office.unit_id, office.keys, hours, at)
    return sum(_one(connection, office, row, people, ids, clock) for row in owed)


def _one(
    connection: Connection,
    office: Office,
    row: Row,
    people: People,
    ids: Ids,
    clock: Clock,
) -> bool:
    kind = office.kinds.get(row["kind"])
    case = dict(row) | {"owner": "", "channel": ""}
    codes = told(RUNGS, case, kind, people, office.chains)
    now = clock.now_ms()
    if not apologies.propose(connection, _row(office.unit_id, row, codes, now)):
        return False
    operations.add_notices(
        connection, [_notice(office.unit_id, row, code, now) for code in codes or ("",)]
    )
    entry = Entry(
        unit_id=office.unit_id,
        entry_id=ids.new(),
        at=now,
        tag=Tag.APOLOGY_PROPOSED.value,
        subject=row["case_id"],
        data={
            "code": row["code"],
            "kind": row["kind"],
            "due": row["due_date"],
            "is_law": bool(row["is_law"]),
            "to": ",".join(codes)[:400],
        },
    )
    evidence.append(connection, [entry.row()])
    return True


def _row(unit_id: str, row: Row, codes: Sequence[str], now: int) -> dict[str, Any]:
    return {
        "unit_id": unit_id,
        "case_id": row["case_id"],
        "number": row["number"],
        "code": row["code"],
        "kind": row["kind"],
        "due_date": row["due_date"],
        "is_law": row["is_law"],
        "reason": "",
        "person_id": row["person_id"],
        "state": ApologyState.PROPOSED.value,
        "proposed_to": ",".join(codes)[:160],
        "version": 1,
        "proposed_at": now,
    }


def _notice(unit_id: str, row: Row, code: str, now: int) -> dict[str, Any]:
    name = notice_id(KIND, row["case_id"], row["number"], code)
    return {
        "unit_id": unit_id,
        "notice_id": name,
        "kind": KIND,
        "subject": row["case_id"],
        "detail": f"{row['code']}, hạn cũ {row['due_date']}",
        "created_at": now,
        "addressee": code or None,
    }
