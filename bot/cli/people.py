"""``thanthien people erase``: carry out a citizen's right to be forgotten."""

from __future__ import annotations

from pathlib import Path

import click

from bot.cli.common import run, show_json
from bot.cli.staff_room import Place, place_options, staff_room
from bot.erasure import erase, find_person
from bot.errors import BotError
from handlers.cases.errors import BadPhoneError
from handlers.model import STAFF_CHANNELS, Channel
from handlers.staff.cases.record import phone_of
from handlers.staff.cases.telling import DESK
from handlers.staff.permissions import Action
from storage.erasure import Erasure

CHANNELS = [*(c.value for c in Channel if c not in STAFF_CHANNELS), DESK]
"""A citizen who came or phoned is known by the phone, on the channel "desk"."""


@click.group("people")
def people() -> None:
    """Quyền dữ liệu cá nhân của người dân."""


@people.command("erase")
@place_options
@click.option("--channel", type=click.Choice(CHANNELS), required=True)
@click.option(
    "--user",
    "user_id",
    required=True,
    help="Mã người dùng trên nền tảng; với desk là số điện thoại.",
)
@click.option("--yes", is_flag=True, help="Xóa ngay, không hỏi lại.")
def erase_command(
    config_path: Path,
    unit: str | None,
    by: str,
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
    done = run(_erase(Place(config_path, unit, by), channel, user_id))
    if as_json:
        show_json({"items": done.items, "sends_stopped": len(done.sends)})
    else:
        click.echo(f"Đã xóa {done.items} mục; dừng {len(done.sends)} tin đang chờ gửi.")


async def _erase(place: Place, channel: str, user_id: str) -> Erasure:
    async with staff_room(place) as room:
        opened, unit_id = room.opened, room.desk.unit_id
        await room.desk.look(Action.ERASE_PEOPLE, lambda _: None)
        known_as = phone(user_id) if channel == DESK else user_id
        person_id = await find_person(opened, unit_id, channel, known_as)
        if person_id is None:
            raise BotError(
                "Không tìm thấy người dùng này.",
                "Xin xem lại --channel và --user; có thể đã xóa trước đó.",
            )
        return await erase(opened, unit_id, person_id, by=place.by)


def phone(text: str) -> str:
    """Return a phone's digits from 0 on; raises BotError."""
    try:
        return phone_of(text)
    except BadPhoneError as error:
        raise BotError(str(error), error.hint) from error
