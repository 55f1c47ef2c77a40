"""May a letter be sent on a platform now, and where do its pictures lie?

Implements handlers.staff.letters.ports over bot.policy, the platforms' own cuts and the
folder of sealed files.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection

from bot.case_mail import PLANS
from bot.codec import dump_reply
from bot.letters_sealed import SealedFiles
from bot.policy import WINDOWS, Allow, Request, decide
from handlers.model import Channel, Media, Reply
from handlers.staff.letters.ports import Picture, Reach
from storage import desk_files, people
from storage.file_folder import FileFolder
from storage.ids import Ids
from storage.keys import UnitKeys
from storage.outbox import Priority
from storage.vault import PersonVault

NAME = "thiep.png"


class LetterRoad:
    """The platforms' rules for what we start."""

    def verdict(self, reach: Reach, now: datetime, *, is_stopped: bool) -> str:
        """Return "" when a letter may be sent now, else the code of the reason."""
        channel = Channel(reach.channel) if reach.channel in WINDOWS else None
        if channel is None:
            return "no_chat"
        request = Request(
            channel=channel,
            priority=Priority.LETTER,
            human=False,
            last_inbound=reach.last_inbound,
            opted_out=reach.is_opted_out,
            started_by_us=reach.started_by_us,
            celebrations_stopped=is_stopped,
        )
        found = decide(request, now)
        return "" if isinstance(found, Allow) else found.code

    def parts(self, channel: str, reply: Reply) -> Sequence[Mapping[str, Any]]:
        """Return what the platform takes as one message each."""
        return [dump_reply(part) for part in PLANS[Channel(channel)](reply)]


@dataclass(frozen=True, slots=True)
class SealedPictures:
    """The folder of sealed files of one unit."""

    folder: FileFolder
    keys: UnitKeys
    ids: Ids
    now_ms: Callable[[], int]

    async def keep(
        self, vault: PersonVault, data: bytes, letter_id: str, number: int
    ) -> Picture:
        """Seal a PNG for a person; raises FilesFullError."""
        files = SealedFiles(self.folder, self.keys, self.ids, self.now_ms)
        about = (letter_id, number)
        kept = await files.keep(vault, data, NAME, "image/png", about)
        media = Media("image", name=NAME, stored=kept.file_id)
        return Picture(media, kept.row, kept.item)

    def write(self, connection: Connection, picture: Picture) -> None:
        """Write the rows of a picture in the caller's transaction."""
        people.add_items(connection, [picture.item])
        desk_files.keep(connection, picture.file)
