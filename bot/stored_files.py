"""How do the bytes of a sealed file get into a message? Opened when it is sent.

They are held in memory, as the copy without the place where it was taken; every opening
is proved like any other look (handlers.staff.files.looking).
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, replace

from bot.channels.results import Reason, Refused
from bot.installation import Installation
from handlers.model import Channel, Media, Reply
from handlers.staff.files.desk import FilesDesk
from handlers.staff.files.errors import FilesError
from handlers.staff.files.looking import opened
from storage.database import Database
from storage.file_folder import FileFolder
from storage.ids import Ids
from storage.vault import Vault

GONE = Refused("file", Reason.MEDIA)


@dataclass(frozen=True, slots=True)
class UnitFiles:
    """The sealed files of one unit, for what goes out on one of its channels.

    ``by`` names that channel in the evidence; ``now_ms`` gives UTC milliseconds.
    """

    database: Database
    vault: Vault
    folder: FileFolder
    ids: Ids
    now_ms: Callable[[], int]
    by: str

    def on(self, channel: Channel) -> UnitFiles:
        """Return the same for another channel."""
        return replace(self, by=channel.value)

    async def read(self, media: Media) -> Media:
        """Return it with its bytes; raises FilesError."""
        desk = FilesDesk(
            self.database, self.vault, self.folder, self.ids, self.now_ms, self.by
        )
        look = await opened(desk, media.stored)
        data = await asyncio.to_thread(lambda: b"".join(look.chunks))
        return replace(media, data=data, name=media.name or f"tep{look.suffix}")


def files_of(installation: Installation) -> dict[str, UnitFiles]:
    """Return what opens the sealed files of each unit, for its staff's channel."""
    folder = FileFolder(installation.files_folder)
    return {
        unit_id: UnitFiles(
            installation.database,
            Vault(unit_id, installation.ring.unit(unit_id)),
            folder,
            installation.ids,
            installation.clock.now_ms,
            Channel.TELEGRAM.value,
        )
        for unit_id in installation.config.units
    }


async def filled(files: UnitFiles | None, part: Reply) -> Reply | Refused:
    """Return a message with the bytes of its sealed file, if it has one."""
    media = part.media
    if media is None or not media.stored:
        return part
    if files is None:
        return GONE
    try:
        return replace(part, media=await files.read(media))
    except FilesError:
        return GONE
