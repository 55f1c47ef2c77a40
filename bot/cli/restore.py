"""``thanthien restore``: a backup becomes an installation, whole or not at all."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import click
from sqlalchemy import Connection

from bot import installation
from bot.cli.backup import PART, beside
from bot.cli.common import config_option, run, show_json
from bot.cli.staff_room import by_option
from bot.clock import SystemClock
from bot.config import Config
from bot.erasure import erase_again
from bot.errors import BotError, DatabaseBusyError, DatabaseError
from bot.installation import Installation, erased_list, files_folder, key_file
from handlers.staff.evidence.live import check as check_log
from handlers.staff.evidence.trust import Trust
from handlers.staff.people.model import OPERATOR
from handlers.staff.permissions import Action, may
from handlers.tags import Tag
from storage import backup, backup_erased, staff
from storage.backup import Content
from storage.backup_erased import Erased
from storage.backup_file import read_frames
from storage.database import Database
from storage.errors import (
    AlreadyRunningError,
    BackupError,
    BackupKeyError,
    BackupVersionError,
    NotEmptyError,
    StorageError,
)
from storage.evidence import Entry, append
from storage.file_folder import FileFolder
from storage.ids import Ids
from storage.keys import KeyRing
from storage.migrate import migrate
from storage.open import SQLITE, open_database, sqlite_path

UNFINISHED = ".restoring"
FILE = click.Path(path_type=Path, dir_okay=False, exists=True)


@dataclass(frozen=True, slots=True)
class Restored:
    """What came back, and what was done about what came back."""

    content: Content
    erased: int
    sends: int
    messages: int
    names: dict[str, list[str]]


@dataclass(frozen=True, slots=True)
class _From:
    """What is restored, who was erased since, who does it, with a key of its own?"""

    file: Path
    gone: Erased
    by: str
    has_key: bool


@click.command("restore")
@click.argument("file", metavar="TỆP", type=FILE)
@config_option
@click.option(
    "--into",
    type=click.Path(path_type=Path, file_okay=False),
    help="Thư mục dữ liệu mới (SQLite); mặc định: nơi ghi trong cấu hình.",
)
@click.option("--key", "key_path", type=FILE, help="Tệp khóa lúc sao lưu.")
@click.option("--erased", type=FILE, multiple=True, help="Danh sách người đã xóa.")
@by_option
@click.option("--json", "as_json", is_flag=True, help="In ra JSON.")
def restore_command(
    file: Path,
    config_path: Path,
    into: Path | None,
    key_path: Path | None,
    erased: tuple[Path, ...],
    by: str,
    *,
    as_json: bool,
) -> None:
    """Phục hồi vào nơi còn trống; người đã xóa vẫn là đã xóa; kiểm tra minh chứng."""
    ours = installation.load(config_path)
    config = _target(ours, into, key_path)
    lists = (*erased, beside(file), erased_list(ours), erased_list(config))
    gone = backup_erased.read(lists)
    done = _restore(config, _From(file, gone, by, key_path is not None))
    backup_erased.note(erased_list(config), gone)
    if as_json:
        shown = {"rows": done.content.total, "files": done.content.files}
        shown |= {"erased_again": done.erased, "sends_unknown": done.sends}
        show_json(shown | {"messages_set_aside": done.messages})
        return
    click.echo(f"Đã phục hồi {done.content.total} dòng, {done.content.files} tệp.")
    click.echo(f"Xóa lại {done.erased} người đã xóa sau lúc sao lưu.")
    click.echo("Nhật ký minh chứng: ✓ ĐÚNG.")
    if done.sends or done.messages:
        click.echo(
            f"{done.sends} tin đang gửi dở được ghi là chưa rõ, {done.messages} tin"
            " đến đang chờ được gác lại (xem 'thanthien replay'): không nói hai lần."
        )


def _target(config: Config, into: Path | None, key_path: Path | None) -> Config:
    changes: dict[str, str] = {"key_file": str(key_path or key_file(config))}
    if into is not None:
        url = f"{SQLITE}{into.resolve() / 'than-thien.db'}"
        changes |= {"url": url, "files": "", "spool": ""}
    storage = config.storage.model_copy(update=changes)
    return config.model_copy(update={"storage": storage})


def _restore(config: Config, source: _From) -> Restored:
    ring = installation.read_ring(config, from_file=source.has_key)
    url = config.storage.url
    try:
        if not url.startswith(SQLITE):
            migrate(url)
            return run(_fill(config, ring, url, source))
        return _restore_sqlite(config, ring, source)
    except StorageError as error:
        raise _sentence(error) from error
    except OSError as error:
        raise BotError(
            f"Không ghi được ({error.strerror}).", "Xin xem quyền và chỗ trống của đĩa."
        ) from error


def _restore_sqlite(config: Config, ring: KeyRing, source: _From) -> Restored:
    """Fill a database under another name; it gets its own when all is well."""
    path = sqlite_path(config.storage.url)
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    if path.exists():
        run(_refuse_data(config.storage.url))
    aside = path.with_name(path.name + UNFINISHED)
    _drop(aside)
    try:
        migrate(f"{SQLITE}{aside}")
        done = run(_fill(config, ring, f"{SQLITE}{aside}", source))
        _sync(aside)
        _drop(path)
        aside.replace(path)
        _sync(path.parent)
    finally:
        _drop(aside)
    return done


async def _refuse_data(url: str) -> None:
    """Nobody may be at work there, and nothing may lie there."""
    database = open_database(url, exclusive=True)
    try:
        await database.read(backup.refuse_data)
    finally:
        await database.close()


async def _fill(config: Config, ring: KeyRing, url: str, source: _From) -> Restored:
    clock = SystemClock()
    database = open_database(url, exclusive=False)
    opened = Installation(config, database, ring, clock, Ids(clock.now_ms))
    try:
        done = await database.write(lambda c: _work(c, opened, source))
        await _close_log(database)
    finally:
        await database.close()
    folder = FileFolder(files_folder(config))
    for unit_id, names in done.names.items():
        folder.delete(unit_id, names)
    return done


async def _close_log(database: Database) -> None:
    if (cut := getattr(database, "truncate_wal", None)) is not None:
        await cut()


def _work(connection: Connection, opened: Installation, source: _From) -> Restored:
    """Rows, files, erasures and the check of the log: one transaction for all."""
    root = files_folder(opened.config)
    frames = read_frames(source.file, opened.ring.backup, opened.ring.fingerprint)
    content = backup.load(connection, frames, lambda n, p: _keep(root / n, p))
    for unit_id in content.header["units"]:
        _refuse_strangers(connection, unit_id, source.by)
    before = backup_erased.known(connection)
    names = erase_again(connection, opened, source.gone)
    erased = len(backup_erased.known(connection)) - len(before)
    sends, messages = backup.settle(connection, opened.clock.now_ms())
    for unit_id in content.header["units"]:
        _verify(connection, opened, unit_id)
        _prove(connection, opened, unit_id, content, source.by)
    return Restored(content, erased, sends, messages, names)


def _refuse_strangers(connection: Connection, unit_id: str, by: str) -> None:
    """The roles are those of the backup: nobody is known here before it came back."""
    if by == OPERATOR:
        return
    if not may(staff.roles_of(connection, unit_id, by), Action.KEEP_BACKUPS):
        raise BotError(
            "Người này không có quyền phục hồi, nên chưa làm gì.",
            "Việc này dành cho: Quản trị (theo vai trò ghi trong bản sao lưu).",
        )


def _verify(connection: Connection, opened: Installation, unit_id: str) -> None:
    report = check_log(connection, unit_id, opened.ring.unit(unit_id), Trust())
    if not report.is_ok:
        raise BotError(
            f"Nhật ký minh chứng trong bản sao lưu có chỗ sai: {report.faults[0]}",
            "Chưa phục hồi gì. Xin giữ nguyên bản sao lưu và báo đơn vị hỗ trợ.",
        )


def _prove(
    connection: Connection,
    opened: Installation,
    unit_id: str,
    content: Content,
    by: str,
) -> None:
    entry = Entry(
        unit_id=unit_id,
        entry_id=opened.ids.new(),
        at=opened.clock.now_ms(),
        tag=Tag.BACKUP_RESTORED.value,
        subject="",
        data={"made_at": content.header["made_at"], "rows": content.total, "by": by},
    )
    append(connection, [entry.row()])


def _keep(place: Path, pieces: Iterator[bytes]) -> None:
    place.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    part = place.with_name(place.name + PART)
    with part.open("wb") as file:
        for piece in pieces:
            file.write(piece)
        file.flush()
        os.fsync(file.fileno())
    part.replace(place)


def _drop(path: Path) -> None:
    """Remove a database file with its log (only ever one without data)."""
    for end in ("", "-wal", "-shm"):
        path.with_name(path.name + end).unlink(missing_ok=True)


def _sync(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _sentence(error: StorageError) -> BotError:
    if isinstance(error, AlreadyRunningError):
        return DatabaseBusyError()
    if isinstance(error, NotEmptyError):
        return BotError(
            "Nơi phục hồi đã có dữ liệu, nên chưa làm gì.",
            "Xin dùng --into với thư mục mới, hoặc một cơ sở dữ liệu còn trống.",
        )
    if isinstance(error, BackupKeyError):
        return BotError(
            "Bản sao lưu này thuộc một khóa khác.",
            "Xin chỉ đúng tệp khóa lúc sao lưu bằng --key.",
        )
    if isinstance(error, BackupVersionError):
        return BotError(
            f"Bản sao lưu do một phiên bản khác của chương trình làm ({error}).",
            "Xin phục hồi bằng phiên bản đã sao lưu, rồi nâng cấp và chạy migrate.",
        )
    if isinstance(error, BackupError):
        return BotError(
            "Bản sao lưu bị hỏng hoặc thiếu, nên chưa phục hồi gì.",
            "Xin dùng một bản khác, và so mã SHA-256 đã ghi lúc sao lưu.",
        )
    return DatabaseError()
