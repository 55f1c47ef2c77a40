"""Who can be tried out in the demonstration? Made-up people, one for each role.

Only ``thanthien demo`` calls this: its links let somebody in without a password.
"""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import partial

from sqlalchemy import Connection

from bot.console.first_link import link
from handlers.staff.access import links
from handlers.staff.access.model import Gate, Purpose
from handlers.staff.people.add import NewMember, add
from handlers.staff.people.errors import CodeTakenError
from handlers.staff.people.model import OPERATOR, Profile, Route
from handlers.staff.permissions import ROLE_NAMES, Role
from storage import accounts


@dataclass(frozen=True, slots=True)
class Made:
    """One made-up person; the codes are those of the sandbox's officers."""

    code: str
    name: str
    title: str
    role: Role


PEOPLE = (
    Made("mai", "Nguyễn Thị Mai", "công chức một cửa", Role.OFFICER),
    Made("tuan", "Trần Anh Tuấn", "công chức địa chính", Role.OFFICER),
    Made("binh", "Vũ Thanh Bình", "chánh văn phòng", Role.HEAD),
    Made("hoa", "Phạm Thị Hòa", "phó chủ tịch", Role.LEADER),
    Made("nam", "Hoàng Văn Nam", "quản trị hệ thống", Role.ADMIN),
    Made("lan", "Đặng Thị Lan", "thanh tra nhân dân", Role.AUDITOR),
    Made("son", "Bùi Hữu Sơn", "người xử lý tố cáo", Role.SEALED_HANDLER),
)


async def demo_links(gate: Gate, base: str) -> Sequence[tuple[str, str, str]]:
    """Return (role, name, address) of a way in for each made-up person."""
    found = []
    for one in PEOPLE:
        await _enter(gate, one)
        token = await gate.database.write(partial(_link, gate=gate, one=one))
        address = link(base, gate.unit_id, token)
        found.append((ROLE_NAMES[one.role], one.name, address))
    return found


async def _enter(gate: Gate, one: Made) -> None:
    new = NewMember(
        one.code,
        Profile(one.name, one.title),
        frozenset({one.role}),
        {Route.PHONE: "0900000000"},
        is_public=one.role in (Role.OFFICER, Role.HEAD),
    )
    with suppress(CodeTakenError):  # a demonstration on a folder that is kept
        await add(gate.desk(OPERATOR), new, is_known=True)


def _link(connection: Connection, gate: Gate, one: Made) -> str:
    accounts.open_account(connection, gate.unit_id, one.code, gate.now_ms())
    return links.make(connection, gate, one.code, Purpose.DEMO, OPERATOR)
