"""Who is where in the console, which work is under way, which cards are out of date?

``name`` is a keyed hash of what is looked at, or the name of a work; a row counts until
``until``, so a process that dies holds nothing for long.
"""

from __future__ import annotations

from sqlalchemy import Table

from storage.tables.base import instant, key, metadata, unit

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
