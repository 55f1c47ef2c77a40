"""Which sentences did a unit write itself, version by version?

A layer of sentences is one document (JSON text) on the shelves of the catalogue: kept
by its hash, listed by an import, in force when the head points at it. So texts move,
come back and are copied to other processes exactly as procedures do.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

from sqlalchemy import Connection, select

from storage import catalogue
from storage.tables import (
    catalogue_document,
    catalogue_head,
    catalogue_import,
    catalogue_row,
)

CODE = "all"
"""The one document of a layer."""


@dataclass(frozen=True, slots=True)
class Version:
    """One version of a layer; ``made_at`` is UTC ms, ``note`` JSON text."""

    version_id: str
    made_at: int
    note: str
    body: str


def current(connection: Connection, unit_id: str, layer: str) -> tuple[str, str]:
    """Return (version, body) in force; ("", "") when nobody wrote anything."""
    query = (
        select(catalogue_head.c.import_id, catalogue_document.c.body)
        .join(catalogue_row, catalogue.listed(catalogue_head))
        .join(catalogue_document, catalogue.DOCUMENT)
        .where(catalogue_head.c.unit_id == unit_id, catalogue_head.c.layer == layer)
    )
    row = connection.execute(query).one_or_none()
    return (row.import_id, row.body) if row else ("", "")


def put(
    connection: Connection, unit_id: str, layer: str, new: Version, old: str
) -> bool:
    """Put a version in force if ``old`` ("" for none) still is; return whether."""
    digest = hashlib.sha256(new.body.encode()).hexdigest()
    head = {
        "unit_id": unit_id,
        "layer": layer,
        "import_id": new.version_id,
        "updated_at": new.made_at,
    }
    if not catalogue.move_head(connection, head, old or None):
        return False
    catalogue.add_documents(connection, unit_id, {digest: new.body})
    catalogue.add_rows(connection, unit_id, new.version_id, [(CODE, digest)])
    catalogue.add_import(
        connection,
        {
            "unit_id": unit_id,
            "import_id": new.version_id,
            "layer": layer,
            "source": "",
            "counts": new.note,
            "created_at": new.made_at,
        },
    )
    return True


def versions(
    connection: Connection, unit_id: str, layer: str, limit: int
) -> list[Version]:
    """Return the newest versions of a layer, newest first."""
    query = (
        select(
            catalogue_import.c.import_id,
            catalogue_import.c.created_at,
            catalogue_import.c.counts,
            catalogue_document.c.body,
        )
        .join(catalogue_row, catalogue.listed(catalogue_import))
        .join(catalogue_document, catalogue.DOCUMENT)
        .where(catalogue_import.c.unit_id == unit_id, catalogue_import.c.layer == layer)
        .order_by(catalogue_import.c.import_id.desc())
        .limit(limit)
    )
    return [
        Version(row.import_id, row.created_at, row.counts, row.body)
        for row in connection.execute(query)
    ]
