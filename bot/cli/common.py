"""What do all commands share: --config, running, and how they fail?"""

from __future__ import annotations

import asyncio
import importlib
import json
import sys
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any, NoReturn, TypeVar

import click
from click.core import ParameterSource

from bot import installation
from bot.errors import BotError
from bot.installation import Installation
from bot.logs import places

T = TypeVar("T")
F = TypeVar("F", bound=Callable[..., Any])

config_option = click.option(
    "--config",
    "config_path",
    type=click.Path(path_type=Path, dir_okay=False),
    default=Path("config.yml"),
    show_default=True,
    help="Tệp cấu hình.",
)
unit_option = click.option("--unit", help="Mã đơn vị (mặc định: đơn vị duy nhất).")
json_option = click.option("--json", "as_json", is_flag=True, help="In ra JSON.")


def is_named(unit: str | None) -> bool:
    """Whether the running command was told which configuration or unit to use."""
    source = click.get_current_context().get_parameter_source("config_path")
    return source is not ParameterSource.DEFAULT or unit is not None


@asynccontextmanager
async def open_installation(
    config_path: Path, *, exclusive: bool = False
) -> AsyncIterator[Installation]:
    """Open the installation of a configuration file."""
    config = installation.load(config_path)
    async with installation.open_installation(config, exclusive=exclusive) as opened:
        yield opened


def run(work: Coroutine[Any, Any, T]) -> T:
    """Run a command's coroutine; every failure is one sentence and a hint."""
    try:
        with asyncio.Runner(loop_factory=fast_loop()) as runner:
            return runner.run(work)
    except BotError as error:
        fail(error)
    except KeyboardInterrupt:
        sys.exit(130)


def fast_loop() -> Callable[[], asyncio.AbstractEventLoop] | None:
    """Return uvloop's factory, None where it does not exist (Windows)."""
    try:
        uvloop = importlib.import_module("uvloop")
    except ImportError:
        return None
    factory: Callable[[], asyncio.AbstractEventLoop] = uvloop.new_event_loop
    return factory


def fail(error: BotError) -> NoReturn:
    """Say what is wrong and what to do, then exit 1."""
    click.echo(f"Dạ, xin lỗi: {error}", err=True)
    if error.hint:
        click.echo(f"Gợi ý: {error.hint}", err=True)
    sys.exit(1)


def unexpected(error: Exception) -> NoReturn:
    """Even a bug speaks one sentence; the places in the code follow for support."""
    click.echo(
        f"Dạ, xin lỗi: đã có lỗi ngoài dự kiến ({type(error).__name__}).", err=True
    )
    click.echo(f"Gợi ý: xin gửi dòng này cho đơn vị hỗ trợ: {places(error)}", err=True)
    sys.exit(1)


def one_unit(units: list[str], chosen: str | None) -> str:
    """Return the unit a command acts on; the only one by default."""
    if chosen is not None:
        if chosen not in units:
            raise BotError(
                f"Không có đơn vị '{chosen}' trong cấu hình.",
                f"Các đơn vị hiện có: {', '.join(units)}.",
            )
        return chosen
    if len(units) != 1:
        raise BotError(
            "Cấu hình có nhiều đơn vị, xin nói rõ đơn vị nào.",
            f"Thêm --unit với một trong: {', '.join(units)}.",
        )
    return units[0]


def show_json(value: Any) -> None:
    """Print a value as JSON, accents readable."""
    click.echo(json.dumps(value, ensure_ascii=False))
