"""Where do papers and pictures of letters lie? Sealed under their person's key."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection

from storage import desk_files, people
from storage.file_folder import FileFolder
from storage.file_states import FileState
from storage.ids import Ids
from storage.keys import UnitKeys
from storage.vault import PersonVault, commit

OURS = "letter"
"""The channel of a file that no citizen sent: it is not told to staff."""


@dataclass(frozen=True, slots=True)
class Kept:
    """A sealed file; its rows are still to be written."""

    file_id: str
    row: dict[str, Any]
    item: dict[str, Any]

    def write(self, connection: Connection) -> None:
        """Write the rows in the caller's transaction."""
        people.add_items(connection, [self.item])
        desk_files.keep(connection, self.row)


@dataclass(frozen=True, slots=True)
class SealedFiles:
    """The folder of sealed files of one unit; ``now_ms`` gives UTC milliseconds."""

    folder: FileFolder
    keys: UnitKeys
    ids: Ids
    now_ms: Callable[[], int]

    async def keep(
        self,
        vault: PersonVault,
        data: bytes,
        name: str,
        media_type: str,
        about: tuple[str, int] | None = None,
    ) -> Kept:
        """Seal bytes for a person; raises FilesFullError.

        ``about`` names what it came with, new for each try; by default only itself.
        """
        return await asyncio.to_thread(self._kept, vault, data, name, media_type, about)

    def _kept(
        self,
        vault: PersonVault,
        data: bytes,
        name: str,
        media_type: str,
        about: tuple[str, int] | None,
    ) -> Kept:
        draft = self.folder.draft()
        try:
            draft.write(data)
            place = self.keys.mac("file", f"{vault.person_id}:{draft.sha256}")
            draft.finish(vault, place)
            self.folder.publish(draft, vault.unit_id, place)
            row = self._row(vault, media_type, about) | {
                "size": len(data),
                "content_mac": place,
            }
            return Kept(row["file_id"], row, self._item(vault, row, draft.sha256, name))
        finally:
            draft.drop()

    def _row(
        self, vault: PersonVault, media_type: str, about: tuple[str, int] | None
    ) -> dict[str, Any]:
        now, file_id = self.now_ms(), self.ids.new()
        event_id, position = about or (file_id, 0)
        return {
            "unit_id": vault.unit_id,
            "person_id": vault.person_id,
            "file_id": file_id,
            "item_id": self.ids.new(),
            "event_id": event_id,
            "position": position,
            "channel": OURS,
            "kind": "image" if media_type.startswith("image/") else "file",
            "state": FileState.STORED.value,
            "attempts": 1,
            "available_at": now,
            "owner": None,
            "media_type": media_type,
            "reason": None,
            "created_at": now,
            "updated_at": now,
        }

    def _item(
        self, vault: PersonVault, row: dict[str, Any], sha256: str, name: str
    ) -> dict[str, Any]:
        salt = commit(sha256).salt.hex()
        facts = {"name": name, "texts": {"sha256": sha256}, "salts": {"sha256": salt}}
        return {
            "unit_id": vault.unit_id,
            "person_id": vault.person_id,
            "item_id": row["item_id"],
            "kind": "file",
            "sealed": vault.seal(facts, row["item_id"]),
            "created_at": row["created_at"],
        }
