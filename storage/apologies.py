"""For which cases is a letter of apology proposed? Once for each clock that ran over.

The row holds what the letter needs; who sends it and when is the letter's matter.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from enum import StrEnum
from typing import Any

from sqlalchemy import Connection, select, update

from storage.database import insert
from storage.tables import apology_proposal, case_clock, case_record

Row = Mapping[str, Any]
ANSWER = "answer"


class ApologyState(StrEnum):
    """How far a proposal got; ``VOID``: its citizen was erased."""

    PROPOSED = "proposed"
    VOID = "void"


def owed(
    connection: Connection, unit_id: str, now: int, limit: int
) -> list[dict[str, Any]]:
    """Return running clocks of the answer that are over and have no proposal."""
    clock, head, made = case_clock.c, case_record.c, apology_proposal.c
    proposed = select(made.code).where(
        made.unit_id == clock.unit_id,
        made.case_id == clock.case_id,
        made.number == clock.number,
    )
    query = (
        select(
            clock.case_id,
            clock.number,
            clock.due_date,
            clock.is_law,
            head.code,
            head.kind,
            head.person_id,
        )
        .join(
            case_record,
            (head.unit_id == clock.unit_id) & (head.case_id == clock.case_id),
        )
        .where(
            clock.unit_id == unit_id,
            clock.goal == ANSWER,
            clock.stopped_at.is_(None),
            clock.due_at <= now,
            head.person_id.is_not(None),
            ~proposed.exists(),
        )
        .order_by(clock.due_at, clock.case_id)
        .limit(limit)
    )
    return [dict(row) for row in connection.execute(query).mappings()]


def propose(connection: Connection, row: Row) -> bool:
    """Insert a proposal; False when this clock has one."""
    statement = insert(connection, apology_proposal).values(dict(row))
    return connection.execute(statement.on_conflict_do_nothing()).rowcount == 1


def proposed(
    connection: Connection, unit_id: str, limit: int = 100
) -> list[dict[str, Any]]:
    """Return the proposals that nobody decided, oldest first."""
    made = apology_proposal.c
    query = (
        select(apology_proposal)
        .where(made.unit_id == unit_id, made.state == ApologyState.PROPOSED.value)
        .order_by(made.proposed_at, made.code)
        .limit(limit)
    )
    return [dict(row) for row in connection.execute(query).mappings()]


def forget_person(connection: Connection, unit_id: str, person_id: str) -> None:
    """Drop whose apologies these were; there is nobody left to write to."""
    made = apology_proposal.c
    connection.execute(
        update(apology_proposal)
        .where(made.unit_id == unit_id, made.person_id == person_id)
        .values(person_id=None, state=ApologyState.VOID.value, version=made.version + 1)
    )


__all__: Sequence[str] = (
    "ApologyState",
    "forget_person",
    "owed",
    "propose",
    "proposed",
)
