"""``/console/people``: who works for the unit, in which roles, with which account?"""

from __future__ import annotations

from collections.abc import Callable

from aiohttp import web

from bot.console.export import download
from bot.console.filters import Filter, ListQuery, parse
from bot.console.guard import Section, action, get
from bot.console.nav import Item, Place
from bot.console.table import Cell, Column, Table, paged
from bot.console.visit import Visit
from handlers.staff.access.administer import states
from handlers.staff.access.model import AccountState
from handlers.staff.people.listing import listed
from handlers.staff.people.model import Member
from handlers.staff.permissions import ROLE_NAMES, Action, Role
from nlu.normalise import fold

ITEM = Item(Place.PEOPLE, "/people", Action.SEE_STAFF)
ROLE = Filter("role", "Vai trò", [(role.value, ROLE_NAMES[role]) for role in Role])
STATE = Filter("state", "Tình trạng", [("left", "Đã thôi việc")])
FILTERS = (ROLE, STATE)
SORTS = ("code", "name")


@action(Action.SEE_STAFF)
async def show(at: Visit) -> web.StreamResponse:
    """Show the list."""
    query = parse(at.request.query, FILTERS, SORTS)
    rows = await _rows(at, query)
    table = Table(
        "Cán bộ của đơn vị",
        await _columns(at),
        paged(rows, query),
        query,
        total=len(rows),
        filters=FILTERS,
        empty="Không có cán bộ nào như vậy.",
        live="member",
        export=True,
        searchable=True,
    )
    return at.html("people/list.html", "Người dùng & trực", table=table)


@action(Action.SEE_STAFF)
async def export(at: Visit) -> web.StreamResponse:
    """Return the list as a file."""
    query = parse(at.request.query, FILTERS, SORTS)
    rows, columns = await _rows(at, query), await _columns(at)
    return download(at.request.match_info["kind"], "can-bo", columns, rows)


async def _rows(at: Visit, query: ListQuery) -> list[Member]:
    is_left = query.chosen.get("state") == "left"
    found = await listed(at.desk, also_left=is_left)
    rows = [one for one in found if _fits(one, query) and one.is_active != is_left]
    rows.sort(key=_key(query), reverse=query.is_down)
    return rows


def _fits(one: Member, query: ListQuery) -> bool:
    role = query.chosen.get("role")
    if role is not None and role not in one.roles:
        return False
    words = fold(query.words.lower()).split()
    told = fold(f"{one.staff_id} {one.profile.name} {one.profile.title}".lower())
    return all(word in told for word in words)


def _key(query: ListQuery) -> Callable[[Member], tuple[str, str]]:
    def of(one: Member) -> tuple[str, str]:
        name = fold(one.profile.name.lower()).split()[::-1]
        return (" ".join(name) if query.sort == "name" else "", one.staff_id)

    return of


async def _columns(at: Visit) -> list[Column[Member]]:
    columns: list[Column[Member]] = [
        Column("Mã", _code, sort="code"),
        Column("Họ tên", _name, sort="name"),
        Column("Vai trò", _roles),
        Column("Báo việc", _reach),
    ]
    if at.may(Action.MANAGE_STAFF):
        known = await states(at.gate, at.staff_id)
        columns.append(Column("Tài khoản", lambda one: account(one, known)))
    return columns


def _code(one: Member) -> Cell:
    return Cell(one.staff_id, url=f"/console/people/{one.staff_id}")


def _name(one: Member) -> Cell:
    return Cell(one.profile.name, small=one.profile.title)


def _roles(one: Member) -> str:
    names = (ROLE_NAMES[role] for role in Role if role in one.roles)
    return ", ".join(names) or "—"


def _reach(one: Member) -> Cell:
    if not one.is_active:
        return Cell("Đã thôi việc", tone="quiet")
    if one.is_reachable:
        return Cell("Liên hệ được", tone="good")
    return Cell("Chưa có cách liên hệ", tone="warn")


def account(one: Member, known: dict[str, AccountState]) -> Cell:
    """Say in words how far somebody's account is."""
    state = known.get(one.staff_id, AccountState())
    if state.is_blocked:
        return Cell("Đang khóa", tone="bad")
    if state.has_password:
        return Cell("Hai lớp" if state.has_factor else "Có mật khẩu", tone="good")
    if state.invited_until is not None:
        return Cell("Đã mời, chưa vào", tone="warn")
    return Cell("Chưa mời", tone="quiet")


SECTION = Section(
    (get("/people", show), get("/people/export.{kind}", export)), item=ITEM
)
