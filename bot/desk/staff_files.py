"""How does a file that an officer sends come to be kept before it goes to a citizen?

Fetched by its id, recognised by its bytes, scanned, sealed under the citizen's key and
renamed. Doing it again after a kill gives the same file; what no row names is swept.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass

from bot.channels.results import Refused
from bot.clock import Clock
from bot.config_files import Files
from bot.desk.adapters import StaffAdapter
from bot.desk.errors import NotKeptError
from bot.desk.kept_file import Kept, kept_file
from bot.desk.ticket import Matter, UnitDesk
from bot.fetch_intake import MEGABYTE, Intake
from bot.fetch_results import UnfitFileError
from bot.fetch_scan import Scanner, ScannerAwayError
from bot.fetcher import vault_name
from handlers.files.kinds import JPEG, PDF, PNG, FileType
from handlers.model import Channel
from handlers.staff.desk import StaffInbound
from storage.errors import FileDamagedError, FilesFullError
from storage.file_folder import Draft, FileFolder
from storage.ids import Ids

SECONDS = 7.0
"""The lane of the officer is held for ten seconds; then somebody else may take it."""
MOST_BYTES: dict[tuple[Channel, str], int] = {
    (Channel.ZALO, "image"): MEGABYTE,
    (Channel.ZALO, "file"): 5 * MEGABYTE,
}
"""What a platform takes less of than we (PLATFORMS 1.8)."""
OUTGOING = (JPEG, PNG, PDF)
FAILURES: Mapping[type[Exception], str] = {
    ScannerAwayError: "file_no_scanner",
    FilesFullError: "file_no_space",
    FileDamagedError: "file_away",
    TimeoutError: "file_away",
}


@dataclass(frozen=True, slots=True)
class StaffFiles:
    """The folder of sealed files and the scanner, for what officers send."""

    folder: FileFolder
    scanner: Scanner
    sizes: Files
    clock: Clock
    ids: Ids

    async def keep(
        self,
        unit_desk: UnitDesk,
        adapter: StaffAdapter,
        found: Matter,
        said: StaffInbound,
        event_id: str,
    ) -> Kept | str:
        """Return the kept file, or the name of the sentence that says why not."""
        if not adapter.has_topics:
            return "file_not_here"
        try:
            async with asyncio.timeout(SECONDS):
                return await self._keep(unit_desk, adapter, found, said, event_id)
        except NotKeptError as error:
            return str(error.args[0])
        except UnfitFileError as error:
            is_size = error.unfit.reason == "too_big"
            return "file_too_big" if is_size else "file_bad_type"
        except tuple(FAILURES) as error:
            return FAILURES[type(error)]

    async def _keep(
        self,
        unit_desk: UnitDesk,
        adapter: StaffAdapter,
        found: Matter,
        said: StaffInbound,
        event_id: str,
    ) -> Kept:
        data = await adapter.fetch(said.files[0])
        if isinstance(data, Refused) and data.code == "too-big":
            raise NotKeptError("file_too_big")
        if not isinstance(data, bytes):
            raise NotKeptError("file_away")
        draft = await asyncio.to_thread(self.folder.draft)
        try:
            kind = await self._take(draft, data, found.ticket.channel)
            name = vault_name(unit_desk.unit, found.vault, draft.sha256)
            await asyncio.to_thread(draft.finish, found.vault, name)
            if not await self.scanner.is_clean(draft.read(found.vault, name)):
                raise NotKeptError("file_virus")
            unit_id = unit_desk.unit.unit_id
            await asyncio.to_thread(self.folder.publish, draft, unit_id, name)
            return kept_file(
                found.vault,
                draft,
                name,
                kind,
                event_id=event_id,
                channel=said.channel.value,
                ids=self.ids,
                now=self.clock.now_ms(),
            )
        finally:
            await asyncio.to_thread(draft.drop)

    async def _take(self, draft: Draft, data: bytes, to: Channel) -> FileType:
        intake = Intake(draft, "file", self.sizes)
        await intake.take(data)
        kind = await intake.end()
        if kind not in OUTGOING:
            raise NotKeptError("file_bad_type")
        if len(data) > MOST_BYTES.get((to, kind.group), len(data)):
            raise NotKeptError("file_too_big")
        return kind
