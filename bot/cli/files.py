"""``thanthien files``: what citizens sent, to look at with a reason and a trace."""

from __future__ import annotations

import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
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
from bot.clock import from_ms
from bot.errors import BotError, DatabaseError
from bot.policy import LOCAL
from handlers.staff.files.desk import FilesDesk
from handlers.staff.files.errors import FilesError
from handlers.staff.files.looking import Look, Narrowed, listed, opened, want_again
from storage.errors import StorageError
from storage.file_folder import FileFolder
from storage.file_states import FileState
from storage.vault import Vault

STATES = {
    FileState.WANTED: "đang chờ tải",
    FileState.STORED: "đã lưu",
    FileState.REFUSED: "không nhận",
    FileState.GONE: "không còn trên nền tảng",
}
SHOWN = ("file_id", "channel", "kind", "state", "reason", "size", "media_type")
by_option = click.option("--by", required=True, help="Mã cán bộ thực hiện.")


@click.group("files")
def files() -> None:
    """Ảnh, ghi âm, video, tài liệu người dân gửi. Mỗi lần xem đều được ghi lại."""


@files.command("list")
@config_option
@unit_option
@by_option
@click.option("--state", type=click.Choice([s.value for s in FileState]))
@click.option("--person", default="", help="Mã người gửi.")
@click.option("--event", default="", help="Mã tin có tệp gửi kèm.")
@click.option(
    "--limit", default=50, show_default=True, help="Nhiều nhất bao nhiêu tệp."
)
@json_option
def list_command(
    config_path: Path,
    unit: str | None,
    by: str,
    state: str | None,
    person: str,
    event: str,
    limit: int,
    *,
    as_json: bool,
) -> None:
    """Liệt kê tệp, mới nhất trước (chỉ mã, loại, cỡ, trạng thái)."""
    narrowed = Narrowed(state or "", person, event, limit)
    rows = run(_list(config_path, unit, by, narrowed))
    if as_json:
        show_json([_mapping(row) for row in rows])
        return
    for row in rows:
        click.echo(_line(row))
    click.echo(f"{len(rows)} tệp.")


@files.command("get")
@click.argument("file_id")
@config_option
@unit_option
@by_option
@click.option(
    "--out",
    type=click.Path(path_type=Path),
    required=True,
    help="Tệp mới, hoặc thư mục, để ghi ra.",
)
@click.option("--original", is_flag=True, help="Bản gốc, còn cả nơi chụp nếu có.")
@json_option
def get_command(
    file_id: str,
    config_path: Path,
    unit: str | None,
    by: str,
    out: Path,
    *,
    original: bool,
    as_json: bool,
) -> None:
    """Ghi một tệp ra; bản thường không còn nơi chụp, máy ảnh, giờ chụp."""
    path, look = run(_get(config_path, unit, by, file_id, out, original=original))
    if as_json:
        show_json({"path": str(path), "type": look.media_type, "sha256": look.sha256})
    else:
        click.echo(f"Đã ghi {path} ({look.media_type}).")


@files.command("retry")
@click.argument("file_ids", nargs=-1, required=True)
@config_option
@unit_option
@by_option
def retry_command(
    file_ids: tuple[str, ...], config_path: Path, unit: str | None, by: str
) -> None:
    """Tải lại tệp không nhận được, ví dụ sau khi thêm tên miền vào file_hosts."""
    number = run(_retry(config_path, unit, by, file_ids))
    click.echo(f"Đã đưa {number} tệp vào hàng chờ tải.")


async def _list(
    config_path: Path, unit: str | None, by: str, narrowed: Narrowed
) -> list[dict[str, Any]]:
    async with _desk(config_path, unit, by) as desk:
        return await listed(desk, narrowed)


async def _get(
    config_path: Path,
    unit: str | None,
    by: str,
    file_id: str,
    out: Path,
    *,
    original: bool,
) -> tuple[Path, Look]:
    async with _desk(config_path, unit, by) as desk:
        look = await opened(desk, file_id, original=original)
        return _write(out, look), look


async def _retry(
    config_path: Path, unit: str | None, by: str, file_ids: tuple[str, ...]
) -> int:
    async with _desk(config_path, unit, by) as desk:
        return await want_again(desk, file_ids)


@asynccontextmanager
async def _desk(
    config_path: Path, unit: str | None, by: str
) -> AsyncIterator[FilesDesk]:
    async with open_installation(config_path) as house:
        unit_id = one_unit(list(house.config.units), unit)
        try:
            yield FilesDesk(
                house.database,
                Vault(unit_id, house.ring.unit(unit_id)),
                FileFolder(house.files_folder),
                house.ids,
                house.clock.now_ms,
                by,
            )
        except FilesError as error:
            raise BotError(str(error), error.hint) from error
        except StorageError as error:
            raise DatabaseError from error


def _write(out: Path, look: Look) -> Path:
    """Write a new file that only its owner can read; never over another one."""
    path = out / f"{look.file_id}{look.suffix}" if out.is_dir() else out
    try:
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except OSError as error:
        raise BotError(
            f"Không tạo được tệp {path} ({error.strerror}).",
            "Xin chọn một tên tệp mới trong thư mục ghi được.",
        ) from error
    try:
        with os.fdopen(handle, "wb") as file:
            file.writelines(look.chunks)
    except BaseException:
        with suppress(OSError):
            path.unlink()
        raise
    return path


def _mapping(row: dict[str, Any]) -> dict[str, Any]:
    more = {"person": row["person_id"], "event": row["event_id"]}
    received = from_ms(row["created_at"]).isoformat()
    return {name: row[name] for name in SHOWN} | more | {"received_at": received}


def _line(row: dict[str, Any]) -> str:
    at = f"{from_ms(row['created_at']).astimezone(LOCAL):%d/%m/%Y %H:%M}"
    size = f"{row['size'] / 1024:,.0f} KB" if row["size"] else "–"
    state = STATES[FileState(row["state"])]
    why = f" ({row['reason']})" if row["reason"] else ""
    what = row["media_type"] or row["kind"]
    return f"{row['file_id']}  {at}  {row['channel']}  {what}  {size}  {state}{why}"
