"""Who is where in the console, how far is a long work, which cards are out of date?

``name`` is a keyed hash of what is looked at, or the name of a work; a row counts until
``until``, so a process that dies holds nothing for long.
"""

from __future__ import annotations

from sqlalchemy import Table

from storage.tables.base import instant, key, metadata, text, unit

console_lease = Table(
    "console_lease",
    metadata,
    unit(),
    key("name"),
    key("holder", 40),
    instant("until"),
    sqlite_with_rowid=False,
)

desk_card = Table(
    "desk_card",
    metadata,
    unit(),
    key("ref"),
    instant("asked_at"),
    sqlite_with_rowid=False,
)
"""Hand-overs whose card on the staff channels does not show the newest step."""

case_recount = Table(
    "case_recount",
    metadata,
    unit(),
    text("facts", 16),
    text("after", 32, nullable=True),
    sqlite_with_rowid=False,
)
"""Up to which case deadlines were worked out under which calendar; None: all were."""
