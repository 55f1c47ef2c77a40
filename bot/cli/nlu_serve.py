"""``thanthien nlu serve``: may another system of the commune use the reader?

``POST /model/parse`` with ``{"text": "…"}`` gives what ``nlu parse --json`` prints.
No text is kept or logged; a new catalogue or model is taken over while it runs.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager, suppress
from pathlib import Path
from typing import Any

import click
from aiohttp import web

from bot import installation
from bot.cli.common import config_option, one_unit, run
from bot.cli.nlu_reader import seed_reader
from bot.cli.nlu_shape import as_mapping
from bot.cli.service import hear
from bot.config import Config
from bot.logs import configure
from bot.server import last_resort, listen, port_of
from bot.services import UnitServices, watch_catalogues
from nlu.ports import Reader

MAX_BODY = 64 * 1024
"""Bytes; room for the longest text with every letter escaped."""
LONGEST = 4000
"""Characters of a text; what citizens can send is shorter."""
Source = AbstractAsyncContextManager[Callable[[], Reader]]
LOOPBACK = ("127.0.0.1", "::1", "localhost")


@click.command("serve")
@config_option
@click.option("--unit", help="Mã đơn vị (mặc định: đơn vị duy nhất).")
@click.option("--host", default="127.0.0.1", show_default=True, help="Địa chỉ mạng.")
@click.option(
    "--port",
    type=click.IntRange(0, 65535),
    default=5005,
    show_default=True,
    help="Cổng; 0: cổng trống bất kỳ.",
)
def serve_command(config_path: Path, unit: str | None, host: str, port: int) -> None:
    """Cho hệ thống khác của xã hỏi bộ đọc hiểu qua HTTP (POST /model/parse)."""
    configure(quiet=True)
    run(_serve(_source(config_path, unit), host, port))


def parse_application(reader: Callable[[], Reader]) -> web.Application:
    """Return the application; ``reader`` gives the one in force."""

    async def parse(request: web.Request) -> web.Response:
        try:
            text = _text(await request.json())
        except web.HTTPRequestEntityTooLarge:
            return _refused(413, "Yêu cầu quá lớn.")
        except (ValueError, RecursionError, LookupError):
            return _refused(400, 'Cần JSON dạng {"text": "…"}.')
        if len(text) > LONGEST:
            return _refused(400, f"Câu dài quá {LONGEST} ký tự.")
        return _json(as_mapping(reader().parse(text)))

    async def healthz(_request: web.Request) -> web.Response:
        return _json({"status": "ok"})

    app = web.Application(client_max_size=MAX_BODY, middlewares=[last_resort])
    app.router.add_post("/model/parse", parse)
    app.router.add_get("/healthz", healthz)
    return app


def _source(config_path: Path, unit: str | None) -> Source:
    """Return the unit's reader, or before any set-up the one that ships."""
    if not config_path.exists():
        return _shipped()
    config = installation.load(config_path)
    return _of_unit(config, one_unit(list(config.units), unit))


async def _serve(source: Source, host: str, port: int) -> None:
    async with source as reader:
        runner = await listen(parse_application(reader), host, port)
        done = asyncio.Event()
        hear(done)
        try:
            click.echo(f"Bộ đọc hiểu đã sẵn sàng tại http://{host}:{port_of(runner)}")
            if host not in LOOPBACK:
                click.echo("Lưu ý: không có mật khẩu, ai ở mạng này cũng hỏi được.")
            await done.wait()
        finally:
            await runner.cleanup()


@asynccontextmanager
async def _shipped() -> AsyncIterator[Callable[[], Reader]]:
    """Give the reader as it ships."""
    seed = await asyncio.to_thread(seed_reader)
    yield lambda: seed


@asynccontextmanager
async def _of_unit(config: Config, unit_id: str) -> AsyncIterator[Callable[[], Reader]]:
    """Give the unit's reader, renewed in the background."""
    async with installation.open_installation(config) as opened:
        holder = UnitServices(unit_id, config, opened.clock, opened.ring.unit(unit_id))
        await holder.refresh(opened.database)
        watched = watch_catalogues(opened.database, {unit_id: holder})
        watch = asyncio.create_task(watched)
        try:
            yield lambda: holder.services.reader
        finally:
            watch.cancel()
            with suppress(asyncio.CancelledError):
                await watch


def _text(value: Any) -> str:
    """Return the text of a request; raises ValueError for any other shape."""
    text = value.get("text") if isinstance(value, dict) else None
    if not isinstance(text, str) or not text.strip():
        raise ValueError
    text.encode()  # half a character is no text
    return text


def _refused(status: int, sentence: str) -> web.Response:
    return _json({"error": sentence}, status)


def _json(value: Any, status: int = 200) -> web.Response:
    body = json.dumps(value, ensure_ascii=False)
    return web.Response(text=body, status=status, content_type="application/json")
