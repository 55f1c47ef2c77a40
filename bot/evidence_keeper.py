"""Who orders and signs the evidence while the service runs? This task, in seconds.

It never holds up the bot: what it cannot do now (no disk, no stamp, a copy that is
away) it does in a later round. A log that is not what was signed is told to staff.
"""

from __future__ import annotations

import asyncio
from pathlib import Path

import aiohttp
import structlog
from sqlalchemy import Connection

from bot.evidence_away import EvidenceAway
from bot.evidence_copy import copy
from bot.evidence_log import sequencer_of, stamps_of, today
from bot.evidence_stamp import stamp
from bot.installation import Installation, data_folder
from handlers.staff.evidence.errors import BadRootsError
from storage import operations
from storage.errors import EvidenceError, StorageError
from storage.evidence import checkpoints
from storage.evidence.checkpoints import Signed, Stamp
from storage.evidence.order import Lease

ROUND_SECONDS = 2.0
LEASE_MS = 15_000
SLOW_ROUNDS = 150
"""Stamps and copies that failed are tried again after so many rounds (5 minutes)."""
NOTICE = "evidence_forked"

log = structlog.get_logger("evidence")


class EvidenceKeeper:
    """Keeps the logs of all units of an installation."""

    def __init__(
        self, opened: Installation, session: aiohttp.ClientSession, owner: str
    ) -> None:
        self._opened = opened
        self._session = session
        self._owner = owner
        self._sequencers = {
            unit_id: sequencer_of(opened, unit_id) for unit_id in opened.config.units
        }
        self._away = EvidenceAway(opened, session, self._tell)
        self._is_behind = dict.fromkeys(self._sequencers, True)

    async def run(self) -> None:
        """Work until cancelled; far copies go beside, so that none holds up a round."""
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(self._rounds())
            tasks.create_task(self._away.run())

    async def _rounds(self) -> None:
        number = 0
        while True:
            for unit_id in self._sequencers:
                await self.round(unit_id, is_slow=number % SLOW_ROUNDS == 0)
            number += 1
            await asyncio.sleep(ROUND_SECONDS)

    async def round(self, unit_id: str, *, is_slow: bool) -> Signed | None:
        """Order and sign what waits; in slow rounds also stamp and copy."""
        now = self._opened.clock.now_ms()
        lease = Lease(self._owner, now, now + LEASE_MS)
        signed = None
        try:
            signed = await self._sequencers[unit_id].run(lease)
            if is_slow:
                await self._stamp(unit_id)
            if signed is not None or (is_slow and self._is_behind[unit_id]):
                await self._copy(unit_id)
        except EvidenceError as error:
            await self._tell(unit_id, str(error))
        except StorageError as error:
            log.warning("evidence_round_failed", error=type(error).__name__)
        return signed

    async def _stamp(self, unit_id: str) -> None:
        """Have the roots of past days stamped; the first refusal ends the round."""
        url = self._opened.config.evidence.timestamp_url
        if not url:
            return
        database, day = self._opened.database, today(self._opened.clock)
        keys = self._opened.ring.unit(unit_id)
        for signed in await database.read(
            lambda c: checkpoints.unstamped(c, unit_id, day)
        ):
            token = await stamp(self._session, url, signed.note)
            if token is None or not self._is_trusted(token, signed.note):
                log.warning("evidence_not_stamped", unit=unit_id, day=signed.day)
                return
            made = Stamp(signed.size, token, self._opened.clock.now_ms())

            def keep(connection: Connection, made: Stamp = made) -> None:
                checkpoints.stamp(connection, unit_id, made, keys)

            await database.write(keep)

    def _is_trusted(self, token: bytes, note: str) -> bool:
        """Whether the chain leads to the configured roots, if there are any."""
        try:
            return not stamps_of(self._opened.config).fault(token, note.encode())
        except BadRootsError:
            return False

    async def _copy(self, unit_id: str) -> None:
        place = self._opened.config.evidence.copy_to
        if not place:
            return
        folder = data_folder(self._opened.config) / Path(place) / unit_id
        self._is_behind[unit_id] = True
        try:
            await self._opened.database.read(lambda c: copy(c, unit_id, folder))
        except OSError as error:
            log.warning("evidence_not_copied", unit=unit_id, error=type(error).__name__)
        else:
            self._is_behind[unit_id] = False

    async def _tell(self, unit_id: str, detail: str) -> None:
        log.error("evidence_forked", unit=unit_id, detail=detail)
        row = {
            "unit_id": unit_id,
            "notice_id": self._opened.ids.new(),
            "kind": NOTICE,
            "subject": unit_id,
            "detail": detail[:200],
            "created_at": self._opened.clock.now_ms(),
        }
        try:
            await self._opened.database.write(
                lambda c: operations.add_notice_once(c, row)
            )
        except StorageError as error:
            log.warning("evidence_round_failed", error=type(error).__name__)
