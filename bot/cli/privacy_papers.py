"""``thanthien privacy register`` and ``breach``: the papers the law asks for."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import click

from bot.cli.common import (
    config_option,
    one_unit,
    open_installation,
    run,
    unit_option,
)
from bot.errors import BotError, DatabaseError
from bot.policy import LOCAL
from handlers.staff.privacy.papers import Facts, Office, breach, facts, register
from handlers.staff.privacy.rules import read_rules
from storage.errors import StorageError

out_option = click.option(
    "--out",
    type=click.Path(path_type=Path, dir_okay=False),
    required=True,
    help="Tệp Markdown mới.",
)


@click.command("register")
@config_option
@unit_option
@out_option
def register_command(config_path: Path, unit: str | None, out: Path) -> None:
    """Lập hồ sơ hoạt động xử lý dữ liệu, điền sẵn điều hệ thống biết."""
    known, office, now = run(_known(config_path, unit))
    _write(out, register(known, office, read_rules(), now))


@click.command("breach")
@config_option
@unit_option
@out_option
@click.option(
    "--found",
    type=click.DateTime(["%Y-%m-%d %H:%M"]),
    required=True,
    help='Lúc phát hiện, giờ Việt Nam, ví dụ "2026-11-25 08:30".',
)
def breach_command(
    config_path: Path, unit: str | None, out: Path, found: datetime
) -> None:
    """Lập danh sách việc cần làm trong 72 giờ khi lộ, mất dữ liệu."""
    known, office, _ = run(_known(config_path, unit))
    _write(out, breach(known, office, found.replace(tzinfo=LOCAL)))


async def _known(config_path: Path, unit: str | None) -> tuple[Facts, Office, datetime]:
    async with open_installation(config_path) as opened:
        config, now = opened.config, opened.clock.now_ms()
        unit_id = one_unit(list(config.units), unit)
        try:
            known = await opened.database.read(lambda c: facts(c, unit_id, now))
        except StorageError as error:
            raise DatabaseError from error
        ours = config.units[unit_id]
        channels = [name for name, part in ours.channels if part is not None]
        retention, has_ai = config.privacy.retention, config.nlu.ai is not None
        office = Office(ours.full_name or ours.name, channels, retention, has_ai)
        return known, office, opened.clock.now()


def _write(out: Path, text: str) -> None:
    try:
        with out.open("x", encoding="utf-8") as file:
            file.write(text)
    except OSError as error:
        raise BotError(
            f"Không tạo được {out} ({error.strerror}).", "Xin chọn một tên mới."
        ) from error
    click.echo(f"Đã ghi {out}. Xin xem lại và điền nốt chỗ để trống.")
