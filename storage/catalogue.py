"""Which procedures does a unit know, layer by layer and version by version?

Documents are kept by the hash of their text; an import is a full listing of codes;
the head of a layer points at the import in force. Only SQL here: what the texts
mean is decided in handlers.staff.catalogue.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import Connection, Table, delete, or_, select, update
from sqlalchemy.sql.elements import ColumnElement

from storage.database import insert
from storage.tables import (
    catalogue_document,
    catalogue_head,
    catalogue_import,
    catalogue_row,
)

APART = ("words:", "hours:", "counters:")
"""How the layers begin that hold sentences, hours or counters, no procedures."""


DOCUMENT = (catalogue_document.c.unit_id == catalogue_row.c.unit_id) & (
    catalogue_document.c.digest == catalogue_row.c.digest
)
"""Joins a row to its text."""


def listed(imports: Table) -> ColumnElement[bool]:
    """Return what joins heads or imports to the rows they list."""
    return (catalogue_row.c.unit_id == imports.c.unit_id) & (
        catalogue_row.c.import_id == imports.c.import_id
    )


def is_apart(layer: str) -> bool:
    """Whether a layer holds something else than procedures."""
    return layer.startswith(APART)


def heads(connection: Connection, unit_id: str) -> dict[str, str]:
    """Return layer -> import in force."""
    query = select(catalogue_head.c.layer, catalogue_head.c.import_id).where(
        catalogue_head.c.unit_id == unit_id
    )
    return {row.layer: row.import_id for row in connection.execute(query)}


def head_sources(
    connection: Connection, unit_ids: Sequence[str], layer: str
) -> dict[str, str]:
    """Return unit -> source of the import in force in that layer."""
    query = (
        select(catalogue_head.c.unit_id, catalogue_import.c.source)
        .join(
            catalogue_import,
            (catalogue_import.c.unit_id == catalogue_head.c.unit_id)
            & (catalogue_import.c.import_id == catalogue_head.c.import_id),
        )
        .where(
            catalogue_head.c.unit_id.in_(list(unit_ids)),
            catalogue_head.c.layer == layer,
        )
    )
    return {row.unit_id: row.source for row in connection.execute(query)}


def digests(connection: Connection, unit_id: str, import_id: str) -> dict[str, str]:
    """Return code -> document hash of one import; empty for an unknown import."""
    query = select(catalogue_row.c.code, catalogue_row.c.digest).where(
        catalogue_row.c.unit_id == unit_id, catalogue_row.c.import_id == import_id
    )
    return {row.code: row.digest for row in connection.execute(query)}


def bodies(connection: Connection, unit_id: str) -> list[tuple[str, str, str]]:
    """Return (layer, code, text) of everything in force, in no order."""
    query = (
        select(catalogue_head.c.layer, catalogue_row.c.code, catalogue_document.c.body)
        .join(catalogue_row, listed(catalogue_head))
        .join(catalogue_document, DOCUMENT)
        .where(catalogue_head.c.unit_id == unit_id, ~_is_apart(catalogue_head))
    )
    return [(row.layer, row.code, row.body) for row in connection.execute(query)]


def add_rows(
    connection: Connection,
    unit_id: str,
    import_id: str,
    rows: Sequence[tuple[str, str]],
) -> None:
    """List (code, hash) under an import that no head points at yet."""
    if rows:
        values = [
            {"unit_id": unit_id, "import_id": import_id, "code": code, "digest": digest}
            for code, digest in rows
        ]
        connection.execute(catalogue_row.insert(), values)


def add_documents(
    connection: Connection, unit_id: str, documents: Mapping[str, str]
) -> None:
    """Keep texts by their hash; what is there already stays as it is."""
    if documents:
        values = [
            {"unit_id": unit_id, "digest": digest, "body": body}
            for digest, body in documents.items()
        ]
        statement = insert(connection, catalogue_document).on_conflict_do_nothing()
        connection.execute(statement, values)


def add_import(connection: Connection, row: Mapping[str, Any]) -> None:
    """Note one import: unit, id, layer, source, counts (JSON), created_at."""
    connection.execute(catalogue_import.insert(), dict(row))


def move_head(
    connection: Connection, row: Mapping[str, Any], expected: str | None
) -> bool:
    """Point a layer at an import if it still points where ``expected`` says.

    ``expected`` None means that the layer had no import. Returns whether it moved.
    """
    if expected is None:
        statement = insert(connection, catalogue_head).values(dict(row))
        done = connection.execute(statement.on_conflict_do_nothing())
        return done.rowcount == 1
    move = (
        update(catalogue_head)
        .where(
            catalogue_head.c.unit_id == row["unit_id"],
            catalogue_head.c.layer == row["layer"],
            catalogue_head.c.import_id == expected,
        )
        .values(import_id=row["import_id"], updated_at=row["updated_at"])
    )
    return connection.execute(move).rowcount == 1


def versions(
    connection: Connection, unit_id: str, limit: int = 50
) -> list[dict[str, Any]]:
    """Return the imports of a unit, newest first."""
    query = (
        select(catalogue_import)
        .where(catalogue_import.c.unit_id == unit_id, ~_is_apart(catalogue_import))
        .order_by(catalogue_import.c.import_id.desc())
        .limit(limit)
    )
    return [dict(row) for row in connection.execute(query).mappings()]


def versions_of(
    connection: Connection, unit_id: str, layer: str, limit: int
) -> list[dict[str, Any]]:
    """Return the imports of one layer, newest first."""
    query = (
        select(catalogue_import)
        .where(catalogue_import.c.unit_id == unit_id, catalogue_import.c.layer == layer)
        .order_by(catalogue_import.c.import_id.desc())
        .limit(limit)
    )
    return [dict(row) for row in connection.execute(query).mappings()]


def bodies_of(connection: Connection, unit_id: str, code: str) -> list[tuple[str, str]]:
    """Return (layer, text) of one procedure in force."""
    found = []
    for layer, import_id in heads(connection, unit_id).items():
        query = select(catalogue_row.c.digest).where(
            catalogue_row.c.unit_id == unit_id,
            catalogue_row.c.import_id == import_id,
            catalogue_row.c.code == code,
        )
        digest = connection.execute(query).scalar_one_or_none()
        if digest and not is_apart(layer):
            found.append((layer, document(connection, unit_id, digest)))
    return found


def document(connection: Connection, unit_id: str, digest: str) -> str:
    """Return a text by its hash, "" for none."""
    query = select(catalogue_document.c.body).where(
        catalogue_document.c.unit_id == unit_id, catalogue_document.c.digest == digest
    )
    return str(connection.execute(query).scalar_one_or_none() or "")


def _is_apart(table: Table) -> ColumnElement[bool]:
    """Sentences lie on the same shelves (storage/wording.py), and are no procedures."""
    return or_(*(table.c.layer.like(f"{name}%") for name in APART))


def drop_abandoned(connection: Connection, unit_id: str, before: str) -> int:
    """Delete listings of imports that were cut off; ids before ``before`` only.

    Returns the number of rows. An import still under way is younger than that.
    """
    finished = select(catalogue_import.c.import_id).where(
        catalogue_import.c.unit_id == unit_id
    )
    statement = delete(catalogue_row).where(
        catalogue_row.c.unit_id == unit_id,
        catalogue_row.c.import_id < before,
        catalogue_row.c.import_id.not_in(finished),
    )
    return int(connection.execute(statement).rowcount)
