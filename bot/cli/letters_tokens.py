"""``thanthien letters token…``: who may tell us of occasions, and with which token?"""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import click

from bot.cli.common import run, show_json
from bot.cli.staff_room import Place, place_options, staff_room
from bot.clock import from_ms
from bot.errors import BotError
from bot.policy import LOCAL
from handlers.staff.letters import tokens
from handlers.staff.letters.errors import LetterStepError
from handlers.staff.people.desk import Desk


@click.command("token")
@click.argument("name")
@place_options
def token_command(
    config_path: Path, unit: str | None, by: str, name: str, *, as_json: bool
) -> None:
    """Tạo mã kết nối tên NAME cho hệ thống một cửa; mã chỉ hiện một lần."""
    made = run(_make(Place(config_path, unit, by), name))
    if as_json:
        show_json({"name": name, "token": made})
        return
    click.echo(made)
    click.echo("Xin cất mã này vào nơi an toàn: mã không xem lại được.", err=True)


@click.command("tokens")
@place_options
def tokens_command(
    config_path: Path, unit: str | None, by: str, *, as_json: bool
) -> None:
    """Liệt kê các mã kết nối (chỉ tên và ngày, không có mã)."""
    found = run(_listed(Place(config_path, unit, by)))
    if as_json:
        show_json(found)
        return
    for one in found:
        state = (
            f"đã kết thúc {_day(one['ended_at'])}" if one["ended_at"] else "đang dùng"
        )
        click.echo(f"{one['name']}  tạo {_day(one['created_at'])}  {state}")


@click.command("token-end")
@click.argument("name")
@place_options
def token_end_command(
    config_path: Path, unit: str | None, by: str, name: str, *, as_json: bool
) -> None:
    """Kết thúc mã kết nối tên NAME; từ lúc đó mã không dùng được nữa."""
    run(_end(Place(config_path, unit, by), name))
    if as_json:
        show_json({"name": name})
        return
    click.echo(f"Đã kết thúc mã {name}.")


async def _make(place: Place, name: str) -> str:
    async with _desk(place) as desk:
        return await tokens.make(desk, name)


async def _listed(place: Place) -> list[dict[str, object]]:
    async with _desk(place) as desk:
        return await tokens.listed(desk)


async def _end(place: Place, name: str) -> None:
    async with _desk(place) as desk:
        await tokens.end(desk, name)


@asynccontextmanager
async def _desk(place: Place) -> AsyncIterator[Desk]:
    try:
        async with staff_room(place) as room:
            yield room.desk
    except LetterStepError as error:
        raise BotError(str(error), error.hint) from error


def _day(at: object) -> str:
    return f"{from_ms(int(str(at))).astimezone(LOCAL):%d/%m/%Y}"
