"""``/console/people/<code>``: one person: name, contacts, roles, account.

What an administrator does here is a function of handlers/staff; these pages only ask.
"""

from __future__ import annotations

from typing import Any

from aiohttp import web
from sqlalchemy import Connection

from bot.console.errors import BadFormError
from bot.console.guard import Section, action, get, post
from bot.console.nav import Place
from bot.console.people.listing import account
from bot.console.visit import Visit
from handlers.staff.access import administer, links
from handlers.staff.people import change, departure, roles
from handlers.staff.people.add import NewMember, add
from handlers.staff.people.errors import (
    ChangedMeanwhileError,
    MemberUnknownError,
    PeopleError,
)
from handlers.staff.people.listing import members
from handlers.staff.people.model import Member, Profile, Route
from handlers.staff.permissions import ROLE_NAMES, Action, Role

BAD, CONFLICT = 400, 409
FIELDS = ("code", "name", "title", "public_phone", *(route.value for route in Route))
ROUTE_NAMES = {
    Route.TELEGRAM: "Mã số Telegram",
    Route.ZALO_BOT: "Mã Zalo Bot",
    Route.PHONE: "Điện thoại báo việc",
    Route.EMAIL: "Thư điện tử",
}


@action(Action.MANAGE_STAFF)
async def ask_new(at: Visit) -> web.StreamResponse:
    """Show the form for somebody new."""
    return _new(at, dict.fromkeys(FIELDS, ""), [Role.OFFICER.value])


@action(Action.MANAGE_STAFF)
async def add_new(at: Visit) -> web.StreamResponse:
    """Add somebody."""
    kept, wanted = await _kept(at), await at.chosen("role")
    try:
        await add(at.desk, _told(kept, wanted), is_known=bool(await at.text("join")))
    except PeopleError as error:
        return _new(at, kept, list(wanted), error)
    return at.go(
        f"/console/people/{kept['code']}",
        "Dạ, đã thêm cán bộ. Xin tạo liên kết mời để người đó đặt mật khẩu.",
    )


@action(Action.SEE_STAFF)
async def show(at: Visit) -> web.StreamResponse:
    """Show one person."""
    return await _member(at)


@action(Action.MANAGE_STAFF)
async def save(at: Visit) -> web.StreamResponse:
    """Change name, title, contacts."""
    code, kept = at.request.match_info["code"], await _kept(at)
    seen = await at.text("version", 12)
    wanted = change.Changes(
        kept["name"],
        kept["title"],
        kept["public_phone"],
        bool(await at.text("is_public")),
        {route: kept[route.value] for route in Route if route.value in kept},
    )
    try:
        version = int(seen) if seen.isdigit() else 0
        await change.change(at.desk, code, wanted, seen=version)
    except ChangedMeanwhileError as error:
        return await _member(at, kept, error, CONFLICT)
    except PeopleError as error:
        return await _member(at, kept, error, BAD)
    return at.go(f"/console/people/{code}", "Dạ, đã lưu.")


@action(Action.MANAGE_STAFF)
async def set_roles(at: Visit) -> web.StreamResponse:
    """Give exactly the chosen roles."""
    code = at.request.match_info["code"]
    wanted = await at.chosen("role")
    if not set(wanted) <= set(Role):
        raise BadFormError
    try:
        await roles.set_roles(at.desk, code, [Role(one) for one in wanted])
    except PeopleError as error:
        return await _member(at, None, error, BAD)
    return at.go(f"/console/people/{code}", "Dạ, đã đặt lại vai trò.")


@action(Action.MANAGE_STAFF)
async def do(at: Visit) -> web.StreamResponse:
    """Carry out what concerns the account, or the end of somebody's work."""
    code, act = at.request.match_info["code"], at.request.match_info["act"]
    page = f"/console/people/{code}"
    if act == "invite":
        return await _linked(at, code, await links.invite(at.gate, at.staff_id, code))
    if act == "reset":
        both = bool(await at.text("factor"))
        token = await links.reset(at.gate, at.staff_id, code, factor_too=both)
        return await _linked(at, code, token)
    if act == "block":
        await administer.set_blocked(at.gate, at.staff_id, code, blocked=True)
        return at.go(page, "Dạ, đã khóa tài khoản; mọi phiên đã kết thúc.")
    if act == "unblock":
        await administer.set_blocked(at.gate, at.staff_id, code, blocked=False)
        return at.go(page, "Dạ, đã mở khóa tài khoản.")
    if act == "change":
        await administer.demand_change(at.gate, at.staff_id, code)
        return at.go(page, "Dạ, lần tới người đó phải đổi mật khẩu trước.")
    if act == "leave":
        await departure.leave(at.desk, code)
        return at.go("/console/people", "Dạ, đã ghi nhận thôi việc; xin xem bảng trực.")
    raise web.HTTPNotFound


@action(Action.MANAGE_STAFF)
async def ask(at: Visit) -> web.StreamResponse:
    """Ask once more before something that ends sessions or somebody's work."""
    act = at.request.match_info["act"]
    member = await _found(at)
    if act not in ("reset", "block", "leave"):
        raise web.HTTPNotFound
    return at.html("people/ask.html", "Xác nhận", member=member, act=act)


async def _linked(at: Visit, code: str, token: str) -> web.Response:
    base = at.house.config.server.public_url.rstrip("/") or str(at.request.url.origin())
    return at.html(
        "people/link.html",
        "Liên kết một lần",
        member=await _found(at, code),
        url=f"{base}/console/link/{at.unit_id}/{token}",
    )


async def _found(at: Visit, code: str = "") -> Member:
    wanted = code or at.request.match_info["code"]

    def look(connection: Connection) -> Member | None:
        return members(connection, at.unit_id, at.gate.keys).get(wanted)

    found = await at.desk.look(Action.SEE_STAFF, look)
    if found is None:
        raise MemberUnknownError
    return found


async def _member(
    at: Visit,
    kept: dict[str, str] | None = None,
    error: PeopleError | None = None,
    status: int = 200,
) -> web.Response:
    member = await _found(at)
    state = None
    if at.may(Action.MANAGE_STAFF):
        state = (await administer.states(at.gate, at.staff_id)).get(member.staff_id)
    return at.html(
        "people/member.html",
        member.profile.name,
        status=status,
        member=member,
        account=account(member, {member.staff_id: state} if state else {}),
        state=state,
        kept=kept or _values(member),
        typed=kept,
        error=error,
        is_me=member.staff_id == at.staff_id,
        **_names(),
    )


def _new(
    at: Visit,
    kept: dict[str, str],
    chosen: list[str],
    error: PeopleError | None = None,
) -> web.Response:
    return at.html(
        "people/new.html",
        "Thêm cán bộ",
        status=200 if error is None else BAD,
        kept=kept,
        chosen=chosen,
        error=error,
        **_names(),
    )


def _names() -> dict[str, Any]:
    return {
        "role_names": [(role.value, ROLE_NAMES[role]) for role in Role],
        "route_names": [(route.value, name) for route, name in ROUTE_NAMES.items()],
    }


def _told(kept: dict[str, str], wanted: tuple[str, ...]) -> NewMember:
    if not set(wanted) <= set(Role):
        raise BadFormError
    routes = {route: kept[route.value] for route in Route if kept.get(route.value)}
    profile = Profile(kept["name"], kept["title"], kept["public_phone"])
    return NewMember(kept["code"], profile, frozenset(map(Role, wanted)), routes)


async def _kept(at: Visit) -> dict[str, str]:
    return {name: (await at.text(name, 120)).strip() for name in FIELDS}


def _values(member: Member) -> dict[str, str]:
    profile = member.profile
    return {
        "code": member.staff_id,
        "name": profile.name,
        "title": profile.title,
        "public_phone": profile.public_phone,
    } | {route.value: member.routes.get(route, "") for route in Route}


SECTION = Section(
    (
        get("/people/new", ask_new),
        post("/people/new", add_new),
        get("/people/{code}", show),
        post("/people/{code}", save),
        post("/people/{code}/roles", set_roles),
        get("/people/{code}/{act}", ask),
        post("/people/{code}/{act}", do),
    ),
    place=Place.PEOPLE,
)
