"""Handles what waits in the inbox, and dies by SIGKILL at the statement it is told.

Started by test_sealed_kill in a process of its own. Statements are counted from the
one that ends the denunciation's event: all that follow belong to its transaction, up to
the commit, and then to what comes after it.
"""

from __future__ import annotations

import asyncio
import os
import signal
from datetime import datetime
from pathlib import Path
from typing import Any

from sqlalchemy import event

from storage.keys import KeyRing
from storage.open import open_database
from tests.bot.sealed_road import hears, sweep_of
from tests.bot.support import (
    Settings,
    build_road,
    eventually,
    platforms,
    start_world,
)
from tests.conftest import MASTER, FakeClock


class Executioner:
    """Kills this process before the statement with that number."""

    def __init__(self, number: int) -> None:
        self._left = number
        self._counts = False

    def __call__(self, *told: Any) -> None:
        """Count a statement (SQLAlchemy passes it third)."""
        self._counts = self._counts or told[2].startswith("UPDATE inbox_event SET stat")
        self._left -= self._counts
        if self._left < 0:
            os.kill(os.getpid(), signal.SIGKILL)


def handle(url: str, folder: str, at: datetime, number: int) -> None:
    """Handle everything, sweep, and end; or die on the way."""
    asyncio.run(_handle(url, Path(folder), at, number))


async def _handle(url: str, folder: Path, at: datetime, number: int) -> None:
    database, world = open_database(url), await start_world(FakeClock(at), platforms())
    engine = database._engine  # type: ignore[attr-defined]  # of either engine
    target = getattr(engine, "sync_engine", engine)
    event.listen(target, "before_cursor_execute", Executioner(number))
    road = await build_road(
        world, database, KeyRing(MASTER), folder, Settings(respond=hears)
    )
    await road.start("ingest", "dispatcher")
    await eventually(road.is_inbox_done)
    await sweep_of(road).sweep()
    await road.stop()
    await road.close()
    await world.server.close()
    await world.http.close()
    await database.close()
