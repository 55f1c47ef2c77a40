"""How is the sandbox run on its own? For kill tests and benchmarks."""

from __future__ import annotations

import asyncio
import signal
from dataclasses import replace
from pathlib import Path

import click
from aiohttp import web

from bot.clock import SystemClock
from bot.sandbox.model import SandboxConfig, config_from_json
from bot.sandbox.server import create_sandbox


@click.command()
@click.option("--host", default="127.0.0.1", show_default=True)
@click.option("--port", type=int, default=0, help="0 takes a free port.")
@click.option("--service-url", required=True, help="Where the webhooks are.")
@click.option("--json-config", type=click.Path(exists=True, path_type=Path))
def main(host: str, port: int, service_url: str, json_config: Path | None) -> None:
    """Run the emulated platforms until a signal; print one line when ready."""
    config = SandboxConfig(service_url=service_url)
    if json_config is not None:
        told = config_from_json(json_config.read_bytes())
        config = replace(told, service_url=service_url)
    asyncio.run(_serve(config, host, port))


async def _serve(config: SandboxConfig, host: str, port: int) -> None:
    app = create_sandbox(config, SystemClock())
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=2.0)
    await runner.setup()
    site = web.TCPSite(runner, host, port, backlog=1024)
    await site.start()
    click.echo(f"sandbox ready http://{host}:{runner.addresses[0][1]}/sandbox/")
    await _signal()
    await runner.cleanup()


async def _signal() -> None:
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for name in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(name, stop.set)
    await stop.wait()


if __name__ == "__main__":
    main()
