"""How does the log get into S3-compatible storage? The same files as in the folder.

Only what is new goes, the checkpoint last, so a stop leaves nothing that misleads. A
bucket that holds another history is left alone: it is the witness.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial

import aiohttp

from bot.channels.transport import time_limits
from bot.clock import Clock
from bot.config_evidence import S3
from bot.evidence_copy import data_of, had_of, names
from bot.sigv4 import Account, signed_headers
from storage.database import Database
from storage.evidence import checkpoints

ANSWER_SECONDS = 20.0
MOST_BYTES = 1024 * 1024
OK, NOT_FOUND = 200, 404


@dataclass(frozen=True, slots=True)
class Bucket:
    """A bucket in which each unit has a folder of its own."""

    session: aiohttp.ClientSession
    settings: S3
    clock: Clock

    async def get(self, name: str) -> bytes | None:
        """Return an object, None when there is none; raises OSError."""
        status, data = await self._ask("GET", name, b"")
        return None if status == NOT_FOUND else data

    async def put(self, name: str, data: bytes) -> None:
        """Write an object; raises OSError."""
        status, _ = await self._ask("PUT", name, data)
        if status == NOT_FOUND:
            raise OSError("no bucket")

    async def _ask(self, method: str, name: str, body: bytes) -> tuple[int, bytes]:
        ours = self.settings
        parts = (ours.endpoint.rstrip("/"), ours.bucket, ours.prefix.strip("/"), name)
        url = "/".join(part for part in parts if part)
        account = Account(ours.access_key, ours.secret_key, ours.region)
        headers = signed_headers(account, method, url, body, self.clock.now())
        limits = time_limits(answer_seconds=ANSWER_SECONDS)
        try:
            async with self.session.request(
                method, url, data=body or None, headers=headers, timeout=limits
            ) as answer:
                data = await answer.content.read(MOST_BYTES)
        except (aiohttp.ClientError, TimeoutError) as error:
            raise OSError(type(error).__name__) from error
        if answer.status not in (OK, NOT_FOUND):
            raise OSError(f"status {answer.status}")
        return answer.status, data


async def copy_away(database: Database, unit_id: str, bucket: Bucket) -> int:
    """Bring a bucket up to the newest checkpoint; return how many leaves were new.

    Raises EvidenceError when the bucket is of another history, OSError, StorageError.
    """
    signed = await database.read(lambda c: checkpoints.newest(c, unit_id))
    if signed is None:
        return 0
    there = await bucket.get(f"{unit_id}/checkpoint")
    had = await database.read(lambda c: had_of(c, unit_id, signed.size, there))
    if had == signed.size:
        return 0
    for one in names(had, signed.size):
        data = await database.read(partial(data_of, unit_id=unit_id, one=one))
        await bucket.put(f"{unit_id}/tile/{one.path}", data)
    note = signed.note.encode()
    await bucket.put(f"{unit_id}/days/{signed.day}.checkpoint", note)
    await bucket.put(f"{unit_id}/checkpoint", note)
    return signed.size - had
