"""``thanthien privacy requests`` and ``export``: serve people in their rights."""

from __future__ import annotations

import os
import zipfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import asdict
from pathlib import Path
from typing import Any

import click

from bot.cli.common import (
    config_option,
    one_unit,
    open_installation,
    run,
    show_json,
    unit_option,
)
from bot.cli.people import CHANNELS, phone
from bot.clock import from_ms
from bot.erasure import find_person
from bot.errors import BotError, DatabaseError
from bot.installation import Installation
from bot.policy import LOCAL
from handlers.files.kinds import SUFFIXES
from handlers.staff.cases.telling import DESK
from handlers.staff.files.desk import FilesDesk
from handlers.staff.files.errors import FilesError
from handlers.staff.privacy.gathering import Held, gather
from handlers.staff.privacy.handing import as_json, as_pdf
from handlers.staff.privacy.requests import KINDS, Request, requests
from handlers.tags import Tag
from storage import evidence
from storage.errors import FileDamagedError, StorageError
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
    found, now = run(_requests(config_path, unit, by, with_closed=closed))
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
    held = run(_export(config_path, unit, by, channel, user_id, out))
    number = len(held.data["words"])
    if as_json_:
        said = {"out": str(out), "words": number, "files": len(held.files)}
        show_json(said | {"unreadable": held.unreadable})
        return
    click.echo(f"Đã ghi {out}: {number} mục, {len(held.files)} tệp; đã ghi minh chứng.")
    click.echo(
        "Xin giao tận tay người yêu cầu sau khi xem đúng người, rồi xóa tệp này."
    )


@asynccontextmanager
async def _desk(
    config_path: Path, unit: str | None, by: str
) -> AsyncIterator[tuple[Installation, FilesDesk]]:
    async with open_installation(config_path) as house:
        unit_id = one_unit(list(house.config.units), unit)
        vault = Vault(unit_id, house.ring.unit(unit_id))
        folder = FileFolder(house.files_folder)
        with_ids = (house.database, vault, folder, house.ids)
        try:
            yield house, FilesDesk(*with_ids, house.clock.now_ms, by)
        except FilesError as error:
            raise BotError(str(error), error.hint) from error
        except StorageError as error:
            raise DatabaseError from error


async def _requests(
    config_path: Path, unit: str | None, by: str, *, with_closed: bool
) -> tuple[list[Request], int]:
    async with _desk(config_path, unit, by) as (house, desk):
        found = await desk.database.read(
            lambda c: requests(c, desk.unit_id, with_closed=with_closed)
        )
        proof = desk.proof(Tag.DATA_REQUESTS_LISTED, "", count=len(found))
        await desk.database.write(lambda c: evidence.append(c, [proof.row()]))
        return found, house.clock.now_ms()


async def _export(
    config_path: Path, unit: str | None, by: str, channel: str, user_id: str, out: Path
) -> Held:
    async with _desk(config_path, unit, by) as (house, desk):
        known_as = phone(user_id) if channel == DESK else user_id
        person_id = await find_person(house, desk.unit_id, channel, known_as)
        if person_id is None:
            raise BotError(
                "Không tìm thấy người dùng này.",
                "Xin xem lại --channel và --user; có thể đã xóa trước đó.",
            )
        # The look is proved before anything is opened.
        proof = desk.proof(Tag.PERSON_EXPORTED, person_id, person_id)
        await desk.database.write(lambda c: evidence.append(c, [proof.row()]))
        held = await desk.database.read(lambda c: gather(c, desk.vault, person_id))
        if held is None:
            raise BotError("Người này vừa được xóa dữ liệu.", "Không còn gì để xuất.")
        office = house.config.units[desk.unit_id].name
        pages = as_pdf(held.data, office, house.clock.now())
        _write(out, held, desk.folder, pages)
        return held


def _write(out: Path, held: Held, folder: FileFolder, pages: bytes) -> None:
    """Whole or not at all, and only its owner can read it."""
    part = out.with_name(f".{out.name}{PART}")
    part.unlink(missing_ok=True)
    try:
        handle = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with (
            os.fdopen(handle, "wb") as file,
            zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as box,
        ):
            box.writestr("du-lieu.json", as_json(held.data))
            box.writestr("du-lieu.pdf", pages)
            for number, (name, media_type) in enumerate(held.files, 1):
                _add(box, held, folder, name, f"{number:03d}{_suffix(media_type)}")
        part.replace(out)
    except OSError as error:
        raise BotError(
            f"Không ghi được {out} ({error.strerror}).", "Xin chọn nơi khác."
        ) from error
    finally:
        with suppress(OSError):
            part.unlink(missing_ok=True)


def _add(
    box: zipfile.ZipFile, held: Held, folder: FileFolder, name: str, shown: str
) -> None:
    try:
        with box.open(f"tep/{shown}", "w") as file:
            for piece in folder.read(held.vault, name):
                file.write(piece)
    except FileDamagedError as error:
        raise BotError(
            "Một tệp của người này bị mất hoặc hỏng trên đĩa.",
            "Chưa xuất gì. Xin phục hồi tệp từ bản sao lưu rồi xuất lại.",
        ) from error


def _suffix(media_type: str) -> str:
    return SUFFIXES.get(media_type, ".bin")


def _line(one: Request, now: int) -> str:
    parts: list[Any] = [one.code, KINDS[one.kind], one.state, _day(one.received_at)]
    if one.acknowledge_by is not None:
        parts.append(f"báo đã nhận trước {_day(one.acknowledge_by)}")
    if one.answer_by is not None:
        parts.append(f"thực hiện trước {_day(one.answer_by)}")
    return "  ".join([*parts, *(["QUÁ HẠN"] if one.is_late(now) else [])])


def _day(at: int) -> str:
    return f"{from_ms(at).astimezone(LOCAL):%H:%M %d/%m/%Y}"
