"""Who belongs to which group, and how do we know that they agreed to be greeted so?

A tag joins a random id with a group; it goes with the person (storage.erasure).
"""

from __future__ import annotations

from sqlalchemy import Index, Table

from storage.tables.base import instant, key, metadata, text, unit

person_tag = Table(
    "person_tag",
    metadata,
    unit(),
    key("person_id"),
    key("tag", 24),
    text("source", 12),
    text("source_ref", 64),
    text("consent", 12),
    text("consent_day", 10),
    text("added_by", 40),
    instant("added_at"),
    Index("ix_person_tag_tag", "unit_id", "tag", "person_id"),
)
