"""Who trains now? One training a unit, whichever process of the console began it."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from typing import Final

from bot.console.visit import Visit
from storage import leases
from storage.errors import StorageError

NAME: Final = "training"
LEASE_MS: Final = 120_000
AGAIN_SECONDS: Final = 30.0


async def take(at: Visit) -> bool:
    """Begin; whether nobody else trains."""
    now = at.house.clock.now_ms()
    return await at.house.database.write(
        lambda c: leases.take(c, at.unit_id, NAME, now, now + LEASE_MS)
    )


async def is_taken(at: Visit) -> bool:
    """Whether somebody trains now."""
    now = at.house.clock.now_ms()
    return bool(
        await at.house.database.read(lambda c: leases.holders(c, at.unit_id, NAME, now))
    )


@asynccontextmanager
async def held(at: Visit) -> AsyncIterator[None]:
    """Keep what ``take`` took while the work goes on; let go at its end."""
    keeping = asyncio.create_task(_keep(at), name=f"training lease {at.unit_id}")
    try:
        yield
    finally:
        keeping.cancel()
        with suppress(StorageError):
            await at.house.database.write(lambda c: leases.drop(c, at.unit_id, NAME))


async def _keep(at: Visit) -> None:
    while True:
        await asyncio.sleep(AGAIN_SECONDS)
        until = at.house.clock.now_ms() + LEASE_MS
        with suppress(StorageError):
            await at.house.database.write(
                lambda c, t=until: leases.hold(c, at.unit_id, NAME, leases.ONLY, t)  # type: ignore[misc]
            )
