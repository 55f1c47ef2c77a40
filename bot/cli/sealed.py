"""``thanthien sealed``: what denouncers wrote, for the one or two who may read it."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import datetime
from pathlib import Path
from typing import Any

import click

from bot.cli.common import (
    config_option,
    json_option,
    one_unit,
    open_installation,
    run,
    show_json,
    unit_option,
)
from bot.errors import BotError, DatabaseError
from bot.policy import LOCAL
from handlers.staff.sealed import reading
from handlers.staff.sealed.desk import SealedDesk
from handlers.staff.sealed.errors import SealedError
from handlers.staff.sealed.words import Opened
from storage.errors import StorageError

STATES = {
    "open": "đang chờ",
    "closed": "đã kết thúc",
    "inspected": "đã chuyển kiểm tra (Điều 25)",
}
by_option = click.option("--by", required=True, help="Mã người được giao tiếp nhận.")


@click.group("sealed")
def sealed() -> None:
    """Tin niêm phong (tố cáo): chỉ người được giao mở; mỗi lần xem đều được ghi lại."""


@sealed.command("list")
@config_option
@unit_option
@by_option
@click.option("--all", "also_closed", is_flag=True, help="Cả tin đã kết thúc.")
@json_option
def list_command(
    config_path: Path, unit: str | None, by: str, *, also_closed: bool, as_json: bool
) -> None:
    """Liệt kê tin niêm phong: mã, ngày, trạng thái; không có nội dung."""
    rows = run(_list(config_path, unit, by, also_closed=also_closed))
    if as_json:
        show_json(rows)
        return
    for row in rows:
        click.echo(f"{row['entry_id']}  {row['day']}  {STATES[row['state']]}")
    click.echo(f"{len(rows)} tin niêm phong.")


@sealed.command("read")
@click.argument("entry_id", metavar="MÃ")
@config_option
@unit_option
@by_option
@json_option
def read_command(
    entry_id: str, config_path: Path, unit: str | None, by: str, *, as_json: bool
) -> None:
    """Mở một tin niêm phong."""
    found = run(_read(config_path, unit, by, entry_id))
    if as_json:
        show_json(_mapping(found))
        return
    click.echo(f"{found.day}  {STATES[found.state]}")
    for line in found.lines:
        at = datetime.fromisoformat(line.at).astimezone(LOCAL)
        click.echo(f"[{at:%d/%m/%Y %H:%M}] {line.text}")
    if found.files:
        click.echo(f"Kèm {found.files} tệp, không lưu lại.")
    if found.user_id:
        click.echo(f"Liên hệ: {found.channel} {found.user_id}")


@sealed.command("close")
@click.argument("entry_id", metavar="MÃ")
@config_option
@unit_option
@by_option
@click.option(
    "--inspected",
    "is_inspected",
    is_flag=True,
    help="Đã chuyển thanh tra, kiểm tra theo Điều 25 Luật Tố cáo.",
)
def close_command(
    entry_id: str, config_path: Path, unit: str | None, by: str, *, is_inspected: bool
) -> None:
    """Kết thúc một tin niêm phong."""
    run(_close(config_path, unit, by, entry_id, is_inspected=is_inspected))
    click.echo("Đã kết thúc tin niêm phong.")


async def _list(
    config_path: Path, unit: str | None, by: str, *, also_closed: bool
) -> list[dict[str, Any]]:
    async with _desk(config_path, unit, by) as desk:
        return await reading.listed(desk, also_closed=also_closed)


async def _read(config_path: Path, unit: str | None, by: str, entry_id: str) -> Opened:
    async with _desk(config_path, unit, by) as desk:
        return await reading.read(desk, entry_id)


async def _close(
    config_path: Path, unit: str | None, by: str, entry_id: str, *, is_inspected: bool
) -> None:
    async with _desk(config_path, unit, by) as desk:
        await reading.close(desk, entry_id, is_inspected=is_inspected)


@asynccontextmanager
async def _desk(
    config_path: Path, unit: str | None, by: str
) -> AsyncIterator[SealedDesk]:
    async with open_installation(config_path) as house:
        unit_id = one_unit(list(house.config.units), unit)
        try:
            yield SealedDesk(
                house.database,
                unit_id,
                house.ring.unit(unit_id),
                house.ids,
                house.clock.now_ms,
                by,
            )
        except SealedError as error:
            raise BotError(str(error), error.hint) from error
        except StorageError as error:
            raise DatabaseError from error


def _mapping(found: Opened) -> dict[str, Any]:
    return {
        "id": found.entry_id,
        "day": found.day,
        "state": found.state,
        "messages": [{"at": line.at, "text": line.text} for line in found.lines],
        "files": found.files,
        "channel": found.channel,
        "user_id": found.user_id,
    }
