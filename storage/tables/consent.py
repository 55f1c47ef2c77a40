"""Who agreed to what, when, and in which words? One row a yes or no, never changed.

The newest row of a person and purpose counts. ``words`` names the version of what was
read (e.g. ``privacy.notice:4``), ``by`` the member of staff who wrote it down, empty
when the citizen said it themselves. ``person_minor``: no age, only when it ends.
"""

from __future__ import annotations

from sqlalchemy import Boolean, Column, Index, Table

from storage.tables.base import instant, key, metadata, text, unit

consent_event = Table(
    "consent_event",
    metadata,
    unit(),
    key("consent_id"),
    text("person_id", 32),
    text("purpose", 24),
    Column("is_given", Boolean, nullable=False),
    Column("by_guardian", Boolean, nullable=False),
    text("channel", 16),
    text("words", 80),
    text("by", 40),
    instant("at"),
    Index("ix_consent_event_person", "unit_id", "person_id", "purpose", "at"),
    sqlite_with_rowid=False,
)

person_minor = Table(
    "person_minor",
    metadata,
    unit(),
    key("person_id"),
    instant("grown_at"),
    instant("noted_at"),
    sqlite_with_rowid=False,
)
