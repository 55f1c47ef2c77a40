"""Is every page guarded, for every role, exactly as the table of rights says?"""

from __future__ import annotations

import re

import pytest

from bot.console.guard import Guarded, Open
from bot.console.routes import SECTIONS, guarded
from handlers.staff.permissions import PERMISSIONS, Action, Role
from tests.bot.console.support import Desk, Visitor

PUBLIC = {
    "GET /login",
    "POST /login",
    "GET /login/code",
    "POST /login/code",
    "GET /link/{unit}/{token}",
    "POST /link/{unit}/{token}",
}
"""Written down apart from the code: a page that opens to all is added twice."""
STREAMS = {"GET /live"}
FORBIDDEN = 403
BROKEN = 500


def address(path: str) -> str:
    """Return an address of a route that leads nowhere in particular."""
    return "/console" + re.sub(r"\{[a-z_]+\}", "khong-co", path)


def test_every_page_says_its_action_or_is_known_to_be_open() -> None:
    """Nothing is open by oversight."""
    pages = {f"{r.method} {r.path}": r.page for s in SECTIONS for r in s.routes}
    opened = {name for name, page in pages.items() if isinstance(page, Open)}

    assert opened == PUBLIC
    assert all(isinstance(pages[name], Guarded) for name in pages.keys() - PUBLIC)


async def _status(browser: Visitor, csrf: str, name: str) -> int:
    method, path = name.split(" ", 1)
    if method == "GET":
        return (await browser.get(address(path), allow_redirects=False)).status
    told = {"csrf": csrf}
    return (await browser.send(address(path), told, allow_redirects=False)).status


@pytest.mark.parametrize("role", Role)
async def test_each_role_opens_what_the_table_allows(desk: Desk, role: Role) -> None:
    """403 exactly where the table says no; no page breaks on nonsense."""
    browser = await desk.as_role(role)
    csrf = (await browser.get("/console/account")).csrf
    pages = guarded()
    names = sorted(pages.keys() - STREAMS - {"POST /logout"})
    found = {name: await _status(browser, csrf, name) for name in names}
    refused = {name for name, status in found.items() if status == FORBIDDEN}

    assert {n: s for n, s in found.items() if s >= BROKEN} == {}
    assert refused == {n for n in names if role not in PERMISSIONS[pages[n].action]}


async def test_without_a_session_every_page_leads_to_the_login(desk: Desk) -> None:
    """A page redirects, a form is refused, and nothing else is told."""
    browser = desk.browser()
    csrf = (await browser.get("/console/login")).csrf
    for name in sorted(guarded()):
        status = await _status(browser, csrf, name)
        assert status == (303 if name.startswith("GET") else 401), name


async def test_every_form_needs_its_token(desk: Desk) -> None:
    """No POST of any page does anything without the token of this session."""
    browser, other = await desk.as_role(Role.ADMIN), desk.browser()
    foreign = (await other.get("/console/login")).csrf
    for name in sorted(n for n in guarded() if n.startswith("POST")):
        for csrf in ("", foreign, "zz", "00" * 32):
            assert await _status(browser, csrf, name) == FORBIDDEN, name


async def test_who_is_blocked_or_loses_the_role_is_out_at_once(desk: Desk) -> None:
    """Rights are asked anew with every request."""
    admin = await desk.as_role(Role.ADMIN)
    officer = await desk.as_role(Role.OFFICER)
    assert (await officer.get("/console/")).status == 200
    page = "/console/people/officer"
    await admin.post(f"{page}/roles", {"role": "auditor"}, page=page)
    home = await officer.get("/console/")
    assert "Kiểm tra, giám sát" in home.text
    await admin.post(f"{page}/block")

    assert "/console/login" in (await officer.get("/console/")).url
    assert Action.OPEN_CONSOLE in PERMISSIONS
