"""Who brings the log to storage and people far away? This task, whenever they answer.

It runs beside the rounds of the keeper: a target that is slow or dead costs nothing but
its own copy, which is tried again a few minutes later.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable

import aiohttp
import structlog

from bot.evidence_mail import mail_days
from bot.evidence_s3 import Bucket, copy_away
from bot.installation import Installation
from storage.errors import EvidenceError, StorageError

ROUND_SECONDS = 300.0

Tell = Callable[[str, str], Awaitable[None]]
"""(unit, detail): the copy holds another history than ours."""

log = structlog.get_logger("evidence")


class EvidenceAway:
    """Copies the logs of all units to S3-compatible storage, mails each day's root."""

    def __init__(
        self, opened: Installation, session: aiohttp.ClientSession, tell: Tell
    ) -> None:
        self._opened = opened
        self._tell = tell
        settings = opened.config.evidence
        self._mail = settings.mail
        self._bucket = (
            Bucket(session, settings.s3, opened.clock) if settings.s3 else None
        )

    async def run(self) -> None:
        """Work until cancelled; without any target there is nothing to do."""
        while self._mail or self._bucket:
            for unit_id in self._opened.config.units:
                await self.round(unit_id)
            await asyncio.sleep(ROUND_SECONDS)

    async def round(self, unit_id: str) -> None:
        """Bring each target up to date; one that fails does not stop the other."""
        await self._guarded(unit_id, "s3", self._to_bucket)
        await self._guarded(unit_id, "mail", self._to_mail)

    async def _to_bucket(self, unit_id: str) -> None:
        if self._bucket is not None:
            await copy_away(self._opened.database, unit_id, self._bucket)

    async def _to_mail(self, unit_id: str) -> None:
        if self._mail is not None:
            await mail_days(self._opened, unit_id, self._mail)

    async def _guarded(
        self, unit_id: str, target: str, work: Callable[[str], Awaitable[None]]
    ) -> None:
        try:
            await work(unit_id)
        except EvidenceError as error:
            await self._tell(unit_id, f"{target}: {error}")
        except (OSError, StorageError) as error:
            reason = type(error).__name__
            log.warning("evidence_not_away", unit=unit_id, to=target, error=reason)
