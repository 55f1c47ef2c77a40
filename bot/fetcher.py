"""How does a citizen's file come from the platform to our disk? Claimed, then kept.

Downloaded, recognised and sealed under a temporary name, read back through the virus
scanner, fsynced, renamed; only then the row says that it is stored. A kill at any
moment leaves the row wanted and it is fetched again when its lease ends.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from typing import Any

import structlog
from sqlalchemy import Connection

from bot.claimer import Claimer
from bot.clock import Clock
from bot.config import Config, Unit
from bot.config_files import Files
from bot.fetch_addresses import Places
from bot.fetch_download import Downloader
from bot.fetch_intake import MEGABYTE, Intake, limit_mb
from bot.fetch_log import ATTEMPTS, FetchLog
from bot.fetch_results import (
    Fetched,
    FetchResult,
    Later,
    Lost,
    Unfit,
    UnfitFileError,
)
from bot.fetch_scan import Scanner, ScannerAwayError
from bot.metrics import Metrics
from bot.runtime import UnitRuntime
from handlers.model import Channel
from storage import files
from storage.database import Database
from storage.errors import (
    ErasedError,
    FileDamagedError,
    FilesFullError,
    LeaseLostError,
    StorageError,
)
from storage.file_folder import Draft, FileFolder
from storage.files import Row
from storage.keys import InvalidTag
from storage.vault import PersonVault

FETCHES = 4
LEASE_SPARE_MS = 300_000
"""Beyond the download: a scan, the disk, and waiting for the database."""
TROUBLE_SECONDS = 60.0
NOWHERE = Places(())
"""A channel that is not in the configuration any more."""
GROUPS = ("image", "audio", "video", "file")

log = structlog.get_logger("files")


class Fetcher(Claimer):
    """Fetches the files of every unit of this process, a few at a time."""

    def __init__(
        self,
        config: Config,
        database: Database,
        units: Mapping[str, UnitRuntime],
        folder: FileFolder,
        downloader: Downloader,
        scanner: Scanner,
        fetch_log: FetchLog,
        clock: Clock,
        metrics: Metrics,
        owner: str,
    ) -> None:
        super().__init__(FETCHES, "files")
        self._sizes = config.files
        self._places = {key: places(unit) for key, unit in config.units.items()}
        self._database = database
        self._units = units
        self._folder = folder
        self._downloader = downloader
        self._scanner = scanner
        self._fetch_log = fetch_log
        self._clock = clock
        self._metrics = metrics
        self._owner = owner
        self._lease_ms = int(config.files.timeout_seconds * 1000) + LEASE_SPARE_MS

    async def start(self) -> None:
        """On the embedded database nobody else can hold a file: take all back."""
        if self._database.is_embedded:
            now = self._clock.now_ms()
            await self._database.write(lambda c: files.wake_stranded(c, now))

    async def stop(self) -> None:
        """End at once and put back what was on its way."""
        self.close()
        running = tuple(self._tasks)
        for task in running:
            task.cancel()
        await asyncio.gather(*running, return_exceptions=True)
        await self._downloader.close()
        if running:
            now = self._clock.now_ms()
            await self._database.write(lambda c: files.put_back(c, self._owner, now))

    async def _claim_up_to(self, free: int) -> bool:
        now = self._clock.now_ms()
        if not await self._database.read(lambda c: files.is_due(c, now)):
            return False

        def work(connection: Connection) -> list[Row]:
            return files.claim(
                connection,
                owner=self._owner,
                now=now,
                lease_until=now + self._lease_ms,
                limit=free,
            )

        rows = await self._database.write(work)
        for row in rows:
            self._spawn(self._row(row))
        return bool(rows)

    async def _row(self, row: Row) -> None:
        try:
            await self._handle(row)
        except LeaseLostError:
            log.info("file_not_ours", file=row["file_id"])
        except StorageError as error:
            log.warning("file_dropped", error=type(error).__name__)

    async def _handle(self, row: Row) -> None:
        unit = self._units.get(row["unit_id"])
        if unit is None:
            await self._fetch_log.later(
                row, Later("unit", TROUBLE_SECONDS, counts=False)
            )
            return
        try:
            vault = unit.vault.unwrap(row["person_id"], row["wrapped_key"])
        except (ErasedError, InvalidTag) as error:
            log.warning("file_without_key", error=type(error).__name__)
            await self._fetch_log.later(
                row, Later("key", TROUBLE_SECONDS, counts=False)
            )
            return
        source = _opened(vault, row)
        result = await self._try(row, vault, source) if source else Lost("sealed")
        if isinstance(result, Later) and result.counts and row["attempts"] >= ATTEMPTS:
            result = Lost(f"gave_up:{result.reason}")
        await self._end(row, vault, source, result)
        self._note(row, result)

    async def _try(
        self, row: Row, vault: PersonVault, source: Mapping[str, Any]
    ) -> FetchResult:
        draft: Draft | None = None
        try:
            draft = await asyncio.to_thread(self._folder.draft)
            return await self._fetch(row, vault, str(source.get("url", "")), draft)
        except UnfitFileError as error:
            return error.unfit
        except FilesFullError:
            return Later("disk_full", TROUBLE_SECONDS, counts=False)
        except ScannerAwayError:
            return Later("scanner_away", TROUBLE_SECONDS, counts=False)
        except FileDamagedError:
            return Later("damaged")
        except Exception as error:
            log.exception(
                "fetch_failed", file=row["file_id"], error=type(error).__name__
            )
            return Later("bug")
        finally:
            if draft is not None:
                await asyncio.to_thread(draft.drop)

    async def _fetch(
        self, row: Row, vault: PersonVault, url: str, draft: Draft
    ) -> FetchResult:
        here = self._places[row["unit_id"]].get(row["channel"], NOWHERE)
        intake = Intake(draft, row["kind"], self._sizes)
        most = _most(self._sizes) * MEGABYTE
        failure = await self._downloader.fetch(url, here, most, intake.take)
        if failure is not None:
            return failure
        kind = await intake.end()
        name = vault_name(self._units[row["unit_id"]], vault, draft.sha256)
        await asyncio.to_thread(draft.finish, vault, name)
        if not await self._scanner.is_clean(draft.read(vault, name)):
            return Unfit("virus")
        await asyncio.to_thread(self._folder.publish, draft, row["unit_id"], name)
        return Fetched(draft.size, draft.sha256, name, kind.media_type)

    async def _end(
        self,
        row: Row,
        vault: PersonVault,
        source: Mapping[str, Any],
        result: FetchResult,
    ) -> None:
        if isinstance(result, Fetched):
            await self._fetch_log.stored(row, vault, source, result)
        elif isinstance(result, Unfit):
            await self._fetch_log.refused(row, vault, source, result)
        elif isinstance(result, Lost):
            await self._fetch_log.gone(row, vault, source, result)
        else:
            await self._fetch_log.later(row, result)

    def _note(self, row: Row, result: FetchResult) -> None:
        name = type(result).__name__.lower()
        self._metrics.files.labels(row["channel"], name).inc()
        fields: dict[str, Any] = {"unit": row["unit_id"], "file": row["file_id"]}
        if isinstance(result, Fetched):
            self._metrics.file_bytes.inc(result.size)
        else:
            fields["reason"] = result.reason
        log.info("fetched", result=name, **fields)


def vault_name(unit: UnitRuntime, vault: PersonVault, sha256: str) -> str:
    """Return the file's name: equal bytes of one person have one, of two have two."""
    return unit.vault.keys.mac("file", f"{vault.person_id}:{sha256}")


def places(unit: Unit) -> dict[str, Places]:
    """Return where files of each channel of a unit may lie."""
    found: dict[str, Places] = {}
    zalo, facebook = unit.channels.zalo, unit.channels.facebook
    if zalo is not None:
        found[Channel.ZALO.value] = Places(tuple(zalo.file_hosts), zalo.api_base)
    if facebook is not None:
        hosts = tuple(facebook.file_hosts)
        found[Channel.FACEBOOK.value] = Places(hosts, facebook.graph_base)
    return found


def _opened(vault: PersonVault, row: Row) -> dict[str, Any]:
    try:
        found: dict[str, Any] = vault.open(row["sealed"] or b"", row["item_id"])
    except InvalidTag:
        return {}
    return found


def _most(sizes: Files) -> int:
    return max(limit_mb(sizes, group) for group in GROUPS)
