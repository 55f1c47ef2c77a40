"""What is kept of a letter's codes, receipts, digital signatures and own kinds?

The letters themselves: ``storage.letters``. Times are UTC ms.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import Connection, delete, func, select, update

from storage.database import insert
from storage.tables import (
    letter_code,
    letter_own_kind,
    letter_receipt,
    letter_signature,
)

Row = Mapping[str, Any]


def put_code(connection: Connection, row: Row) -> None:
    """Give a member a new code for a letter; an earlier one is void."""
    statement = insert(connection, letter_code).values(dict(row))
    names = ("code_mac", "mark", "tries", "expires_at", "used_at")
    connection.execute(
        statement.on_conflict_do_update(
            index_elements=["unit_id", "letter_id", "staff_id"],
            set_={name: statement.excluded[name] for name in names},
        )
    )


def codes_of(
    connection: Connection, unit_id: str, staff_id: str
) -> list[dict[str, Any]]:
    """Return the codes of one member that were not used, newest first."""
    query = select(letter_code).where(
        letter_code.c.unit_id == unit_id,
        letter_code.c.staff_id == staff_id,
        letter_code.c.used_at.is_(None),
    )
    ordered = query.order_by(letter_code.c.expires_at.desc())
    return [dict(row) for row in connection.execute(ordered).mappings()]


def use_code(connection: Connection, row: Row, at: int) -> bool:
    """Use a code up; False when it was used or replaced meanwhile."""
    done = connection.execute(
        update(letter_code)
        .where(
            letter_code.c.unit_id == row["unit_id"],
            letter_code.c.letter_id == row["letter_id"],
            letter_code.c.staff_id == row["staff_id"],
            letter_code.c.code_mac == row["code_mac"],
            letter_code.c.used_at.is_(None),
        )
        .values(used_at=at)
    )
    return done.rowcount == 1


def miss(connection: Connection, unit_id: str, staff_id: str) -> None:
    """Count a wrong try against every open code of a member."""
    connection.execute(
        update(letter_code)
        .where(
            letter_code.c.unit_id == unit_id,
            letter_code.c.staff_id == staff_id,
            letter_code.c.used_at.is_(None),
        )
        .values(tries=letter_code.c.tries + 1)
    )


def add_receipt(connection: Connection, row: Row) -> None:
    """Keep who received a letter on paper."""
    connection.execute(letter_receipt.insert().values(dict(row)))


def receipt(
    connection: Connection, unit_id: str, letter_id: str
) -> dict[str, Any] | None:
    """Return who received a letter on paper, if that was noted by a form."""
    query = select(letter_receipt).where(
        letter_receipt.c.unit_id == unit_id, letter_receipt.c.letter_id == letter_id
    )
    row = connection.execute(query).mappings().first()
    return dict(row) if row is not None else None


def put_signature(connection: Connection, row: Row) -> None:
    """Keep how a version of a letter was signed; a later try replaces a failed one."""
    statement = insert(connection, letter_signature).values(dict(row))
    names = ("person_id", "file_id", "form_file_id", "level", "reason", "by", "at")
    connection.execute(
        statement.on_conflict_do_update(
            index_elements=["unit_id", "letter_id", "version"],
            set_={name: statement.excluded[name] for name in names},
        )
    )


def signature(
    connection: Connection, unit_id: str, letter_id: str, version: int
) -> dict[str, Any] | None:
    """Return how a version of a letter was signed digitally, if it was tried."""
    query = select(letter_signature).where(
        letter_signature.c.unit_id == unit_id,
        letter_signature.c.letter_id == letter_id,
        letter_signature.c.version == version,
    )
    row = connection.execute(query).mappings().first()
    return dict(row) if row is not None else None


def own_kinds(connection: Connection, unit_id: str) -> list[dict[str, Any]]:
    """Return every version of a unit's own kinds, oldest version first."""
    query = select(letter_own_kind).where(letter_own_kind.c.unit_id == unit_id)
    ordered = query.order_by(letter_own_kind.c.code, letter_own_kind.c.version)
    return [dict(row) for row in connection.execute(ordered).mappings()]


def newest_kind(connection: Connection, unit_id: str, code: str) -> int:
    """Return the newest version of an own kind, 0 for none."""
    query = select(func.max(letter_own_kind.c.version)).where(
        letter_own_kind.c.unit_id == unit_id, letter_own_kind.c.code == code
    )
    return int(connection.execute(query).scalar() or 0)


def add_kind(connection: Connection, row: Row) -> bool:
    """Insert a version of an own kind; False when it is there."""
    statement = insert(connection, letter_own_kind).values(dict(row))
    return connection.execute(statement.on_conflict_do_nothing()).rowcount == 1


def offer_kind(
    connection: Connection, unit_id: str, code: str, *, is_offered: bool
) -> None:
    """Offer a kind for new letters, or no more; letters that are there keep it."""
    connection.execute(
        update(letter_own_kind)
        .where(letter_own_kind.c.unit_id == unit_id, letter_own_kind.c.code == code)
        .values(is_offered=is_offered)
    )


def forget(connection: Connection, unit_id: str, person_id: str) -> None:
    """Drop receipts and signed papers of an erased person."""
    for table in (letter_receipt, letter_signature):
        connection.execute(
            delete(table).where(
                table.c.unit_id == unit_id, table.c.person_id == person_id
            )
        )
