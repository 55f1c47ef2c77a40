"""``thanthien people erase``: carry out a citizen's right to be forgotten."""

from __future__ import annotations

from pathlib import Path

import click

from bot.cli.common import config_option, one_unit, open_installation, run, show_json
from bot.erasure import erase, find_person
from bot.errors import BotError
from handlers.cases.errors import BadPhoneError
from handlers.model import STAFF_CHANNELS, Channel
from handlers.staff.cases.record import phone_of
from handlers.staff.cases.telling import DESK
from storage.erasure import Erasure

CHANNELS = [*(c.value for c in Channel if c not in STAFF_CHANNELS), DESK]
"""A citizen who came or phoned is known by the phone, on the channel "desk"."""


@click.group("people")
def people() -> None:
    """Quyền dữ liệu cá nhân của người dân."""


@people.command("erase")
@config_option
@click.option("--unit", help="Mã đơn vị.")
@click.option("--channel", type=click.Choice(CHANNELS), required=True)
@click.option(
    "--user",
    "user_id",
    required=True,
    help="Mã người dùng trên nền tảng; với desk là số điện thoại.",
)
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
    done = run(_erase(config_path, unit, channel, user_id))
    if as_json:
        show_json({"items": done.items, "sends_stopped": len(done.sends)})
    else:
        click.echo(f"Đã xóa {done.items} mục; dừng {len(done.sends)} tin đang chờ gửi.")


async def _erase(
    config_path: Path, unit: str | None, channel: str, user_id: str
) -> Erasure:
    async with open_installation(config_path) as opened:
        unit_id = one_unit(list(opened.config.units), unit)
        known_as = phone(user_id) if channel == DESK else user_id
        person_id = await find_person(opened, unit_id, channel, known_as)
        if person_id is None:
            raise BotError(
                "Không tìm thấy người dùng này.",
                "Xin xem lại --channel và --user; có thể đã xóa trước đó.",
            )
        return await erase(opened, unit_id, person_id)


def phone(text: str) -> str:
    """Return a phone's digits from 0 on; raises BotError."""
    try:
        return phone_of(text)
    except BadPhoneError as error:
        raise BotError(str(error), error.hint) from error
