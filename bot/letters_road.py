"""May a letter be sent on a platform now, and where do its pictures lie?

Implements handlers.staff.letters.ports over bot.policy, the platforms' own cuts and the
folder of sealed files.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection

from bot.case_mail import PLANS
from bot.codec import dump_reply
from bot.policy import WINDOWS, Allow, Request, decide
from handlers.model import Channel, Media, Reply
from handlers.staff.letters.ports import Picture, Reach
from storage import files, people
from storage.file_folder import FileFolder
from storage.file_states import FileState
from storage.ids import Ids
from storage.keys import UnitKeys
from storage.outbox import Priority
from storage.vault import PersonVault, commit

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
        self, vault: PersonVault, data: bytes, letter_id: str, channel: str
    ) -> Picture:
        """Seal a PNG for a person; raises FilesFullError."""
        return await asyncio.to_thread(self._kept, vault, data, letter_id, channel)

    def write(self, connection: Connection, picture: Picture) -> None:
        """Write the rows of a picture in the caller's transaction."""
        people.add_items(connection, [picture.item])
        files.want(connection, [picture.file])

    def _kept(
        self, vault: PersonVault, data: bytes, letter_id: str, channel: str
    ) -> Picture:
        draft = self.folder.draft()
        try:
            draft.write(data)
            name = self.keys.mac("file", f"{vault.person_id}:{draft.sha256}")
            draft.finish(vault, name)
            self.folder.publish(draft, vault.unit_id, name)
            return self._picture(vault, draft.sha256, len(data), name, letter_id, channel)
        finally:
            draft.drop()
