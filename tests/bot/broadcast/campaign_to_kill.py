"""A process of the service whose clock is shifted by so many ms; it waits to be killed.

``python -m tests.bot.broadcast.campaign_to_kill config.yml shift``
"""

from __future__ import annotations

import asyncio
import sys
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from bot import installation
from bot.app import build
from bot.parts import Part
from bot.services import load_services


@dataclass(frozen=True, slots=True)
class Shifted:
    """The clock of the machine, so many milliseconds away."""

    shift: int

    def now(self) -> datetime:
        """Return the shifted present."""
        return datetime.now(UTC) + timedelta(milliseconds=self.shift)

    def now_ms(self) -> int:
        """Return it in UTC milliseconds."""
        return round(self.now().timestamp() * 1000)


async def serve(path: Path, shift: int) -> None:
    """Run the road and the clock until killed."""
    config, clock = installation.load(path), Shifted(shift)
    async with installation.open_installation(
        config, exclusive=True, clock=clock
    ) as opened:
        services = await load_services(config, opened.database, clock, opened.ring)
        await build(opened, services).start(frozenset({Part.ROAD, Part.CLOCK}))
        await asyncio.Event().wait()


if __name__ == "__main__":
    asyncio.run(serve(Path(sys.argv[1]), int(sys.argv[2])))
