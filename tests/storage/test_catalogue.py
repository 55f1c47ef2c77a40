"""Do listings, documents and heads of the catalogue hold together?"""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import Connection

from storage import catalogue
from storage.database import Database

UNIT, OTHER = "xa-a", "xa-b"


def head(import_id: str, unit: str = UNIT, layer: str = "base") -> dict[str, Any]:
    """A row of the head table."""
    return {"unit_id": unit, "layer": layer, "import_id": import_id, "updated_at": 1}


def version(import_id: str, unit: str = UNIT, source: str = "s") -> dict[str, Any]:
    """A row of the import table."""
    return {
        "unit_id": unit,
        "import_id": import_id,
        "layer": "base",
        "source": source,
        "counts": "{}",
        "created_at": 1,
    }


def put(
    connection: Connection, import_id: str, texts: dict[str, str], unit: str = UNIT
) -> None:
    """Store a version of (code -> text); the hash is the text with a sign."""
    catalogue.add_documents(connection, unit, {f"#{t}": t for t in texts.values()})
    rows = [(code, f"#{text}") for code, text in texts.items()]
    catalogue.add_rows(connection, unit, import_id, rows)
    catalogue.add_import(connection, version(import_id, unit))


async def test_only_the_head_is_in_force(database: Database) -> None:
    """Texts are read through the head; other versions and units stay unseen."""

    def work(connection: Connection) -> None:
        put(connection, "v1", {"1": "one", "2": "two"})
        put(connection, "v2", {"1": "uno"})
        put(connection, "v1", {"9": "nine"}, OTHER)
        assert catalogue.move_head(connection, head("v1"), None)
        assert catalogue.move_head(connection, head("v2"), "v1")
        assert catalogue.move_head(connection, head("v1", OTHER), None)

    await database.write(work)

    assert await database.read(lambda c: catalogue.bodies(c, UNIT)) == [
        ("base", "1", "uno")
    ]
    assert await database.read(lambda c: catalogue.digests(c, UNIT, "v1")) == {
        "1": "#one",
        "2": "#two",
    }
    assert await database.read(lambda c: catalogue.heads(c, OTHER)) == {"base": "v1"}


@pytest.mark.parametrize("expected", [None, "v0"])
async def test_head_moves_only_from_where_it_was_seen(
    database: Database, expected: str | None
) -> None:
    """A head that moved meanwhile is left alone and the caller is told."""
    await database.write(lambda c: catalogue.move_head(c, head("v1"), None))

    moved = await database.write(lambda c: catalogue.move_head(c, head("v2"), expected))

    assert moved is False
    assert await database.read(lambda c: catalogue.heads(c, UNIT)) == {"base": "v1"}


async def test_a_text_is_kept_once(database: Database) -> None:
    """Two versions that share a text share its document."""

    def twice(connection: Connection) -> list[tuple[str, str, str]]:
        put(connection, "v1", {"1": "same"})
        put(connection, "v2", {"1": "same", "2": "new"})
        catalogue.move_head(connection, head("v2"), None)
        return sorted(catalogue.bodies(connection, UNIT))

    assert await database.write(twice) == [
        ("base", "1", "same"),
        ("base", "2", "new"),
    ]


async def test_cut_off_listings_are_dropped_and_others_stay(
    database: Database,
) -> None:
    """Only old listings without a version go; younger ones may be under way."""

    def work(connection: Connection) -> int:
        put(connection, "01", {"1": "one"})
        for import_id in ("02", "08"):
            catalogue.add_rows(connection, UNIT, import_id, [("1", "#one")])
        catalogue.add_rows(connection, OTHER, "02", [("1", "#one")])
        return catalogue.drop_abandoned(connection, UNIT, "05")

    assert await database.write(work) == 1

    def left(connection: Connection) -> list[dict[str, str]]:
        listings = ((UNIT, "01"), (UNIT, "08"), (OTHER, "02"))
        return [catalogue.digests(connection, unit, i) for unit, i in listings]

    assert await database.read(left) == [{"1": "#one"}] * 3


async def test_sources_and_versions(database: Database) -> None:
    """The source in force is told by unit; versions come newest first."""

    def work(connection: Connection) -> None:
        for import_id, source in (("v1", "old"), ("v2", "new")):
            catalogue.add_import(connection, version(import_id, source=source))
        catalogue.move_head(connection, head("v2"), None)

    await database.write(work)
    sources = await database.read(
        lambda c: catalogue.head_sources(c, [UNIT, OTHER], "base")
    )
    listed = await database.read(lambda c: catalogue.versions(c, UNIT))

    assert sources == {UNIT: "new"}
    assert [row["import_id"] for row in listed] == ["v2", "v1"]
