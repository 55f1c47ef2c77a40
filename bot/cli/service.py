"""``thanthien run``, ``web``, ``worker``: the processes of the service."""

from __future__ import annotations

import asyncio
import gc
import signal
import sys
from collections.abc import AsyncIterator, Coroutine
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import click
import structlog

from bot import installation
from bot.app import Service, build
from bot.cli.common import config_option, run
from bot.console import first_link
from bot.console.house import gates
from bot.errors import NotSharedError, PartDiedError
from bot.logs import configure
from bot.parts import EVERYTHING, Part
from bot.server import application, listen, port_of
from bot.services import load_services
from handlers.staff.access.passwords import Hasher
from storage.open import SQLITE

SWITCH_SECONDS = 0.00005
"""The writer thread waits this long for the interpreter, not five times as long."""

log = structlog.get_logger("service")


@click.command("run")
@config_option
@click.option("--no-workers", is_flag=True, hidden=True)
def run_command(config_path: Path, *, no_workers: bool) -> None:
    """Chạy dịch vụ (tất cả trong một tiến trình)."""
    _start(serve(config_path, frozenset({Part.DOOR}) if no_workers else EVERYTHING))


@click.command("web")
@config_option
def web_command(config_path: Path) -> None:
    """Chỉ nhận tin và phục vụ các trang (nhiều tiến trình trên một PostgreSQL)."""
    _start(serve(config_path, frozenset({Part.DOOR}), is_one_of_many=True))


@click.command("worker")
@config_option
def worker_command(config_path: Path) -> None:
    """Chỉ trả lời và gửi tin (nhiều tiến trình trên một PostgreSQL)."""
    _start(serve(config_path, frozenset({Part.ROAD}), is_one_of_many=True))


def _start(work: Coroutine[Any, Any, None]) -> None:
    configure()
    sys.setswitchinterval(SWITCH_SECONDS)
    run(work)


async def serve(
    config_path: Path,
    parts: frozenset[Part] = EVERYTHING,
    *,
    is_one_of_many: bool = False,
) -> None:
    """Run until SIGTERM or SIGINT, then stop within ten seconds.

    Raises NotSharedError for one of many processes on an embedded database.
    """
    config = installation.load(config_path)
    if is_one_of_many and config.storage.url.startswith(SQLITE):
        raise NotSharedError
    async with installation.open_installation(config, exclusive=True) as opened:
        services = await load_services(
            config, opened.database, opened.clock, opened.ring
        )
        service = build(opened, services)
        hear(service.failed)  # before anybody is told that it runs
        async with running(service, parts), _doors(service, parts):
            await service.failed.wait()
        if service.has_failed:
            raise PartDiedError


@asynccontextmanager
async def _doors(service: Service, parts: frozenset[Part]) -> AsyncIterator[None]:
    """Listen, where this process is the one that takes in."""
    if Part.DOOR not in parts:
        settle_heap()
        click.echo("Phần trả lời và gửi tin của Thân Thiện đã chạy.")
        yield
        return
    server = service.config.server
    runner = await listen(application(service), server.host, server.port)
    address = f"http://{server.host}:{port_of(runner)}"
    settle_heap()
    log.info("ready", address=address)
    click.echo(f"Thân Thiện đã sẵn sàng tại {address}")
    if parts == EVERYTHING:  # of many processes each would void the others' links
        await show_first_links(service, server.public_url or address)
    profiles = asyncio.create_task(service.set_profiles())
    yield
    profiles.cancel()
    await runner.cleanup()


async def show_first_links(service: Service, base: str) -> None:
    """Print the way in for the first administrator, where nobody can log in yet."""
    for line in await first_link.lines(gates(service, Hasher()), base):
        click.echo(line)


@asynccontextmanager
async def running(
    service: Service, parts: frozenset[Part] = EVERYTHING
) -> AsyncIterator[None]:
    """Start the service and always stop it, whatever happens between."""
    try:
        await service.start(parts)
        yield
    finally:
        await service.stop()


def settle_heap() -> None:
    """Keep catalogue, index and code out of every later garbage collection.

    A full collection over them takes longer than ten acknowledgements.
    """
    gc.collect()
    gc.freeze()


def hear(done: asyncio.Event) -> None:
    """From now on SIGTERM and SIGINT end the process by setting ``done``."""
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, done.set)


__all__ = [
    "hear",
    "run_command",
    "running",
    "serve",
    "web_command",
    "worker_command",
]
