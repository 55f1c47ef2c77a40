"""What do the tests of backups share? An office whose citizens wrote and sent files."""

from __future__ import annotations

import asyncio
import os
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, select

from bot import installation
from bot.config import load_config
from bot.installation import Installation, files_folder
from storage import inbox, tables
from storage.file_folder import FileFolder
from storage.vault import PersonVault
from tests.bot.cli.conftest import Office
from tests.storage.people import LUA, SON, Citizen, settle, webhook
from tests.storage.rows import CHANNEL, UNIT, digest

Rows = dict[str, list[tuple[Any, ...]]]
SIZE = 300_000


def lived_in(office: Office, url: str, size: int = SIZE) -> None:
    """Prepare an office on a database; Lụa and Sơn wrote, and sent a file each."""
    units = office.document["units"]
    units[UNIT] = units.pop("thanh-ha")
    places = {"key_file": "data/keys/vault.key", "files": "data/files"}
    office.document["storage"] = places | {"url": url, "spool": "data/spool"}
    office.prepare()
    asyncio.run(_live(office.path, size))


async def _live(path: Path, size: int) -> None:
    async with installation.open_installation(load_config(path)) as opened:
        await opened.database.write(lambda c: _write(c, opened, size))


def _write(connection: Connection, opened: Installation, size: int) -> None:
    folder = FileFolder(files_folder(opened.config))
    inbox.store(connection, [webhook(opened.ring, "both", LUA, SON)])
    for citizen in (LUA, SON):
        vault = settle(connection, opened.ring, opened.ids, citizen)
        send_file(connection, folder, vault, citizen, size)


def send_file(
    connection: Connection,
    folder: FileFolder,
    vault: PersonVault,
    citizen: Citizen,
    size: int,
) -> None:
    """Let a citizen send a stored file of so many random bytes."""
    name = digest(citizen.person_id)
    draft = folder.draft()
    draft.write(os.urandom(size))
    draft.finish(vault, name)
    folder.publish(draft, UNIT, name)
    row = {"unit_id": UNIT, "file_id": name, "person_id": citizen.person_id}
    row |= {"item_id": "i", "event_id": name, "kind": "image", "state": "stored"}
    row |= {"channel": CHANNEL, "content_mac": name}
    numbers = ("position", "attempts", "available_at", "created_at", "updated_at")
    connection.execute(
        tables.received_file.insert(), row | dict.fromkeys(numbers, 1) | {"size": size}
    )


def everything(path: Path) -> Rows:
    """Return every row of every table, in the order of the keys."""

    def read(connection: Connection) -> Rows:
        found = {}
        for table in tables.metadata.sorted_tables:
            query = select(table).order_by(*table.primary_key.columns)
            found[table.name] = [tuple(row) for row in connection.execute(query)]
        return found

    async def work() -> Rows:
        async with installation.open_installation(load_config(path)) as opened:
            return await opened.database.read(read)

    return asyncio.run(work())


def on_disk(folder: Path) -> dict[str, bytes]:
    """Return the sealed files below a folder."""
    return {p.name: p.read_bytes() for p in folder.glob("*/??/*")}


def moved(office: Office, folder: Path) -> Path:
    """Return a configuration of the restored folder with the same key."""
    storage = office.document["storage"]
    key = str(office.folder / "data" / "keys" / "vault.key")
    office.document["storage"] = {
        "url": f"sqlite:///{folder / 'than-thien.db'}",
        "key_file": key,
    }
    old, office.path = office.path, office.folder / f"{folder.name}.yml"
    office.write()
    new, office.path = office.path, old
    office.document["storage"] = storage
    return new
