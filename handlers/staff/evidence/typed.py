"""Has every column of the log still its type? SQLite keeps whatever somebody writes.

Asked first: what comes after reads the rows as what they should be. The entries
themselves, a million, are looked at as they are read.
"""

from __future__ import annotations

from collections.abc import Iterator

from sqlalchemy import Column, Connection, LargeBinary, String, Table, func, select

from handlers.staff.evidence.report import Report
from storage.database import is_postgres
from storage.tables import (
    evidence_checkpoint,
    evidence_head,
    evidence_key,
    evidence_stamp,
    evidence_tile,
)

TABLES = (
    evidence_head,
    evidence_key,
    evidence_checkpoint,
    evidence_stamp,
    evidence_tile,
)


def check_types(connection: Connection, unit_id: str, report: Report) -> bool:
    """Name each column with a value of another type; whether there is none."""
    if is_postgres(connection):
        return True
    found = [
        f"bảng {table.name}, cột {column.name}: bị đổi kiểu dữ liệu"
        for table in TABLES
        for column in _changed(connection, unit_id, table)
    ]
    for fault in found:
        report.fault(fault)
    return not found


def _changed(
    connection: Connection, unit_id: str, table: Table
) -> Iterator[Column[object]]:
    for column in table.c:
        other = func.typeof(column).not_in([_kind(column), "null"])
        query = select(func.count()).where(table.c.unit_id == unit_id, other)
        if connection.execute(query).scalar_one():
            yield column


def _kind(column: Column[object]) -> str:
    """Return SQLite's word for the type; flags and instants are integers."""
    if isinstance(column.type, LargeBinary):
        return "blob"
    return "text" if isinstance(column.type, String) else "integer"
