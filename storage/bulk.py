"""How do many rows go in at once? Compiled once, then straight to the driver.

On SQLite the acknowledgement path spends more on preparing parameters than on
writing them; PostgreSQL's driver pipelines what SQLAlchemy hands it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from sqlalchemy import Connection, sql
from sqlalchemy.dialects import sqlite

CHUNKS = (64, 16, 4, 3, 2, 1)
"""Rows a statement: few different texts, so that each is prepared only once."""


class Bulk:
    """One INSERT of named columns for many rows."""

    def __init__(self, statement: sql.Insert, columns: tuple[str, ...]) -> None:
        self.statement = statement
        compiled = statement.compile(
            dialect=sqlite.dialect(), column_keys=list(columns)
        )
        self.order = tuple(compiled.positiontup or columns)
        row = "(" + ", ".join("?" * len(self.order)) + ")"
        head, tail = str(compiled).split(f"VALUES {row}")
        self.sql = {
            size: f"{head}VALUES {', '.join([row] * size)}{tail}" for size in CHUNKS
        }


def bulk(
    connection: Connection, insert: Bulk, rows: Sequence[Mapping[str, Any]]
) -> int:
    """Insert the rows; return how many the engine says it added (-1: unknown).

    On SQLite many rows go in one statement: the driver gives up the interpreter
    lock once a statement, and waits for it behind the event loop each time.
    """
    if connection.dialect.name != "sqlite":
        full = [{name: row.get(name) for name in insert.order} for row in rows]
        return connection.execute(insert.statement, full).rowcount
    cursor = connection.connection.cursor()
    added: int = sum(
        cursor.execute(
            insert.sql[len(part)],
            [row.get(name) for row in part for name in insert.order],
        ).rowcount
        for part in _parts(rows)
    )
    cursor.close()
    return added


def _parts(
    rows: Sequence[Mapping[str, Any]],
) -> Iterator[Sequence[Mapping[str, Any]]]:
    start = 0
    for size in CHUNKS:
        while len(rows) - start >= size:
            yield rows[start : start + size]
            start += size
