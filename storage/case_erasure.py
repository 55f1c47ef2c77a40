"""What remains of a person's cases when the person is erased? Codes and times alone.

A case in hand ends: its clocks stop, and there is nobody left to answer. Its words
were vault items and went with the key (NĐ 356/2025/NĐ-CP Điều 5).
"""

from __future__ import annotations

from sqlalchemy import Connection, delete, select, update

from storage import apologies, case_areas
from storage.cases import NO_DUE
from storage.tables import (
    case_clock,
    case_history,
    case_lookup,
    case_message,
    case_record,
)

ERASED = "erased"
"""The state of such a case; nothing can be done with it any more."""


def erase(connection: Connection, unit_id: str, person_id: str, at: int) -> int:
    """End a person's cases in the caller's transaction; return how many there were."""
    mine = (case_record.c.unit_id == unit_id, case_record.c.person_id == person_id)
    query = select(case_record.c.case_id).where(*mine)
    cases = list(connection.execute(query).scalars())
    _forget_words(connection, unit_id, cases)
    case_areas.forget(connection, unit_id, cases)
    apologies.forget_person(connection, unit_id, person_id)
    connection.execute(
        update(case_clock)
        .where(
            case_clock.c.unit_id == unit_id,
            case_clock.c.case_id.in_(cases),
            case_clock.c.stopped_at.is_(None),
        )
        .values(stopped_at=at, ended="void")
    )
    for table, column in ((case_message, "person_id"), (case_lookup, "subject")):
        connection.execute(
            delete(table).where(
                table.c.unit_id == unit_id, table.c[column] == person_id
            )
        )
    _close(connection, unit_id, person_id, at)
    return len(cases)


def _forget_words(connection: Connection, unit_id: str, cases: list[str]) -> None:
    connection.execute(
        update(case_history)
        .where(case_history.c.unit_id == unit_id, case_history.c.case_id.in_(cases))
        .values(item_id=None)
    )


def _close(connection: Connection, unit_id: str, person_id: str, at: int) -> None:
    """Close what was open, and drop what could tell whose any of them was."""
    mine = (case_record.c.unit_id == unit_id, case_record.c.person_id == person_id)
    connection.execute(
        update(case_record)
        .where(*mine, case_record.c.closed_at.is_(None))
        .values(closed_at=at)
    )
    connection.execute(
        update(case_record)
        .where(*mine)
        .values(
            state=ERASED,
            person_id=None,
            item_id=None,
            contact_mac=None,
            is_waiting=False,
            due_at=NO_DUE,
            due_goal=None,
            version=case_record.c.version + 1,
            updated_at=at,
        )
    )
