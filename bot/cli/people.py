"""``thanthien people erase``: carry out a citizen's right to be forgotten."""

from __future__ import annotations

from pathlib import Path

import click

from bot.cli.common import config_option, one_unit, open_installation, run, show_json
from bot.erasure import erase, find_person
from bot.errors import BotError
from handlers.model import Channel
from storage.erasure import Erasure


@click.group("people")
def people() -> None:
    """Quyền dữ liệu cá nhân của người dân."""


@people.command("erase")
@config_option
@click.option("--unit", help="Mã đơn vị.")
@click.option("--channel", type=click.Choice([c.value for c in Channel]), required=True)
@click.option("--user", "user_id", required=True, help="Mã người dùng trên nền tảng.")
@click.option("--yes", is_flag=True, help="Xóa ngay, không hỏi lại.")
@click.option("--json", "as_json", is_flag=True, help="In ra JSON.")
def erase_command(
    config_path: Path,
    unit: str | None,
    channel: str,
    user_id: str,
    *,
    yes: bool,
    as_json: bool,
) -> None:
    """Xóa mọi dữ liệu của một người; minh chứng chỉ còn mã băm."""
    if not yes:
        click.confirm(
            "Dữ liệu đã xóa không lấy lại được. Xin xác nhận xóa?", abort=True
        )
    done = run(_erase(config_path, unit, Channel(channel), user_id))
    if as_json:
        show_json({"items": done.items, "sends_stopped": len(done.sends)})
    else:
        click.echo(f"Đã xóa {done.items} mục; dừng {len(done.sends)} tin đang chờ gửi.")


async def _erase(
    config_path: Path, unit: str | None, channel: Channel, user_id: str
) -> Erasure:
    async with open_installation(config_path) as opened:
        unit_id = one_unit(list(opened.config.units), unit)
        person_id = await find_person(opened, unit_id, channel, user_id)
        if person_id is None:
            raise BotError(
                "Không tìm thấy người dùng này.",
                "Xin xem lại --channel và --user; có thể đã xóa trước đó.",
            )
        return await erase(opened, unit_id, person_id)
