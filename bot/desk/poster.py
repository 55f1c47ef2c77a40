"""When are staff told? Every second: new matters, what citizens add, and notices.

Whatever wrote a hand-over or a notice, the bot, a command or another process, staff
hear of it from here, and each thing once (see storage.desk).
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from contextlib import suppress
from datetime import timedelta
from typing import Any

import structlog
from sqlalchemy import Connection

from bot.clock import Clock
from bot.desk.follow import Follower
from bot.desk.letter_cards import LettersDesk
from bot.desk.letter_notices import LetterNotices
from bot.desk.notices import Notices
from bot.desk.pictures import Pictures
from bot.desk.rows import DeskRows
from bot.desk.sources import Sources
from bot.desk.ticket import Matter, UnitDesk
from handlers.model import Tag
from handlers.staff.disclosure import words_for_staff
from handlers.staff.handover import cards
from storage import desk, evidence, outbox
from storage.database import Database
from storage.desk import MESSAGE_CAUSE, State
from storage.errors import ConflictError, StorageError
from storage.evidence import Entry
from storage.ids import Ids
from storage.vault import PersonVault

ROUND_SECONDS = 1.0
MATTER_LIFE = timedelta(days=3)
"""Older matters were answered some other way, or somebody would have asked again."""
A_ROUND = 5
"""So few a round, because the group takes twenty messages a minute in all."""

Row = Mapping[str, Any]

log = structlog.get_logger("desk")


class Poster:
    """Tells the staff of every unit that has a staff channel."""

    def __init__(
        self,
        database: Database,
        desks: Mapping[str, UnitDesk],
        clock: Clock,
        ids: Ids,
        wake: Callable[[str], None],
        letters: LettersDesk | None = None,
    ) -> None:
        self._database = database
        self._desks = {key: one for key, one in desks.items() if one.adapters}
        self._clock = clock
        self._ids = ids
        self._wake = wake
        self._sources = Sources(database, clock, ids)
        told = LetterNotices(letters, database, self._woken) if letters else None
        self._notices = Notices(self._sources, self._rows, self._plan, told)
        self._pictures = Pictures(self._sources, self._rows, self._plan)
        self._follower = Follower(self._sources, self._rows, self._woken)

    async def run(self) -> None:
        """Tell until cancelled; what goes wrong in one unit hinders no other."""
        while self._desks:
            await asyncio.sleep(ROUND_SECONDS)
            for unit_id in self._desks:
                try:
                    await self.look(unit_id)
                except StorageError as error:
                    log.warning("desk_round_failed", error=type(error).__name__)
                except Exception as error:
                    log.exception("desk_round_broken", error=type(error).__name__)

    async def round(self) -> None:
        """Look once at every unit; raises what ``look`` raises."""
        for unit_id in self._desks:
            await self.look(unit_id)

    async def look(self, unit_id: str) -> None:
        """Tell the staff of one unit what is new; raises StorageError."""
        unit_desk = self._desks[unit_id]
        await unit_desk.directory.refresh(self._database)
        await self._matters(unit_desk)
        await self._messages(unit_desk)
        await self._pictures.show(unit_desk)
        await self._follower.follow(unit_desk)
        await self._notices.tell(unit_desk)

    async def _matters(self, unit_desk: UnitDesk) -> None:
        unit_id = unit_desk.unit.unit_id
        since = self._clock.now_ms() - _ms(MATTER_LIFE)
        found = await self._database.read(
            lambda c: desk.waiting(c, unit_id, since, A_ROUND)
        )
        for row in found:
            loaded = await self._sources.load(unit_desk, row["handover_id"])
            if loaded is not None:
                with suppress(ConflictError):  # another process was faster
                    await self._open(unit_desk, loaded.matter)

    async def _open(self, unit_desk: UnitDesk, found: Matter) -> None:
        ticket = found.ticket
        rows = self._rows(unit_desk, found.vault, f"desk:{ticket.ref}")
        cards.open_card(ticket, rows, unit_desk.unit.services.words)
        if not rows.rows:
            return  # nobody to tell yet: it waits
        entry = self._entry(unit_desk, found, rows)

        def work(c: Connection) -> None:
            desk.move(c, unit_desk.unit.unit_id, ticket.ref, ticket.state, State.POSTED)
            desk.add_items(c, rows.items)
            outbox.plan(c, rows.rows)
            evidence.append(c, [entry.row()])

        await self._database.write(work)
        self._woken(rows)

    def _entry(self, unit_desk: UnitDesk, found: Matter, rows: DeskRows) -> Entry:
        channels = sorted({row["channel"] for row in rows.rows})
        return Entry(
            unit_id=unit_desk.unit.unit_id,
            entry_id=self._ids.new(),
            at=self._clock.now_ms(),
            tag=Tag.HANDOVER_POSTED.value,
            subject=found.ticket.ref,
            person=found.person_id,
            data={
                "channels": ",".join(channels),
                "content": unit_desk.content.value,
                "words": bool(found.ticket.summary),
            },
        )

    async def _messages(self, unit_desk: UnitDesk) -> None:
        unit_id = unit_desk.unit.unit_id
        found = await self._database.read(
            lambda c: desk.untold_messages(c, unit_id, A_ROUND)
        )
        newest = {row["item_id"]: row for row in reversed(found)}
        for row in newest.values():
            await self._more(unit_desk, row)

    async def _more(self, unit_desk: UnitDesk, row: Row) -> None:
        loaded = await self._sources.load(unit_desk, row["handover_id"])
        if loaded is None:
            return
        found = loaded.matter
        texts = found.vault.open(row["sealed"], row["item_id"])["texts"]
        text = str(texts.get("text", ""))
        whose, at = found.person_id, row["created_at"]
        is_quiet = loaded.is_quiet or await self._sources.is_kept(unit_desk, whose, at)
        said = words_for_staff(found.reason, text, unit_desk.content)
        said = "" if is_quiet else said
        rows = self._rows(unit_desk, found.vault, MESSAGE_CAUSE + row["item_id"])
        rows.name_topic(found.ticket.ref, found.title)
        words = unit_desk.unit.services.words
        cards.show_more(found.ticket.with_summary(said), rows, words)
        await self._plan(rows)

    def _rows(self, unit_desk: UnitDesk, vault: PersonVault, cause: str) -> DeskRows:
        return DeskRows(
            unit_desk.adapters,
            unit_desk.places(),
            vault,
            unit_desk.unit.services.words,
            self._ids,
            cause=cause,
            now=self._clock.now_ms(),
        )

    async def _plan(self, rows: DeskRows) -> None:
        def work(c: Connection) -> None:
            desk.add_items(c, rows.items)
            outbox.plan(c, rows.rows)

        await self._database.write(work)
        self._woken(rows)

    def _woken(self, rows: DeskRows) -> None:
        for channel in {row["channel"] for row in rows.rows}:
            self._wake(channel)


def _ms(span: timedelta) -> int:
    return int(span.total_seconds() * 1000)
