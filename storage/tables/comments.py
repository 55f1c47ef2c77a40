"""Which comments under the page's posts did we see, and what became of each?"""

from __future__ import annotations

from sqlalchemy import Index, Table

from storage.tables.base import instant, key, metadata, text, unit

page_comment = Table(
    "page_comment",
    metadata,
    unit(),
    key("comment_mac"),
    text("person_id", 32, nullable=True),
    text("event_id", 32, nullable=True),
    text("handover_id", 32, nullable=True),
    text("state", 12),
    instant("commented_at"),
    instant("answered_at", nullable=True),
    instant("updated_at"),
    Index("ix_page_comment_person", "unit_id", "person_id", "answered_at"),
)
