"""``thanthien backup``: one sealed file with everything but the master key."""

from __future__ import annotations

import asyncio
import hashlib
import os
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import BinaryIO

import click
from sqlalchemy import Connection

from bot.cli.common import config_option, open_installation, run, show_json
from bot.cli.staff_room import by_option, desks
from bot.errors import BotError, DatabaseError
from bot.installation import Installation, erased_list, key_file
from handlers.staff.people.desk import Desk
from handlers.staff.permissions import Action
from handlers.tags import Tag
from storage import backup, backup_erased
from storage.backup import Content
from storage.backup_erased import Erased
from storage.backup_file import BackupWriter, read_frames
from storage.errors import BackupError, StorageError

PART = ".part"


@dataclass(frozen=True, slots=True)
class Made:
    """A backup that was written and read back."""

    content: Content
    sha256: str
    size: int
    waiting: int
    erased: int


@click.command("backup")
@config_option
@click.option(
    "--out",
    type=click.Path(path_type=Path, dir_okay=False),
    required=True,
    help="Tệp sao lưu mới.",
)
@by_option
@click.option("--json", "as_json", is_flag=True, help="In ra JSON.")
def backup_command(config_path: Path, out: Path, by: str, *, as_json: bool) -> None:
    """Sao lưu ngay khi dịch vụ đang chạy: dữ liệu và tệp, đã mã hóa, đã đọc lại."""
    made, key = run(_backup(config_path, out, by))
    if as_json:
        shown = {"out": str(out), "rows": made.content.total, "key": str(key)}
        shown |= {"files": made.content.files, "sha256": made.sha256}
        shown |= {"bytes": made.size, "spool_waiting": made.waiting}
        show_json(shown | {"erased_listed": made.erased})
        return
    click.echo(f"Đã sao lưu {made.content.total} dòng, {made.content.files} tệp.")
    click.echo(f"{out} ({made.size} byte), SHA-256 {made.sha256}; đã đọc lại, đúng.")
    click.echo(f"Danh sách người đã xóa đi cùng: {beside(out)} ({made.erased} người).")
    if made.waiting:
        click.echo(f"Còn {made.waiting} tệp tin chờ tạm chưa vào cơ sở dữ liệu.")
    click.echo(f"Khóa KHÔNG nằm trong bản sao lưu. Xin giữ riêng: {key}")


def beside(out: Path) -> Path:
    """Where the list of erased people lies that goes with a backup."""
    return out.parent / backup_erased.NAME


async def back_up(opened: Installation, out: Path) -> Made:
    """Write and verify a backup; ``out`` appears whole or not at all.

    Raises OSError, StorageError.
    """
    part = out.with_name(f".{out.name}{PART}")
    try:
        with _opened(part) as file:
            written, erased = await _write(opened, file)
            await asyncio.to_thread(os.fsync, file.fileno())
        await asyncio.to_thread(_verify, opened, part, written)
        digest, size = await asyncio.to_thread(_digest, part)
        _note(opened, out, erased)
        await asyncio.to_thread(_publish, part, out)
    except BaseException:
        with suppress(OSError):
            part.unlink(missing_ok=True)
        raise
    waiting = len(list(opened.spool_folder.glob("*.spool")))
    return Made(written, digest, size, waiting, len(erased))


async def _backup(config_path: Path, out: Path, by: str) -> tuple[Made, Path]:
    if await asyncio.to_thread(out.exists):
        raise BotError(f"Đã có tệp {out}.", "Xin chọn một tên mới cho --out.")
    async with open_installation(config_path) as opened:
        try:
            async with desks(opened, by) as units:
                for desk in units:
                    await desk.look(Action.KEEP_BACKUPS, lambda _: None)
                made = await back_up(opened, out)
                await _prove(units, made)
                return made, key_file(opened.config)
        except OSError as error:
            raise BotError(
                f"Không ghi được {out} ({error.strerror}).",
                "Xin chọn nơi khác hoặc giải phóng đĩa.",
            ) from error
        except BackupError as error:
            raise BotError(
                "Bản sao lưu vừa ghi đọc lại không đúng, đã bỏ đi.",
                "Xin kiểm tra đĩa rồi sao lưu lại.",
            ) from error
        except StorageError as error:
            raise DatabaseError from error


async def _prove(units: Sequence[Desk], made: Made) -> None:
    """A copy of everything lies there from now on; the log says who made it."""
    rows, mark = made.content.total, made.sha256
    for desk in units:

        def work(connection: Connection, desk: Desk = desk) -> None:
            desk.prove(connection, Tag.BACKUP_MADE, "", rows=rows, sha256=mark)

        await desk.database.write(work)


async def _write(opened: Installation, file: BinaryIO) -> tuple[Content, Erased]:
    ring = opened.ring
    writer = BackupWriter(file, ring.fingerprint)
    header = {
        "made_at": opened.clock.now_ms(),
        "units": list(opened.config.units),
        "fingerprint": ring.fingerprint,
    }

    def work(connection: Connection) -> tuple[Content, Erased]:
        content = backup.dump(connection, writer, header)
        backup.add_files(writer, content, opened.files_folder)
        return content, backup_erased.known(connection)

    content, erased = await opened.database.read(work)
    backup.end(writer, content)
    await asyncio.to_thread(writer.finish, ring.backup)
    file.flush()
    return content, erased


def _verify(opened: Installation, part: Path, written: Content) -> None:
    ring = opened.ring
    found = backup.check(read_frames(part, ring.backup, ring.fingerprint))
    if found != written:
        raise BackupError("read back")


def _note(opened: Installation, out: Path, erased: Erased) -> None:
    """Both lists know what the database knows, and what the other list knows."""
    places = (erased_list(opened.config), beside(out))
    everybody = backup_erased.read(places) | erased
    for place in places:
        backup_erased.note(place, everybody)


def _opened(path: Path) -> BinaryIO:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.unlink(missing_ok=True)
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    return os.fdopen(handle, "wb")


def _digest(path: Path) -> tuple[str, int]:
    digest = hashlib.sha256()
    with path.open("rb") as file:
        for piece in iter(partial(file.read, backup.PIECE), b""):
            digest.update(piece)
    return digest.hexdigest(), path.stat().st_size


def _publish(part: Path, out: Path) -> None:
    part.replace(out)
    handle = os.open(out.parent, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
