"""What do the tests of fetching share? A road whose citizens send files."""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import Awaitable, Callable, Iterator
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path
from typing import Any

from bot.config import parse_config
from bot.fetch_download import Downloader
from bot.fetch_log import FetchLog
from bot.fetch_scan import NoScanner, Scanner
from bot.fetch_sweep import FileSweeper
from bot.fetch_told import Told
from bot.fetcher import Fetcher
from bot.runtime import Respond
from bot.sandbox.model import Act, ActKind, SandboxConfig
from bot.sandbox.webhook import facebook_event
from handlers.model import Conversation, Inbound, Outcome
from handlers.ports import Services
from messages.words import ChatWords
from storage import tables
from storage.database import Database
from storage.file_folder import FileFolder
from storage.vault import PersonVault
from tests.bot.file_server import FileServer
from tests.bot.support import (
    LANH,
    UNIT,
    Road,
    Row,
    World,
    document,
    echo,
    eventually,
)

Build = Callable[..., Awaitable[Road]]


def keeping(inbound: Inbound, talk: Conversation, services: Services) -> Outcome:
    """Keep every file, say nothing."""
    return replace(echo(inbound, talk, services), files=inbound.attachments)


class Gatekeeper:
    """A scanner that answers as told, after reading everything."""

    def __init__(self) -> None:
        self.seen: list[bytes] = []
        self.answers: list[bool | Exception] = []

    async def is_clean(self, chunks: Iterator[bytes]) -> bool:
        """Return or raise the next answer; clean when none is told."""
        self.seen.append(b"".join(chunks))
        answer = self.answers.pop(0) if self.answers else True
        if isinstance(answer, Exception):
            raise answer
        return answer


@dataclass(slots=True)
class FileRoad:
    """A road with a fetcher, and the server from which it fetches."""

    road: Road
    server: FileServer
    fetcher: Fetcher
    folder: FileFolder
    root: Path
    sweeper: FileSweeper
    settings: SandboxConfig
    task: asyncio.Task[None] | None = None
    sent: int = 0

    async def start(self) -> None:
        """Start the road without its senders, and the fetcher."""
        await self.road.start("ingest", "dispatcher")
        await self.fetcher.start()
        self.task = asyncio.create_task(self.fetcher.run())

    async def stop(self) -> None:
        """Stop the fetcher as the service does."""
        await self.fetcher.stop()
        if self.task is not None:
            await self.task

    async def close(self) -> None:
        """Free what a test left open."""
        await self.stop()
        await self.server.close()

    async def send(
        self, url: str, kind: ActKind = ActKind.IMAGE, user: str = ""
    ) -> None:
        """Let a citizen send a file; return when its row is there."""
        self.sent += 1
        act = Act(kind, url=url, name="anh.jpg")
        who = user or LANH.facebook_id
        request = facebook_event(
            self.settings, who, act=act, message_id=f"m_{self.sent}"
        )
        assert await self.road.post(request) == 200
        await eventually(self._is_planned)

    def advance(self, delta: timedelta) -> None:
        """Move the clock on; the fetcher looks at once."""
        self.road.clock.advance(delta)
        self.fetcher.wake()

    async def _is_planned(self) -> bool:
        return len(await self.rows()) >= self.sent

    async def rows(self) -> list[Row]:
        """Return the files, oldest first."""
        return await self.road.rows(tables.received_file)

    async def ended(self, number: int = 1) -> list[Row]:
        """Wait until so many files have reached an end; return them all."""

        async def done() -> list[Row]:
            found = await self.rows()
            over = [row for row in found if row["state"] != "wanted"]
            return found if len(over) >= number else []

        found: list[Row] = await eventually(done)
        return found

    async def delayed(self, reason: str) -> Row:
        """Wait until a file waits for that reason, nobody holding it."""

        async def found() -> Row | None:
            for row in await self.rows():
                if row["reason"] == reason and row["owner"] is None:
                    return row
            return None

        row: Row = await eventually(found)
        return row

    async def vault(self, person_id: str) -> PersonVault:
        """Return a person's key."""
        rows = await self.road.rows(tables.person, person_id=person_id)
        unit = self.road.units[UNIT]
        return unit.vault.unwrap(person_id, rows[0]["wrapped_key"])

    async def plain(self, row: Row) -> bytes:
        """Return what is stored of a file."""
        vault = await self.vault(row["person_id"])
        return b"".join(self.folder.read(vault, row["content_mac"]))

    async def facts(self, row: Row) -> dict[str, Any]:
        """Return what the vault says of a file."""
        items = await self.road.rows(tables.vault_item, item_id=row["item_id"])
        vault = await self.vault(row["person_id"])
        facts: dict[str, Any] = vault.open(items[0]["sealed"], row["item_id"])
        return facts

    def on_disk(self) -> list[Path]:
        """Return all files of the folder."""
        return [p for p in self.root.rglob("*") if p.is_file() and p.name != ".lock"]


async def build_file_road(
    build: Build,
    world: World,
    database: Database,
    tmp_path: Path,
    *,
    scanner: Scanner | None = None,
    files: Row | None = None,
    owner: str = "p1",
    respond: Respond = keeping,
) -> FileRoad:
    """Wire a road and its fetcher as bot.app does."""
    server = FileServer()
    await server.start()
    raw = document(world.settings, world.base) | {"files": files or {}}
    channels = raw["units"][UNIT]["channels"]
    for name in ("zalo", "facebook"):
        channels[name]["file_hosts"] = [server.base]
    config = parse_config(raw, {}, tmp_path)
    road = await build(database, respond=respond, config=config, owner=owner)
    holder: Any = road.units[UNIT].holder
    holder.services = replace(holder.services, words=ChatWords())
    root = tmp_path / "files"
    folder = FileFolder(root)
    told = Told(road.units, road.ids, lambda _: None)
    log = FetchLog(road.database, road.clock, road.ids, owner, told)
    fetcher = Fetcher(
        config,
        road.database,
        road.units,
        folder,
        Downloader(2.0),
        scanner or NoScanner(),
        log,
        road.clock,
        road.metrics,
        owner,
    )
    sweeper = FileSweeper(road.database, folder, [UNIT], road.clock)
    return FileRoad(road, server, fetcher, folder, root, sweeper, world.settings)


def sha256(data: bytes) -> str:
    """Return the hash, 64 hex digits."""
    return hashlib.sha256(data).hexdigest()
