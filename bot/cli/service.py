"""``thanthien run``, ``web``, ``worker``: the processes of the service."""

from __future__ import annotations

import asyncio
import gc
import signal
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import click
import structlog

from bot import installation
from bot.app import Service, build
from bot.cli.common import config_option, run
from bot.errors import PartDiedError
from bot.logs import configure
from bot.server import application, listen, port_of
from bot.services import load_services

SWITCH_SECONDS = 0.00005
"""The writer thread waits this long for the interpreter, not five times as long."""

log = structlog.get_logger("service")


@click.command("run")
@config_option
@click.option("--no-workers", is_flag=True, hidden=True)
def run_command(config_path: Path, *, no_workers: bool) -> None:
    """Chạy dịch vụ (tất cả trong một tiến trình)."""
    configure()
    sys.setswitchinterval(SWITCH_SECONDS)
    run(serve(config_path, workers=not no_workers))


async def serve(config_path: Path, *, workers: bool = True) -> None:
    """Run until SIGTERM or SIGINT, then stop within ten seconds."""
    config = installation.load(config_path)
    async with installation.open_installation(config, exclusive=True) as opened:
        services = await load_services(
            config, opened.database, opened.clock, opened.ring
        )
        service = build(opened, services)
        async with running(service, workers=workers):
            app = application(service)
            runner = await listen(app, config.server.host, config.server.port)
            address = f"http://{config.server.host}:{port_of(runner)}"
            settle_heap()
            log.info("ready", address=address)
            click.echo(f"Thân Thiện đã sẵn sàng tại {address}")
            profiles = asyncio.create_task(service.set_profiles())
            await stopped(service.failed)
            profiles.cancel()
            await runner.cleanup()
        if service.has_failed:
            raise PartDiedError


@asynccontextmanager
async def running(service: Service, *, workers: bool = True) -> AsyncIterator[None]:
    """Start the service and always stop it, whatever happens between."""
    try:
        await service.start(workers=workers)
        yield
    finally:
        await service.stop()


def settle_heap() -> None:
    """Keep catalogue, index and code out of every later garbage collection.

    A full collection over them takes longer than ten acknowledgements.
    """
    gc.collect()
    gc.freeze()


async def stopped(done: asyncio.Event) -> None:
    """Return when somebody asks the process to end, or a part of it died."""
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, done.set)
    await done.wait()


__all__ = ["run_command", "running", "serve", "stopped"]
