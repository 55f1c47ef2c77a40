"""``thanthien privacy register`` and ``breach``: the papers the law asks for."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import click

from bot.cli.common import config_option, run, unit_option
from bot.cli.staff_room import Place, by_option, staff_room
from bot.errors import BotError
from bot.policy import LOCAL
from bot.privacy_office import office_of
from handlers.staff.permissions import Action
from handlers.staff.privacy.papers import Facts, Office, breach, facts, register
from handlers.staff.privacy.rules import read_rules

out_option = click.option(
    "--out",
    type=click.Path(path_type=Path, dir_okay=False),
    required=True,
    help="Tệp Markdown mới.",
)


@click.command("register")
@config_option
@unit_option
@by_option
@out_option
def register_command(config_path: Path, unit: str | None, by: str, out: Path) -> None:
    """Lập hồ sơ hoạt động xử lý dữ liệu, điền sẵn điều hệ thống biết."""
    known, office, now = run(_known(Place(config_path, unit, by)))
    _write(out, register(known, office, read_rules(), now))


@click.command("breach")
@config_option
@unit_option
@by_option
@out_option
@click.option(
    "--found",
    type=click.DateTime(["%Y-%m-%d %H:%M"]),
    required=True,
    help='Lúc phát hiện, giờ Việt Nam, ví dụ "2026-11-25 08:30".',
)
def breach_command(
    config_path: Path, unit: str | None, by: str, out: Path, found: datetime
) -> None:
    """Lập danh sách việc cần làm trong 72 giờ khi lộ, mất dữ liệu."""
    known, office, _ = run(_known(Place(config_path, unit, by)))
    _write(out, breach(known, office, found.replace(tzinfo=LOCAL)))


async def _known(place: Place) -> tuple[Facts, Office, datetime]:
    async with staff_room(place) as room:
        clock, unit_id = room.opened.clock, room.desk.unit_id
        now = clock.now_ms()
        known = await room.desk.look(
            Action.KEEP_PRIVACY, lambda c: facts(c, unit_id, now)
        )
        return known, office_of(room.opened.config, unit_id), clock.now()


def _write(out: Path, text: str) -> None:
    try:
        with out.open("x", encoding="utf-8") as file:
            file.write(text)
    except OSError as error:
        raise BotError(
            f"Không tạo được {out} ({error.strerror}).", "Xin chọn một tên mới."
        ) from error
    click.echo(f"Đã ghi {out}. Xin xem lại và điền nốt chỗ để trống.")
