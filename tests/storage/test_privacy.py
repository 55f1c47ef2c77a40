"""Does no name, word, platform id or token lie in the open, in any file or column?"""

from __future__ import annotations

import base64
from collections.abc import Iterator
from functools import partial
from pathlib import Path

import pytest
from sqlalchemy import Connection, String, Table, Text, select

from storage import inbox
from storage.database import Database
from storage.ids import Ids
from storage.keys import KeyRing
from storage.spool import Spool
from storage.sqlite import SqliteDatabase
from storage.tables import metadata
from storage.vault import Vault
from tests.storage.people import LUA, SON, Citizen, secrets, settle, webhook
from tests.storage.rows import UNIT, content

TOKEN = "tokenTHATnobodyMAYread0123456789"
MARKERS = (*LUA.markers, *SON.markers, TOKEN)
LONGEST_CODE = 200
# Our own sentences for staff, filled with numbers and codes only (scheduler/digest).
SENTENCES_OF_OURS = {
    ("notice", "words"),
    ("greeting", "words"),
    ("zbs_template", "params"),
    ("zbs_choice", "fields"),
}


def disguises(marker: str) -> Iterator[bytes]:
    """Return the ways in which a text may lie in bytes."""
    plain = marker.encode()
    yield plain
    yield marker.encode("utf-16-le")
    yield marker.encode("unicode_escape")
    yield plain.hex().encode()
    for cut in range(3):
        # Base64 shifts with the place in the stream; the middle is always the same.
        yield base64.b64encode(plain[cut:])[4:-4]


def leaks(heap: bytes) -> list[str]:
    """Return the markers that can be found in some bytes."""
    return [m for m in MARKERS if any(form in heap for form in disguises(m))]


def test_the_search_itself_finds_what_is_hidden() -> None:
    """Each disguise of each marker is found, so a clean result means something."""
    for marker in MARKERS:
        for form in disguises(marker):
            assert leaks(b"\x00\x01" + form + b"\x02") == [marker]


async def full_round(database: Database, ring: KeyRing, ids: Ids) -> None:
    """Write everything: webhooks, two talks, proof, sends, tokens, notices."""

    def work(connection: Connection) -> None:
        inbox.store(
            connection, [webhook(ring, "b1", LUA, SON), webhook(ring, "b2", SON)]
        )
        for citizen in (LUA, SON):
            settle(connection, ring, ids, citizen)
        secrets(connection, ring, TOKEN)

    await database.write(work)


async def test_the_sqlite_files_give_nothing_away(
    sqlite_database: SqliteDatabase, sqlite_url: str, ring: KeyRing, ids: Ids
) -> None:
    """Neither the file nor its log holds a name, a word, a platform id or a token."""
    await full_round(sqlite_database, ring, ids)
    path = Path(sqlite_url.removeprefix("sqlite:///"))
    wal = content(path.with_name(path.name + "-wal"))
    assert len(wal) > 10_000
    await sqlite_database.truncate_wal()

    assert leaks(wal) == []
    assert leaks(content(path)) == []


async def test_no_column_gives_anything_away(
    database: Database, ring: KeyRing, ids: Ids
) -> None:
    """A dump of every column of every table holds none of them on either engine."""
    await full_round(database, ring, ids)

    def dump(connection: Connection) -> dict[str, bytes]:
        return {t.name: _dump(connection, t) for t in metadata.sorted_tables}

    tables = await database.read(dump)
    filled = {name for name, heap in tables.items() if heap}
    assert {"person", "identity", "vault_item", "conversation", "handover"} <= filled
    assert {"inbox_body", "inbox_event", "outbox", "evidence_entry", "token"} <= filled
    assert leaks(b"".join(tables.values())) == []


def _dump(connection: Connection, table: Table) -> bytes:
    rows = connection.execute(select(table))
    return b"\n".join(
        value if isinstance(value, bytes) else str(value).encode()
        for row in rows
        for value in row
    )


async def test_a_spool_file_gives_nothing_away(tmp_path: Path, ring: KeyRing) -> None:
    """Webhooks that wait in a file are sealed like those in the database."""
    Spool(tmp_path).write("1", [webhook(ring, "b1", LUA, SON)])

    assert leaks((tmp_path / "1.spool").read_bytes()) == []


async def test_with_the_key_everything_is_there(
    database: Database, ring: KeyRing, ids: Ids
) -> None:
    """The counter-test: the same rows open to the words under the right key."""
    await full_round(database, ring, ids)
    person, item = metadata.tables["person"], metadata.tables["vault_item"]

    def words(connection: Connection, citizen: Citizen) -> str:
        mine = person.c.person_id == citizen.person_id
        key = connection.execute(select(person.c.wrapped_key).where(mine)).scalar_one()
        row = connection.execute(
            select(item).where(item.c.person_id == citizen.person_id)
        ).one()
        vault = Vault(UNIT, ring.unit(UNIT)).unwrap(citizen.person_id, key)
        return str(vault.open(row.sealed, row.item_id)["texts"]["text"])

    for citizen in (LUA, SON):
        found = await database.read(partial(words, citizen=citizen))
        assert found == citizen.words


@pytest.mark.parametrize("table", metadata.sorted_tables, ids=lambda t: t.name)
def test_no_table_has_room_for_a_text(table: Table) -> None:
    """Open columns are short codes; long open text is the public catalogue alone."""
    for column in table.columns:
        if (table.name, column.name) in SENTENCES_OF_OURS:
            continue
        if isinstance(column.type, Text):
            assert table.name.startswith("catalogue_")
        elif column.type.python_type is str:
            assert isinstance(column.type, String)
            assert column.type.length is not None
            assert column.type.length <= LONGEST_CODE
