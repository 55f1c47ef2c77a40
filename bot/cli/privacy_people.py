"""``thanthien privacy requests`` and ``export``: serve people in their rights."""

from __future__ import annotations

import os
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import asdict
from pathlib import Path
from typing import Any, BinaryIO

import click

from bot.cli.common import config_option, run, show_json, unit_option
from bot.cli.people import CHANNELS, phone
from bot.cli.staff_room import Place, StaffRoom, staff_room
from bot.clock import from_ms
from bot.erasure import find_person
from bot.errors import BotError
from bot.policy import LOCAL
from handlers.staff.cases.telling import DESK
from handlers.staff.permissions import Action
from handlers.staff.privacy import serving
from handlers.staff.privacy.errors import PrivacyError
from handlers.staff.privacy.gathering import Held
from handlers.staff.privacy.packing import pack
from handlers.staff.privacy.requests import KINDS, Request
from storage.file_folder import FileFolder
from storage.vault import Vault

PART = ".part"
by_option = click.option("--by", required=True, help="Mã cán bộ thực hiện.")
json_option = click.option("--json", "as_json_", is_flag=True, help="In ra JSON.")


@click.command("requests")
@config_option
@unit_option
@by_option
@click.option("--closed", is_flag=True, help="Cả những yêu cầu đã xong.")
@json_option
def requests_command(
    config_path: Path, unit: str | None, by: str, *, closed: bool, as_json_: bool
) -> None:
    """Yêu cầu xem, sửa, rút, xóa dữ liệu: gấp nhất trước, kèm hạn luật định."""
    place = Place(config_path, unit, by)
    found, now = run(_requests(place, with_closed=closed))
    if as_json_:
        show_json([asdict(one) | {"late": one.is_late(now)} for one in found])
        return
    for one in found:
        click.echo(_line(one, now))
    click.echo(f"{len(found)} yêu cầu.")


@click.command("export")
@config_option
@unit_option
@by_option
@click.option("--channel", type=click.Choice(CHANNELS), required=True)
@click.option(
    "--user", "user_id", required=True, help="Mã người dùng; với desk là điện thoại."
)
@click.option(
    "--out", type=click.Path(path_type=Path, dir_okay=False), required=True, help="Zip."
)
@json_option
def export_command(
    config_path: Path,
    unit: str | None,
    by: str,
    channel: str,
    user_id: str,
    out: Path,
    *,
    as_json_: bool,
) -> None:
    """Xuất mọi dữ liệu của một người (JSON, PDF, tệp) để giao cho chính người đó."""
    if out.exists():
        raise BotError(f"Đã có tệp {out}.", "Xin chọn một tên mới cho --out.")
    held = run(_export(Place(config_path, unit, by), channel, user_id, out))
    number = len(held.data["words"])
    if as_json_:
        said = {"out": str(out), "words": number, "files": len(held.files)}
        show_json(said | {"unreadable": held.unreadable})
        return
    click.echo(f"Đã ghi {out}: {number} mục, {len(held.files)} tệp; đã ghi minh chứng.")
    click.echo(
        "Xin giao tận tay người yêu cầu sau khi xem đúng người, rồi xóa tệp này."
    )


async def _requests(place: Place, *, with_closed: bool) -> tuple[list[Request], int]:
    async with staff_room(place) as room:
        found = await serving.listed(room.desk, with_closed=with_closed)
        return found, room.opened.clock.now_ms()


async def _export(place: Place, channel: str, user_id: str, out: Path) -> Held:
    async with _rights(place) as room:
        house, unit_id = room.opened, room.desk.unit_id
        # Asked first: whether somebody is known here is told to nobody else either.
        await room.desk.look(Action.SERVE_DATA_RIGHTS, lambda _: None)
        known_as = phone(user_id) if channel == DESK else user_id
        person_id = await find_person(house, unit_id, channel, known_as)
        if person_id is None:
            raise BotError(
                "Không tìm thấy người dùng này.",
                "Xin xem lại --channel và --user; có thể đã xóa trước đó.",
            )
        vault = Vault(unit_id, house.ring.unit(unit_id))
        held = await serving.handed(room.desk, vault, person_id)
        office, now = room.unit.name, house.clock.now()
        folder = FileFolder(house.files_folder)
        _write(out, lambda file: pack(file, held, folder, office, now))
        return held


@asynccontextmanager
async def _rights(place: Place) -> AsyncIterator[StaffRoom]:
    async with staff_room(place) as room:
        try:
            yield room
        except PrivacyError as error:
            raise BotError(str(error), error.hint) from error


def _write(out: Path, fill: Callable[[BinaryIO], None]) -> None:
    """Whole or not at all, and only its owner can read it."""
    part = out.with_name(f".{out.name}{PART}")
    part.unlink(missing_ok=True)
    try:
        handle = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(handle, "wb") as file:
            fill(file)
        part.replace(out)
    except OSError as error:
        raise BotError(
            f"Không ghi được {out} ({error.strerror}).", "Xin chọn nơi khác."
        ) from error
    finally:
        with suppress(OSError):
            part.unlink(missing_ok=True)


def _line(one: Request, now: int) -> str:
    parts: list[Any] = [one.code, KINDS[one.kind], one.state, _day(one.received_at)]
    if one.acknowledge_by is not None:
        parts.append(f"báo đã nhận trước {_day(one.acknowledge_by)}")
    if one.answer_by is not None:
        parts.append(f"thực hiện trước {_day(one.answer_by)}")
    return "  ".join([*parts, *(["QUÁ HẠN"] if one.is_late(now) else [])])


def _day(at: int) -> str:
    return f"{from_ms(at).astimezone(LOCAL):%H:%M %d/%m/%Y}"
