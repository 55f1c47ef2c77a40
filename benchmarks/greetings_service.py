"""A whole service whose clock is shifted by so many ms, to the day: to be killed.

.venv/bin/python -m benchmarks.greetings_service config.yml shift
"""

from __future__ import annotations

import asyncio
import sys
from pathlib import Path

from bot import installation
from bot.app import build
from bot.cli.service import SWITCH_SECONDS, hear, running, settle_heap
from bot.server import application, listen
from bot.services import load_services
from tests.bot.broadcast.campaign_to_kill import Shifted


async def serve(path: Path, shift: int) -> None:
    """Run every part and listen, until killed."""
    config, clock = installation.load(path), Shifted(shift)
    async with installation.open_installation(
        config, exclusive=True, clock=clock
    ) as opened:
        services = await load_services(config, opened.database, clock, opened.ring)
        service = build(opened, services)
        hear(service.failed)
        async with running(service):
            server = config.server
            await listen(application(service), server.host, server.port)
            settle_heap()
            await service.failed.wait()


if __name__ == "__main__":
    sys.setswitchinterval(SWITCH_SECONDS)
    asyncio.run(serve(Path(sys.argv[1]), int(sys.argv[2])))
