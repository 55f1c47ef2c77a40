"""Which words stand where? Keyed hashes of folded words, so that staff can search.

``kind`` is "case" or "talk", ``ref`` a case's or a person's id. No word lies in the
open, and the rows of a person go with the person.
"""

from __future__ import annotations

from sqlalchemy import Index, Table

from storage.tables.base import key, metadata, text, unit

desk_search = Table(
    "desk_search",
    metadata,
    unit(),
    key("token", 16),
    key("kind", 4),
    key("ref"),
    text("person_id", 32),
    Index("ix_desk_search_person", "unit_id", "person_id"),
    sqlite_with_rowid=False,
)

desk_search_mark = Table(
    "desk_search_mark",
    metadata,
    unit(),
    text("item_id", 32),
)
"""Up to which vault item the words of a unit are known."""
