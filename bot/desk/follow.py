"""How do a hand-over, its topic and the bot's silence follow a case that moved on?

A case may be closed or opened again at the command line, in the console or by another
process; whoever did it need not know of staff channels.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace

from sqlalchemy import Connection

from bot.desk.case_step import room_of
from bot.desk.rows import DeskRows
from bot.desk.sources import Loaded, Sources
from bot.desk.talk import talk_row
from bot.desk.ticket import UnitDesk
from handlers.citizen import memory
from handlers.staff.handover import cards
from handlers.staff.handover.casework import CaseAt
from storage import conversations, desk, desk_cards, desk_notices, outbox
from storage.desk import State
from storage.errors import ConflictError
from storage.vault import PersonVault

A_ROUND = 5
SOMEBODY = "cán bộ ở bàn làm việc"
RowsFor = Callable[[UnitDesk, PersonVault, str], DeskRows]


class Follower:
    """Brings hand-overs to where their cases are; called every round."""

    def __init__(
        self, sources: Sources, rows_for: RowsFor, woken: Callable[[DeskRows], None]
    ) -> None:
        self._sources = sources
        self._rows_for = rows_for
        self._woken = woken

    async def follow(self, unit_desk: UnitDesk) -> None:
        """Close what ended, open what was opened again; raises StorageError."""
        unit_id = unit_desk.unit.unit_id

        def work(
            c: Connection,
        ) -> tuple[list[str], list[str], list[tuple[str, int]]]:
            over = desk_notices.ended(c, unit_id, A_ROUND)
            again = desk_notices.reopened(c, unit_id, A_ROUND)
            return over, again, desk_cards.asked(c, unit_id, A_ROUND)

        ended, reopened, asked = await self._sources.database.read(work)
        for ref in ended:
            with suppress(ConflictError):  # the citizen wrote, or somebody was faster
                await self._end(unit_desk, ref)
        for ref in reopened:
            with suppress(ConflictError):
                await self._reopen(unit_desk, ref)
        for ref, at in asked:
            await self._redraw(unit_desk, ref, at)

    async def _end(self, unit_desk: UnitDesk, ref: str) -> None:
        loaded = await self._sources.load(unit_desk, ref)
        if loaded is None:
            return
        found = loaded.matter
        rows = self._rows_for(unit_desk, found.vault, f"desk:x:{ref}")
        rows.name_topic(ref, found.title)
        if found.ticket.state is not State.WAITING:
            cards.show_ended(found.ticket, rows, unit_desk.unit.services.words)
        talk = replace(memory.settled(loaded.talk), muted_until=None)
        is_silent = loaded.talk.muted_until is not None
        now = self._sources.clock.now_ms()
        row = talk_row(unit_desk.unit.unit_id, loaded, talk, now) if is_silent else None
        await self._write(unit_desk, loaded, rows, State.CLOSED, row)

    async def _reopen(self, unit_desk: UnitDesk, ref: str) -> None:
        loaded = await self._sources.load(unit_desk, ref)
        room = room_of(self._sources, unit_desk, "telegram", is_reader=True)
        file = await self._sources.case_file(room, ref)
        if loaded is None or file is None:
            return
        found = loaded.matter
        # A case may be opened again more than once: its version tells which time.
        cause = f"desk:r:{ref}:{file.case.version}"
        rows = self._rows_for(unit_desk, found.vault, cause)
        rows.name_topic(ref, found.title)
        at = CaseAt(file.case, file.kind, room.by, frozenset())
        words = unit_desk.unit.services.words
        cards.show_again(found.ticket, at, rows, words)
        await self._write(unit_desk, loaded, rows, State.POSTED, None)

    async def _redraw(self, unit_desk: UnitDesk, ref: str, asked_at: int) -> None:
        """Show a matter as it stands after a step made elsewhere."""
        unit_id = unit_desk.unit.unit_id
        loaded = await self._sources.load(unit_desk, ref)
        rows = None
        if loaded is not None and loaded.matter.ticket.state in desk.OPEN:
            cause = f"desk:v:{ref}:{asked_at}"
            rows = self._rows_for(unit_desk, loaded.matter.vault, cause)
            rows.name_topic(ref, loaded.matter.title)
            await self._card(unit_desk, loaded, rows)

        def work(c: Connection) -> None:
            if desk_cards.drawn(c, unit_id, ref, asked_at) and rows is not None:
                desk.add_items(c, rows.items)
                outbox.plan(c, rows.rows)

        await self._sources.database.write(work)
        if rows is not None:
            self._woken(rows)

    async def _card(self, unit_desk: UnitDesk, loaded: Loaded, rows: DeskRows) -> None:
        found, words = loaded.matter, unit_desk.unit.services.words
        room = room_of(self._sources, unit_desk, "telegram", is_reader=True)
        file = await self._sources.case_file(room, found.ticket.ref)
        muted, now = loaded.talk.muted_until, self._sources.clock.now()
        until = muted if muted is not None and muted > now else None
        if file is not None:
            at = CaseAt(file.case, file.kind, room.by, frozenset())
            cards.show_case(found.ticket, at, rows, words, until)
        elif until is not None:
            cards.show_taken(found.ticket, rows, words, SOMEBODY, until)

    async def _write(
        self,
        unit_desk: UnitDesk,
        loaded: Loaded,
        rows: DeskRows,
        state: State,
        talk: dict[str, object] | None,
    ) -> None:
        ticket, unit_id = loaded.matter.ticket, unit_desk.unit.unit_id
        seen = loaded.talk_row["version"] if loaded.talk_row else 0

        def work(c: Connection) -> None:
            desk.move(c, unit_id, ticket.ref, ticket.state, state)
            if talk is not None:
                conversations.save(c, talk, seen)
            desk.add_items(c, rows.items)
            outbox.plan(c, rows.rows)

        await self._sources.database.write(work)
        self._woken(rows)
