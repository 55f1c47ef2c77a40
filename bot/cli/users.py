"""``thanthien users``: who works for the commune, in which roles, reached how?"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from bot.cli.common import run, show_json
from bot.cli.staff_room import Place, StaffRoom, place_options, staff_room
from bot.console.first_link import link
from bot.errors import BotError
from handlers.staff.access import links
from handlers.staff.access.model import Gate
from handlers.staff.access.passwords import Hasher
from handlers.staff.people import add, change, departure, listing, roles
from handlers.staff.people.add import NewMember
from handlers.staff.people.change import Changes
from handlers.staff.people.model import Member, Profile, Route
from handlers.staff.permissions import ROLE_NAMES, Role

role_option = click.option(
    "--role",
    "chosen",
    multiple=True,
    type=click.Choice([role.value for role in Role]),
    help="Vai trò; ghi nhiều lần nếu có nhiều vai trò.",
)
ROUTE_HELP = {
    Route.TELEGRAM: "Mã số người dùng Telegram.",
    Route.ZALO_BOT: "Mã người dùng Zalo Bot.",
    Route.PHONE: "Điện thoại để báo việc; không hiện cho người dân.",
    Route.EMAIL: "Thư điện tử; không hiện cho người dân.",
}


def person_options(command: Any) -> Any:
    """Add what is told about a person."""
    for route in reversed(Route):
        name = f"--{route.value.replace('_', '-')}"
        command = click.option(name, route.value, help=ROUTE_HELP[route])(command)
    for option in (
        click.option(
            "--public/--no-public",
            "is_public",
            default=None,
            help="Người dân được xem họ tên, chức danh (mặc định: không).",
        ),
        click.option("--public-phone", help="Số điện thoại công bố cho người dân."),
        click.option("--title", help="Chức danh, ví dụ: Công chức Văn phòng."),
        click.option("--name", help="Họ tên đầy đủ."),
    ):
        command = option(command)
    return command


@click.group("users")
def users() -> None:
    """Cán bộ của đơn vị: thêm, sửa, vai trò, thôi việc."""


@users.command("add")
@place_options
@click.argument("staff_id", metavar="MÃ")
@person_options
@role_option
@click.option("--join", is_flag=True, help="Đúng là người đã có mã này ở nơi khác.")
def add_command(
    config_path: Path,
    unit: str | None,
    by: str,
    staff_id: str,
    chosen: tuple[str, ...],
    *,
    join: bool,
    as_json: bool,
    **told: Any,
) -> None:
    """Thêm một cán bộ với mã tự đặt (không dùng họ tên làm mã)."""
    profile = Profile(
        told["name"] or "", told["title"] or "", told["public_phone"] or ""
    )
    names = frozenset(map(Role, chosen)) or frozenset({Role.OFFICER})
    new = NewMember(staff_id, profile, names, _routes(told), bool(told["is_public"]))
    member = run(_add(Place(config_path, unit, by), new, join=join))
    _show(member, f"Đã thêm cán bộ {member.staff_id}", as_json=as_json)


@users.command("list")
@place_options
@click.option("--all", "also_left", is_flag=True, help="Cả người đã thôi việc.")
def list_command(
    config_path: Path, unit: str | None, by: str, *, also_left: bool, as_json: bool
) -> None:
    """Liệt kê cán bộ, vai trò và cách liên hệ đã có."""
    found = run(_list(Place(config_path, unit, by), also_left=also_left))
    if as_json:
        show_json([as_mapping(member) for member in found])
        return
    for member in found:
        click.echo(line(member))
    click.echo(f"{len(found)} cán bộ.")


@users.command("change")
@place_options
@click.argument("staff_id", metavar="MÃ")
@person_options
def change_command(
    config_path: Path,
    unit: str | None,
    by: str,
    staff_id: str,
    *,
    as_json: bool,
    **told: Any,
) -> None:
    """Sửa họ tên, chức danh, liên hệ; ghi "" để xóa một mục."""
    wanted = Changes(
        told["name"],
        told["title"],
        told["public_phone"],
        told["is_public"],
        _routes(told),
    )
    if not wanted.names():
        raise BotError(
            "Chưa nói cần sửa gì.", "Xin xem 'thanthien users change --help'."
        )
    member = run(_change(Place(config_path, unit, by), staff_id, wanted))
    _show(member, f"Đã sửa cán bộ {member.staff_id}", as_json=as_json)


@users.command("roles")
@place_options
@click.argument("staff_id", metavar="MÃ")
@role_option
@click.option("--none", is_flag=True, help="Bỏ hết vai trò.")
def roles_command(
    config_path: Path,
    unit: str | None,
    by: str,
    staff_id: str,
    chosen: tuple[str, ...],
    *,
    none: bool,
    as_json: bool,
) -> None:
    """Đặt lại vai trò của một cán bộ, đúng như danh sách --role."""
    if none == bool(chosen):
        raise BotError("Xin chọn --role hoặc --none.", _role_hint())
    names = frozenset(map(Role, chosen))
    member = run(_roles(Place(config_path, unit, by), staff_id, names))
    _show(member, f"Đã đặt vai trò của {member.staff_id}", as_json=as_json)


@users.command("remove")
@place_options
@click.argument("staff_id", metavar="MÃ")
@click.option("--yes", is_flag=True, help="Không hỏi lại.")
def remove_command(
    config_path: Path,
    unit: str | None,
    by: str,
    staff_id: str,
    *,
    yes: bool,
    as_json: bool,
) -> None:
    """Ghi nhận một cán bộ thôi làm việc: bỏ vai trò và mọi cách liên hệ."""
    if not yes:
        click.confirm(f"Cán bộ {staff_id} thôi làm việc ở đơn vị?", abort=True)
    run(_remove(Place(config_path, unit, by), staff_id))
    if as_json:
        show_json({"id": staff_id, "state": "left"})
    else:
        click.echo(f"Cán bộ {staff_id} đã thôi làm việc; xin xem lại bảng trực.")


@users.command("invite")
@place_options
@click.argument("staff_id", metavar="MÃ")
def invite_command(
    config_path: Path, unit: str | None, by: str, staff_id: str, *, as_json: bool
) -> None:
    """Tạo liên kết một lần để một cán bộ đặt mật khẩu vào bàn làm việc."""
    url = run(_invite(Place(config_path, unit, by), staff_id))
    _show_link(url, staff_id, as_json=as_json)


@users.command("reset")
@place_options
@click.argument("staff_id", metavar="MÃ")
@click.option("--factor", is_flag=True, help="Tắt luôn xác thực hai lớp.")
def reset_command(
    config_path: Path,
    unit: str | None,
    by: str,
    staff_id: str,
    *,
    factor: bool,
    as_json: bool,
) -> None:
    """Bỏ mật khẩu và mọi phiên của một cán bộ, tạo liên kết đặt lại."""
    url = run(_reset(Place(config_path, unit, by), staff_id, factor=factor))
    _show_link(url, staff_id, as_json=as_json)


def _show_link(url: str, staff_id: str, *, as_json: bool) -> None:
    if as_json:
        show_json({"id": staff_id, "link": url})
        return
    click.echo("Xin gửi riêng liên kết này (dùng một lần, trong 72 giờ):")
    click.echo(url)


def as_mapping(member: Member) -> dict[str, Any]:
    """Return a member as JSON values; of contacts only which there are."""
    return {
        "id": member.staff_id,
        "name": member.profile.name,
        "title": member.profile.title,
        "roles": sorted(member.roles),
        "state": member.state.value,
        "public": member.is_public,
        "public_phone": member.profile.public_phone,
        "routes": sorted(member.routes),
        "version": member.version,
    }


def line(member: Member) -> str:
    """Return a member in one line."""
    names = ", ".join(ROLE_NAMES[role] for role in Role if role in member.roles)
    who = ", ".join(filter(None, (member.profile.name, member.profile.title)))
    state = "" if member.is_active else "  (đã thôi việc)"
    reach = ", ".join(sorted(member.routes)) or "chưa có cách liên hệ"
    return f"{member.staff_id}  {who}  [{names or 'chưa có vai trò'}]  {reach}{state}"


def _show(member: Member, sentence: str, *, as_json: bool) -> None:
    if as_json:
        show_json(as_mapping(member))
    else:
        click.echo(f"{sentence}.")
        click.echo(line(member))


def _routes(told: dict[str, Any]) -> dict[Route, str]:
    return {route: told[route] for route in Route if told[route] is not None}


def _role_hint() -> str:
    told = ", ".join(f"{role.value} ({ROLE_NAMES[role]})" for role in Role)
    return f"Vai trò: {told}."


async def _add(place: Place, new: NewMember, *, join: bool) -> Member:
    async with staff_room(place) as room:
        return await add.add(room.desk, new, is_known=join)


async def _list(place: Place, *, also_left: bool) -> list[Member]:
    async with staff_room(place) as room:
        return await listing.listed(room.desk, also_left=also_left)


async def _change(place: Place, staff_id: str, wanted: Changes) -> Member:
    async with staff_room(place) as room:
        return await change.change(room.desk, staff_id, wanted)


async def _roles(place: Place, staff_id: str, names: frozenset[Role]) -> Member:
    async with staff_room(place) as room:
        return await roles.set_roles(room.desk, staff_id, names)


async def _remove(place: Place, staff_id: str) -> None:
    async with staff_room(place) as room:
        await departure.leave(room.desk, staff_id)


async def _invite(place: Place, staff_id: str) -> str:
    async with staff_room(place) as room:
        token = await links.invite(_gate(room), place.by, staff_id)
        return _address(room, token)


async def _reset(place: Place, staff_id: str, *, factor: bool) -> str:
    async with staff_room(place) as room:
        token = await links.reset(_gate(room), place.by, staff_id, factor_too=factor)
        return _address(room, token)


def _gate(room: StaffRoom) -> Gate:
    desk, name = room.desk, room.unit.name
    shared = (desk.database, desk.unit_id, desk.keys, desk.ids, desk.now_ms)
    return Gate(*shared, Hasher(), name)


def _address(room: StaffRoom, token: str) -> str:
    server = room.opened.config.server
    base = server.public_url or f"http://{server.host}:{server.port}"
    return link(base, room.desk.unit_id, token)
