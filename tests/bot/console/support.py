"""A real service with its console on a server, people of each role, and browsers."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import aiohttp
from argon2 import PasswordHasher
from sqlalchemy import Table, select

from bot.app import Service
from bot.console.house import House
from handlers.staff.access import links
from handlers.staff.access.model import Caller, Gate, Purpose
from handlers.staff.people.add import NewMember, add
from handlers.staff.people.model import OPERATOR, Profile, Route
from handlers.staff.permissions import Role
from storage import accounts
from tests.conftest import FakeClock

UNIT = "thanh-ha"
PASSWORD = "ghe-tre-mua-thu-xanh"
QUICK = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
"""The same algorithm, cheap: tests log in many times."""
TOKEN = re.compile(r'name="csrf" value="([0-9a-f]+)"')
NAMES = {
    Role.ADMIN: "Nguyễn Thị Quản",
    Role.OFFICER: "Trần Văn Cán",
    Role.HEAD: "Lê Thị Chánh",
    Role.LEADER: "Phạm Văn Lãnh",
    Role.AUDITOR: "Đỗ Thị Kiểm",
    Role.SEALED_HANDLER: "Bùi Văn Niêm",
}


@dataclass(slots=True)
class Answer:
    """What a page said."""

    status: int
    text: str
    headers: Mapping[str, str]
    url: str

    @property
    def csrf(self) -> str:
        """The token of the first form on the page."""
        found = TOKEN.search(self.text)
        assert found is not None, self.text[:2000]
        return found[1]


class Visitor:
    """A browser without scripts: keeps cookies, follows links, sends forms."""

    def __init__(self, base: str) -> None:
        self.base = base
        self.http = aiohttp.ClientSession(
            cookie_jar=aiohttp.CookieJar(unsafe=True), auto_decompress=True
        )

    async def get(self, path: str, **more: Any) -> Answer:
        """Open a page; redirects are followed unless ``allow_redirects=False``."""
        async with self.http.get(self.base + path, **more) as answer:
            return await _read(answer)

    async def send(self, path: str, data: Any, **more: Any) -> Answer:
        """Send a form as it is, without a token."""
        async with self.http.post(self.base + path, data=data, **more) as answer:
            return await _read(answer)

    async def post(
        self, path: str, data: Any = (), *, page: str = "", **more: Any
    ) -> Answer:
        """Send a form with the token of ``page`` (the form's own address if "")."""
        shown = await self.get(page or path)
        pairs = list(data.items()) if isinstance(data, Mapping) else list(data)
        return await self.send(path, [("csrf", shown.csrf), *pairs], **more)

    async def log_in(
        self, code: str, password: str = PASSWORD, unit: str = UNIT
    ) -> Answer:
        """Log in by the form."""
        told = {"unit": unit, "code": code, "password": password}
        return await self.post("/console/login", told)

    async def close(self) -> None:
        """Close the browser."""
        await self.http.close()


async def _read(answer: aiohttp.ClientResponse) -> Answer:
    text = await answer.text(errors="replace")
    return Answer(answer.status, text, answer.headers, str(answer.url))


@dataclass(slots=True)
class Desk:
    """The console of one process on a server."""

    service: Service
    house: House
    base: str
    clock: FakeClock
    browsers: list[Visitor] = field(default_factory=list)

    @property
    def gate(self) -> Gate:
        """The door of the unit."""
        return self.house.gates[UNIT]

    def browser(self) -> Visitor:
        """Return a new browser, closed with the test."""
        made = Visitor(self.base)
        self.browsers.append(made)
        return made

    async def hire(
        self, code: str, *roles: Role, unit: str = UNIT, password: str = PASSWORD
    ) -> str:
        """Add somebody with a password; return the code."""
        gate = self.house.gates[unit]
        name = NAMES.get(roles[0] if roles else Role.OFFICER, f"Người {code}")
        new = NewMember(
            code,
            Profile(name, "Công chức"),
            frozenset(roles or (Role.OFFICER,)),
            {Route.PHONE: "0912345678"},
        )
        await add(gate.desk(OPERATOR), new, is_known=True)
        made = QUICK.hash(password)
        await gate.database.write(lambda c: links.set_password(c, gate, code, made))
        return code

    async def as_role(self, role: Role, code: str = "") -> Visitor:
        """Return a browser in which somebody of this role is logged in."""
        name = code or role.value.replace("_", "-")
        await self.hire(name, role)
        browser = self.browser()
        answer = await browser.log_in(name)
        assert answer.status == 200, answer.text
        return browser

    async def link(self, code: str, purpose: Purpose = Purpose.INVITE) -> str:
        """Return the path of a one-time link."""
        gate = self.gate

        def work(connection: Any) -> str:
            accounts.open_account(connection, UNIT, code, gate.now_ms())
            return links.make(connection, gate, code, purpose, OPERATOR)

        token = await gate.database.write(work)
        return f"/console/link/{UNIT}/{token}"

    async def rows(self, table: Table) -> list[dict[str, Any]]:
        """Return all rows of a table."""
        return await self.service.database.read(
            lambda c: [dict(row) for row in c.execute(select(table)).mappings()]
        )


HERE = Caller("203.0.113.7", "Chrome, Windows")
