"""Which procedures does a unit know? Imports are versions, a head points at one."""

from __future__ import annotations

from sqlalchemy import Column, Table, Text

from storage.tables.base import instant, key, metadata, text, unit

catalogue_document = Table(
    "catalogue_document",
    metadata,
    unit(),
    key("digest", 64),
    Column("body", Text, nullable=False),
)

catalogue_import = Table(
    "catalogue_import",
    metadata,
    unit(),
    key("import_id"),
    text("layer", 16),
    text("source", 200),
    Column("counts", Text, nullable=False),
    instant("created_at"),
)

catalogue_row = Table(
    "catalogue_row",
    metadata,
    unit(),
    key("import_id"),
    key("code", 40),
    text("digest", 64),
)

catalogue_head = Table(
    "catalogue_head",
    metadata,
    unit(),
    key("layer", 16),
    text("import_id", 32),
    instant("updated_at"),
)
