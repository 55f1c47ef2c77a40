"""What becomes of a stored act of staff? One transaction, as for citizens.

State of the matter, the citizen's talk, their message, what staff are told, evidence
and the inbox event are written together; who was faster makes us decide again.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from typing import Any

import structlog

from bot.clock import Clock, from_ms
from bot.desk.letter_cards import LettersDesk
from bot.desk.letter_plan import LetterPlan, is_ours
from bot.desk.plan import Plan
from bot.desk.sources import Sources
from bot.desk.staff_files import StaffFiles
from bot.desk.ticket import UnitDesk
from handlers.model import Channel
from handlers.staff.desk import StaffInbound
from storage.database import Database
from storage.ids import Ids

Row = dict[str, Any]

log = structlog.get_logger("desk")


class DeskRoad:
    """Handles what staff do on their channels, for every unit of this process."""

    def __init__(
        self,
        database: Database,
        desks: Mapping[str, UnitDesk],
        clock: Clock,
        ids: Ids,
        owner: str,
        wake: Callable[[str], None],
        files: StaffFiles | None = None,
        letters: LettersDesk | None = None,
    ) -> None:
        self._database = database
        self._letters = letters
        self._desks = desks
        self._sources = Sources(database, clock, ids, files)
        self._owner = owner
        self._wake = wake
        self._hints: set[asyncio.Task[None]] = set()

    async def handle(
        self, event: Row, body: bytes, *, lease_until: int, release: bool
    ) -> bool:
        """Carry out one stored event; return whether more waits in its lane.

        Raises ConflictError, LeaseLostError, StorageError; then nothing was written.
        """
        unit_desk = self._desks[event["unit_id"]]
        channel = Channel(event["channel"])
        said = unit_desk.adapters[channel].read(body, from_ms(event["received_at"]))
        await unit_desk.directory.refresh(self._database)
        plan = self._plan(unit_desk, event, said)
        if said is not None:
            await plan.make(said)
        more = await self._database.write(
            lambda c: plan.write(c, self._owner, lease_until, release=release)
        )
        plan.wake(self._wake)
        self._toast(unit_desk, said, plan.toast)
        log.info(
            "desk_handled",
            unit=event["unit_id"],
            channel=event["channel"],
            event_id=event["event_id"],
            result=plan.result,
        )
        return more

    def cancel(self) -> None:
        """Drop answers to presses that are still on their way."""
        for hint in self._hints:
            hint.cancel()

    def _plan(
        self, unit_desk: UnitDesk, event: Row, said: StaffInbound | None
    ) -> Plan | LetterPlan:
        """What a stranger presses is answered as everywhere."""
        known = unit_desk.directory.member(said.channel, said.user_id) if said else ""
        if self._letters is not None and known and is_ours(said):
            return LetterPlan(self._sources, unit_desk, event, self._letters, known)
        return Plan(self._sources, unit_desk, event)

    def _toast(self, unit_desk: UnitDesk, said: StaffInbound | None, text: str) -> None:
        if said is None or not said.query_id:
            return
        adapter = unit_desk.adapters[said.channel]
        hint = asyncio.create_task(adapter.answer_tap(said.query_id, text))
        self._hints.add(hint)
        hint.add_done_callback(self._hints.discard)
