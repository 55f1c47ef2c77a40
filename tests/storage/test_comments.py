"""What is known of comments, once each, and what is left when a person is erased?"""

from __future__ import annotations

from typing import Any

from sqlalchemy import Connection

from storage import comments
from storage.database import Database

UNIT = "u1"


def row(mac: str, person: str | None = "p1", **more: Any) -> dict[str, Any]:
    """Return a comment's row."""
    basic: dict[str, Any] = {
        "unit_id": UNIT,
        "comment_mac": mac,
        "person_id": person,
        "event_id": "e1",
        "handover_id": "h1",
        "state": "shown",
        "commented_at": 1000,
        "answered_at": None,
        "updated_at": 1000,
    }
    return basic | more


async def test_a_comment_is_added_once(database: Database) -> None:
    """The second time the row that stands there comes back, unchanged."""

    def work(connection: Connection) -> None:
        assert comments.add(connection, row("a")) is None
        again = comments.add(connection, row("a", "p2"))
        assert again is not None
        assert again["person_id"] == "p1"

    await database.write(work)


async def test_who_was_answered_lately(database: Database) -> None:
    """By person, from an instant on; a comment without an answer does not count."""

    def work(connection: Connection) -> None:
        comments.add(connection, row("a", answered_at=2000))
        comments.add(connection, row("b", "p2"))
        found = [
            comments.is_answered_since(connection, UNIT, person, since)
            for person, since in (("p1", 2000), ("p1", 2001), ("p2", 0))
        ]
        assert found == [True, False, False]

    await database.write(work)


async def test_an_erased_person_leaves_only_that_the_comment_was_seen(
    database: Database,
) -> None:
    """No id leads to anybody; told once more it begins nothing anew."""

    def work(connection: Connection) -> None:
        comments.add(connection, row("a"))
        comments.add(connection, row("b", "p2"))
        comments.forget(connection, UNIT, "p1")
        left = comments.add(connection, row("a"))
        assert left is not None
        ids = [left[name] for name in ("person_id", "event_id", "handover_id")]
        assert (ids, left["state"]) == ([None] * 3, "removed")
        other = comments.find(connection, UNIT, "b")
        assert other is not None
        assert other["person_id"] == "p2"

    await database.write(work)
