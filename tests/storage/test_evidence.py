"""Are leaves final, canonical, hashed as RFC 6962 says, and untouchable?"""

from __future__ import annotations

import hashlib
import json
from typing import Any

import pytest
import rfc8785
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import Connection, select, text
from sqlalchemy.exc import DBAPIError

from storage import evidence
from storage.database import Database
from storage.evidence import Entry, iso_ms, leaf_hash
from storage.tables import evidence_entry
from tests.storage.rows import UNIT

FULL = Entry(
    unit_id="xa-thu",
    entry_id="00000000000000000000000000000001",
    at=1795395600004,
    tag="citizen:message:received",
    subject="e1",
    person="p1",
    item="i1",
    data={"channel": "zalo", "size": 3, "human": False},
    sealed={"text": "ab" * 32},
)
FULL_LEAF = (
    b'{"at":"2026-11-23T01:00:00.004Z",'
    b'"data":{"channel":"zalo","human":false,"size":3},'
    b'"id":"00000000000000000000000000000001","item":"i1","person":"p1",'
    b'"sealed":{"text":"abababababababababababababababab'
    b'abababababababababababababababab"},'
    b'"subject":"e1","tag":"citizen:message:received","unit":"xa-thu","v":1}'
)
FULL_HASH = "32cdd686f8e57211fc617c584e1ad3fa08c17dd8e70f8759a10f00fc1af354e0"
BARE = Entry("xa-thu", "2", 0, "system:token:lost", "zalo")
BARE_LEAF = (
    b'{"at":"1970-01-01T00:00:00.000Z","data":{},"id":"2","subject":"zalo",'
    b'"tag":"system:token:lost","unit":"xa-thu","v":1}'
)
BARE_HASH = "c4705d6e4f7f11579741a0954d189243fe9129b02ba96ee8280c55b9d0c7f4a5"

CODES = st.text(max_size=20)
ENTRIES = st.builds(
    Entry,
    unit_id=CODES,
    entry_id=CODES,
    at=st.integers(0, 2**43),
    tag=CODES,
    subject=CODES,
    person=CODES,
    item=CODES,
    data=st.dictionaries(
        CODES,
        st.booleans() | CODES | st.integers(-(2**53) + 1, 2**53 - 1),
        max_size=4,
    ),
    sealed=st.dictionaries(CODES, CODES, max_size=3),
)


@pytest.mark.parametrize(
    ("entry", "leaf", "digest"),
    [(FULL, FULL_LEAF, FULL_HASH), (BARE, BARE_LEAF, BARE_HASH)],
    ids=["full", "bare"],
)
def test_the_bytes_of_a_leaf_are_final(entry: Entry, leaf: bytes, digest: str) -> None:
    """These bytes are what courts and strangers will hash: they never change."""
    assert leaf == entry.leaf()
    assert digest == leaf_hash(leaf).hex()
    assert digest == hashlib.sha256(b"\x00" + leaf).hexdigest()


@given(ENTRIES)
def test_a_leaf_is_canonical_and_tells_everything(entry: Entry) -> None:
    """RFC 8785 of the parsed leaf is the leaf; every field can be read from it."""
    leaf = entry.leaf()
    value = json.loads(leaf)

    assert rfc8785.dumps(value) == leaf
    assert value["v"] == 1
    assert (value["unit"], value["id"], value["tag"]) == (
        entry.unit_id,
        entry.entry_id,
        entry.tag,
    )
    assert value["data"] == dict(entry.data)
    assert value.get("person", "") == entry.person
    assert value.get("item", "") == entry.item
    assert value.get("sealed", {}) == dict(entry.sealed)


@given(ENTRIES, ENTRIES)
def test_different_entries_have_different_leaves(one: Entry, two: Entry) -> None:
    """No two entries share bytes, so a hash stands for one entry only."""
    assert (one == two) == (one.leaf() == two.leaf())


def test_the_row_repeats_the_leaf_in_columns() -> None:
    """Columns are for search; the leaf is what counts."""
    row = FULL.row()

    assert (row["leaf"], row["leaf_hash"].hex()) == (FULL_LEAF, FULL_HASH)
    assert (row["unit_id"], row["entry_id"], row["at"]) == (
        FULL.unit_id,
        FULL.entry_id,
        FULL.at,
    )
    assert (row["tag"], row["subject"]) == (FULL.tag, FULL.subject)
    assert Entry("u", "1", 0, "t", "").row()["subject"] is None


@pytest.mark.parametrize(
    ("at", "expected"),
    [
        (0, "1970-01-01T00:00:00.000Z"),
        (999, "1970-01-01T00:00:00.999Z"),
        (1795395600004, "2026-11-23T01:00:00.004Z"),
        (253402300799999, "9999-12-31T23:59:59.999Z"),
    ],
)
def test_times_are_utc_to_the_millisecond(at: int, expected: str) -> None:
    """Three digits of milliseconds always, and a Z."""
    assert expected == iso_ms(at)


async def test_entries_about_a_thing_come_oldest_first(database: Database) -> None:
    """about() finds the entries of the named subjects in the order of their ids."""
    rows = [Entry(UNIT, f"{n}", n, "t", s).row() for n, s in enumerate("abac")]
    await database.write(lambda c: evidence.append(c, rows))
    await database.write(lambda c: evidence.append(c, []))

    found = await database.read(lambda c: evidence.about(c, UNIT, ["a", "c"]))
    assert [row["entry_id"] for row in found] == ["0", "2", "3"]
    assert found[0]["leaf"] == rows[0]["leaf"]
    assert await database.read(evidence.newest_at) == 3


async def test_an_empty_log_has_no_newest_entry(database: Database) -> None:
    """newest_at() of an empty log is None."""
    assert await database.read(evidence.newest_at) is None


FORGERIES = {
    "update": "UPDATE evidence_entry SET tag = 'x' WHERE entry_id = '2'",
    "same": "UPDATE evidence_entry SET tag = tag",
    "delete": "DELETE FROM evidence_entry WHERE entry_id = '2'",
    "delete_all": "DELETE FROM evidence_entry",
    "duplicate": (
        "INSERT INTO evidence_entry SELECT unit_id, entry_id, at, 'x', subject,"
        " leaf, leaf_hash FROM evidence_entry"
    ),
}
SQLITE_FORGERIES = {
    "replace": (
        "INSERT OR REPLACE INTO evidence_entry SELECT unit_id, entry_id, at, 'x',"
        " subject, leaf, leaf_hash FROM evidence_entry"
    ),
    "upsert": (
        "INSERT INTO evidence_entry SELECT unit_id, entry_id, at, 'x', subject,"
        " leaf, leaf_hash FROM evidence_entry WHERE true"
        " ON CONFLICT DO UPDATE SET tag = 'x'"
    ),
    "update_replace": "UPDATE OR REPLACE evidence_entry SET entry_id = '1'",
}
POSTGRES_FORGERIES = {
    "truncate": "TRUNCATE evidence_entry",
    "upsert": (
        "INSERT INTO evidence_entry SELECT unit_id, entry_id, at, 'x', subject,"
        " leaf, leaf_hash FROM evidence_entry"
        " ON CONFLICT (unit_id, entry_id) DO UPDATE SET tag = 'x'"
    ),
}


async def refuse(database: Database, forgery: str) -> None:
    """Try a forgery on two entries; it must fail and leave both as they were."""
    rows = [Entry(UNIT, str(n), n, "t", "s").row() for n in (1, 2)]
    await database.write(lambda c: evidence.append(c, rows))

    def forge(connection: Connection) -> None:
        connection.execute(text(forgery))

    with pytest.raises(DBAPIError):
        await database.write(forge)
    assert await database.read(everything) == rows


def everything(connection: Connection) -> list[dict[str, Any]]:
    """Return all entries."""
    query = select(evidence_entry).order_by(evidence_entry.c.entry_id)
    return [dict(row) for row in connection.execute(query).mappings()]


@pytest.mark.parametrize("forgery", FORGERIES.values(), ids=FORGERIES)
async def test_the_database_refuses_to_change_the_past(
    database: Database, forgery: str
) -> None:
    """Update, delete and overwriting fail, even of one row, even without effect."""
    await refuse(database, forgery)


@pytest.mark.parametrize("forgery", SQLITE_FORGERIES.values(), ids=SQLITE_FORGERIES)
async def test_sqlite_has_no_back_door(sqlite_database: Database, forgery: str) -> None:
    """REPLACE, which deletes without a DELETE trigger, is refused too."""
    await refuse(sqlite_database, forgery)


@pytest.mark.postgres
@pytest.mark.parametrize("forgery", POSTGRES_FORGERIES.values(), ids=POSTGRES_FORGERIES)
async def test_postgres_has_no_back_door(
    postgres_database: Database, forgery: str
) -> None:
    """TRUNCATE and upserts are refused too."""
    await refuse(postgres_database, forgery)
