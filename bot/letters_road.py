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
from storage import desk_files, people
from storage.file_folder import FileFolder
from storage.file_states import FileState
from storage.ids import Ids
from storage.keys import UnitKeys
from storage.outbox import Priority
from storage.vault import PersonVault, commit

NAME = "thiep.png"
OURS = "letter"
"""The channel of a picture that no citizen sent: it is not told to staff."""


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
        return await asyncio.to_thread(self._kept, vault, data, letter_id, number)

    def write(self, connection: Connection, picture: Picture) -> None:
        """Write the rows of a picture in the caller's transaction."""
        people.add_items(connection, [picture.item])
        desk_files.keep(connection, picture.file)

    def _kept(
        self, vault: PersonVault, data: bytes, letter_id: str, number: int
    ) -> Picture:
        draft = self.folder.draft()
        try:
            draft.write(data)
            name = self.keys.mac("file", f"{vault.person_id}:{draft.sha256}")
            draft.finish(vault, name)
            self.folder.publish(draft, vault.unit_id, name)
            about = {
                "event_id": letter_id,
                "position": number,
                "size": len(data),
                "content_mac": name,
            }
            return self._picture(vault, draft.sha256, about)
        finally:
            draft.drop()

    def _picture(
        self, vault: PersonVault, sha256: str, about: Mapping[str, Any]
    ) -> Picture:
        now, file_id, item_id = self.now_ms(), self.ids.new(), self.ids.new()
        salt = commit(sha256).salt.hex()
        facts = {"name": NAME, "texts": {"sha256": sha256}, "salts": {"sha256": salt}}
        shared = {"unit_id": vault.unit_id, "person_id": vault.person_id}
        sealed = vault.seal(facts, item_id)
        item = {"item_id": item_id, "kind": "file", "sealed": sealed, "created_at": now}
        row = {
            "file_id": file_id,
            "item_id": item_id,
            "channel": OURS,
            "kind": "image",
            "state": FileState.STORED.value,
            "attempts": 1,
            "available_at": now,
            "owner": None,
            "media_type": "image/png",
            "reason": None,
            "created_at": now,
            "updated_at": now,
        }
        media = Media("image", name=NAME, stored=file_id)
        return Picture(media, {**shared, **row, **about}, {**shared, **item})
