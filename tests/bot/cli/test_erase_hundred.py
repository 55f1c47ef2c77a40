"""When a hundred people ask to be forgotten: is one byte of them found anywhere?"""

from __future__ import annotations

import asyncio
import json
import random
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, select

from bot import installation
from bot.cli.backup import back_up
from bot.config import load_config
from bot.erasure import erase
from bot.installation import Installation, files_folder
from storage import inbox, tables
from storage.backup_file import read_frames, value_of
from storage.file_folder import FileFolder
from tests.bot.cli.backup_room import lived_in, on_disk, send_file
from tests.bot.cli.conftest import Office
from tests.storage.people import Citizen, settle, webhook
from tests.storage.rows import UNIT, content, digest

PEOPLE, ERASED = 120, 100
SEALED = ("identity", "vault_item", "conversation")


def citizens() -> list[Citizen]:
    """Return invented people, each with marks of their own."""
    dice = random.Random(20261125)  # noqa: S311  the same people every time
    return [
        Citizen(
            digest(f"person {n}"),
            f"77{dice.randrange(10**14):014d}",
            f"Phạm Thị Mẫu-{dice.randrange(10**9):09d}",
            f"ao nhà tôi số {dice.randrange(10**9):09d} ngập",
        )
        for n in range(PEOPLE)
    ]


def write(connection: Connection, opened: Installation, people: list[Citizen]) -> None:
    """Everybody writes, some in one webhook with a neighbour, and sends a file."""
    folder = FileFolder(files_folder(opened.config))
    for citizen in people:
        vault = settle(connection, opened.ring, opened.ids, citizen)
        send_file(connection, folder, vault, citizen, 500)
    pairs = zip(people[::2], people[1::2], strict=True)
    bodies = [webhook(opened.ring, f"b{n}", *two) for n, two in enumerate(pairs)]
    inbox.store(connection, bodies)


def traces(connection: Connection, root: Path) -> dict[str, list[bytes]]:
    """Return by person what would be theirs if it were found: keys, boxes, files."""
    found: dict[str, list[bytes]] = {}
    for name in SEALED:
        for row in connection.execute(select(tables.metadata.tables[name])).mappings():
            box = row["sealed_id" if name == "identity" else "sealed"]
            found.setdefault(row["person_id"], []).append(bytes(box))
    for row in connection.execute(select(tables.person)).mappings():
        if row["wrapped_key"]:
            found.setdefault(row["person_id"], []).append(bytes(row["wrapped_key"]))
    files = on_disk(root)
    for person_id, parts in found.items():
        if (name := digest(person_id)) in files:
            parts.append(files[name])
    return found


def opened_backup(opened: Installation, path: Path) -> Iterator[bytes]:
    """Yield all that whoever has the master key can read in a backup."""
    for kind, payload in read_frames(path, opened.ring.backup, opened.ring.fingerprint):
        if kind != "R":
            yield payload
            continue
        for row in value_of(payload)[2]:
            yield from (v if isinstance(v, bytes) else str(v).encode() for v in row)


async def erased_all(
    office: Office, people: list[Citizen], gone: list[Citizen]
) -> tuple[dict[str, list[bytes]], dict[str, bytes]]:
    """Erase; return the traces there were, and every place to search afterwards."""
    config = load_config(office.path)
    root = files_folder(config)
    async with installation.open_installation(config) as opened:
        await opened.database.write(lambda c: write(c, opened, people))
        before = await opened.database.read(lambda c: traces(c, root))
        for citizen in gone:
            await erase(opened, UNIT, citizen.person_id)
        out = office.folder / "after.ttb"
        await back_up(opened, out)
        backup = b"\0".join(opened_backup(opened, out))
    return before, {"backup": backup, "sealed backup": content(out)}


def heaps(office: Office) -> dict[str, bytes]:
    """Return what lies in the folders: database, log, files, list, export."""
    found = [p for p in office.folder.rglob("*") if p.is_file() and p.suffix != ".key"]
    return {str(p): content(p) for p in found}


def test_no_byte_of_a_hundred_people_is_found(office: Office) -> None:
    """Not in database, files, a backup made after, or an export; the log verifies."""
    lived_in(office, "sqlite:///data/a.db")
    people = citizens()
    dice = random.Random(7)  # noqa: S311  which hundred does not matter
    gone = dice.sample(people, ERASED)
    before, places = asyncio.run(erased_all(office, people, gone))
    code, _, err = office.run("evidence", "export", "--out", str(office.folder / "e"))
    assert code == 0, err
    places |= heaps(office)

    lost = {c.person_id: [*before[c.person_id], *marks(c)] for c in gone}
    found = [(p, w) for p, heap in places.items() for w in lost if hit(heap, lost[w])]
    assert found == []
    assert {len(before[c.person_id]) for c in people} == {5}
    everything = b"\0".join(places.values())
    stay = [c for c in people if c not in gone]
    assert all(part in everything for c in stay for part in before[c.person_id])
    code, out, err = office.run("evidence", "verify", "--json")
    verdict: dict[str, Any] = json.loads(out)
    assert (code, verdict["ok"], verdict["waiting"]) == (0, True, 0), err
    assert verdict["entries"] == PEOPLE + 2 + ERASED


def marks(citizen: Citizen) -> list[bytes]:
    """Return the open words of a person."""
    return [mark.encode() for mark in citizen.markers]


def hit(heap: bytes, parts: list[bytes]) -> bool:
    """Whether any of the parts is in the heap."""
    return any(part in heap for part in parts)
