"""Which pictures of citizens do staff see in a topic? Only where whole texts may go.

Never of a matter that stays inside, by its kind, by its words or by the words that came
with the picture (handlers.staff.disclosure).
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from typing import Any

from sqlalchemy import Connection

from bot.desk.rows import DeskRows
from bot.desk.sources import Loaded, Sources
from bot.desk.ticket import UnitDesk
from handlers.files.kinds import JPEG, PNG, WEBP
from handlers.staff.disclosure import Content, is_sealed
from storage import desk, desk_files
from storage.desk import FILE_CAUSE
from storage.keys import InvalidTag
from storage.vault import PersonVault

A_ROUND = 5
SHOWN = frozenset(one.media_type for one in (JPEG, PNG, WEBP))
"""Pictures of which a copy without the place is made."""
MOST_BYTES = 10 * 1024 * 1024
"""Telegram takes no larger photo (PLATFORMS.md 4.1)."""

Row = Mapping[str, Any]


class Pictures:
    """Passes pictures on; called every round."""

    def __init__(
        self,
        sources: Sources,
        rows_for: Callable[[UnitDesk, PersonVault, str], DeskRows],
        plan: Callable[[DeskRows], Awaitable[None]],
    ) -> None:
        self._sources = sources
        self._rows_for = rows_for
        self._plan = plan

    async def show(self, unit_desk: UnitDesk) -> None:
        """Show what is new; raises StorageError."""
        if unit_desk.content is not Content.FULL:
            return
        unit_id = unit_desk.unit.unit_id
        found = await self._sources.database.read(
            lambda c: desk_files.untold(c, unit_id, A_ROUND)
        )
        newest = {row["file_id"]: row for row in reversed(found)}
        for row in reversed(newest.values()):
            loaded = await self._sources.load(unit_desk, row["handover_id"])
            if loaded is not None:
                await self._one(unit_desk, loaded, row)

    async def _one(self, unit_desk: UnitDesk, loaded: Loaded, row: Row) -> None:
        """What is not shown is marked: it is not looked at again every second."""
        found, file_id = loaded.matter, row["file_id"]
        rows = self._rows_for(unit_desk, found.vault, FILE_CAUSE + file_id)
        rows.name_topic(found.ticket.ref, found.title)
        say = unit_desk.unit.services.words.say
        may_show = found.ticket.may_show_files
        if may_show and await self._may_leave(unit_desk, loaded, row):
            if row["media_type"] in SHOWN and (row["size"] or 0) <= MOST_BYTES:
                caption = say("desk.picture", code=found.ticket.code)
                rows.show_file(found.ticket.ref, file_id, caption)
            else:
                rows.post(found.ticket.ref, say("desk.file", code=found.ticket.code))
        rows.mark([file_id])
        await self._plan(rows)

    async def _may_leave(self, unit_desk: UnitDesk, loaded: Loaded, row: Row) -> bool:
        """Whether the words that came with it say nothing that stays inside."""
        found, unit_id = loaded.matter, unit_desk.unit.unit_id
        whose, at = row["person_id"], row["created_at"]
        if loaded.is_quiet or await self._sources.is_kept(unit_desk, whose, at):
            return False

        def work(c: Connection) -> tuple[str, bytes | None]:
            item_id = desk_files.caption_item(c, unit_id, row["event_id"])
            return item_id, desk.sealed_item(c, unit_id, item_id)

        item_id, sealed = await self._sources.database.read(work)
        if sealed is None:
            return True
        try:
            texts = found.vault.open(sealed, item_id)["texts"]
        except InvalidTag:
            return False
        return not is_sealed(found.reason, str(texts.get("text", "")))
