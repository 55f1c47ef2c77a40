"""Does the door open for those who belong here, and for nobody else?"""

from __future__ import annotations

from datetime import timedelta

import pytest

from handlers.staff.access.model import Purpose
from handlers.staff.permissions import Role
from storage.tables import console_session, evidence_entry, metadata
from tests.bot.console.support import PASSWORD, UNIT, Desk

NEW = "con-trau-gam-co-chieu"


async def test_in_and_out(desk: Desk) -> None:
    """A password opens the home page, and log-out shuts it."""
    browser = await desk.as_role(Role.OFFICER)
    home = await browser.get("/console/")
    assert home.status == 200
    assert "Trần Văn Cán" in home.text
    left = await browser.post("/console/logout", page="/console/")
    assert left.url.endswith("/console/login")

    again = await browser.get("/console/account")
    assert again.url.endswith("/console/login?next=/console/account")
    assert await desk.rows(console_session) == []


async def test_the_session_is_new_with_each_login(desk: Desk) -> None:
    """The token before the log-in is worth nothing after it, nor is the former one."""
    browser = await desk.as_role(Role.OFFICER)
    jar = {c.key: c.value for c in browser.http.cookie_jar}
    assert (await browser.get("/console/")).status == 200
    old = desk.browser()
    await old.get("/console/login")
    before = {c.key: c.value for c in old.http.cookie_jar}
    await old.log_in("officer")
    after = {c.key: c.value for c in old.http.cookie_jar}

    assert len({jar["tt_console"], before["tt_console"], after["tt_console"]}) == 3
    assert after["tt_console"].startswith(f"{UNIT}.")
    for row in await desk.rows(console_session):
        assert row["session_mac"] not in after["tt_console"]


@pytest.mark.parametrize(
    ("code", "password"),
    [
        ("officer", "sai-roi-sai-roi"),
        ("khong-co", PASSWORD),
        ("cli", PASSWORD),
        ("' OR 1=1 --", PASSWORD),
        ("<script>alert(1)</script>", "x"),
        ("", ""),
    ],
)
async def test_a_refusal_tells_nothing(desk: Desk, code: str, password: str) -> None:
    """The same sentence for everybody; what was typed is shown escaped, never run."""
    await desk.hire("officer")
    answer = await desk.browser().log_in(code, password)

    assert answer.status == 403
    assert "mã cán bộ hoặc mật khẩu chưa đúng" in answer.text
    assert "<script>alert" not in answer.text


async def test_wrong_tries_have_to_wait(desk: Desk) -> None:
    """The fifth wrong try closes the account's door for a while, longer each time."""
    await desk.hire("officer")
    browser = desk.browser()
    for _ in range(5):
        assert (await browser.log_in("officer", "sai-roi-sai")).status == 403
    answer = await browser.log_in("officer")
    assert answer.status == 429
    assert "30 giây" in answer.text
    desk.clock.advance(timedelta(seconds=31))

    assert (await browser.log_in("officer")).status == 200


async def test_idle_and_old_sessions_end(desk: Desk) -> None:
    """Eight hours without use, or seven days with it, end a session."""
    browser = await desk.as_role(Role.OFFICER)
    desk.clock.advance(timedelta(hours=7, minutes=59))
    assert (await browser.get("/console/account")).url.endswith("/account")
    desk.clock.advance(timedelta(hours=8, minutes=1))
    assert "/login" in (await browser.get("/console/account")).url
    await browser.log_in("officer")
    for _ in range(24):
        desk.clock.advance(timedelta(hours=7))
        last = await browser.get("/console/account")

    assert "/login" in last.url


@pytest.mark.parametrize(
    "wanted",
    [
        "https://evil.example/",
        "//evil.example/console/",
        "/\\evil.example",
        "/console/../../x",
        "/console//evil.example",
        "javascript:alert(1)",
        "/console/\r\nSet-Cookie: a=b",
    ],
)
async def test_the_way_on_stays_in_the_house(desk: Desk, wanted: str) -> None:
    """No address of a stranger is ever followed after the log-in."""
    await desk.hire("officer")
    browser = desk.browser()
    told = {"unit": UNIT, "code": "officer", "password": PASSWORD, "next": wanted}
    page = "/console/login"
    answer = await browser.post(page, told, page=page, allow_redirects=False)

    assert answer.status == 303
    assert answer.headers["Location"] == "/console/"


async def test_an_invitation_is_good_once(desk: Desk) -> None:
    """Looking does not use it up, a weak password does not, a good one does."""
    await desk.hire("mai")
    path, browser = await desk.link("mai"), desk.browser()
    for _ in range(2):
        assert "Trần Văn Cán" in (await browser.get(path)).text
    short = await browser.post(path, {"password": "ngan", "again": "ngan"})
    assert short.status == 400
    assert "ít nhất 10 ký tự" in short.text
    differs = await browser.post(path, {"password": NEW, "again": PASSWORD})
    assert "chưa giống nhau" in differs.text
    answer = await browser.post(path, {"password": NEW, "again": NEW})
    assert answer.url.endswith("/console/")
    assert (await desk.browser().get(path)).status == 410

    assert (await desk.browser().log_in("mai", NEW)).status == 200
    assert (await desk.browser().log_in("mai", PASSWORD)).status == 403


async def test_a_link_ends_after_three_days(desk: Desk) -> None:
    """What lies in a mailbox opens nothing later."""
    await desk.hire("mai")
    path = await desk.link("mai")
    desk.clock.advance(timedelta(hours=72, seconds=1))
    answer = await desk.browser().get(path)

    assert answer.status == 410
    assert "hết hạn" in answer.text


async def test_a_demo_link_lets_in_without_a_password(desk: Desk) -> None:
    """Once, as the person it was made for."""
    await desk.hire("mai")
    path = await desk.link("mai", Purpose.DEMO)
    answer = await desk.browser().post(path)

    assert answer.status == 200
    assert "Xin chào Trần Văn Cán" in answer.text
    assert (await desk.browser().get(path)).status == 410


async def test_a_demanded_change_comes_before_everything(desk: Desk) -> None:
    """Every page leads to the form for a new password until it is chosen."""
    admin = await desk.as_role(Role.ADMIN)
    officer = await desk.as_role(Role.OFFICER)
    page = "/console/people/officer"
    await admin.post(f"{page}/change", page=page)
    asked = await officer.get("/console/people")
    assert asked.url.endswith("/console/account/password")
    path = "/console/account/password"
    same = {"old": PASSWORD, "password": PASSWORD, "again": PASSWORD}
    assert (await officer.post(path, same)).status == 400
    told = {"old": PASSWORD, "password": NEW, "again": NEW}
    assert "đã đổi mật khẩu" in (await officer.post(path, told)).text

    assert (await officer.get("/console/people")).url.endswith("/people")


async def test_the_log_holds_codes_and_never_what_was_typed(desk: Desk) -> None:
    """Evidence of in, out and refusals; no password, token, address or name in it."""
    browser = await desk.as_role(Role.OFFICER)
    await desk.browser().log_in("officer", "mat-khau-sai-kia")
    await desk.browser().log_in("0912345678-la-mat-khau", "gi-do")
    await browser.post("/console/logout", page="/console/")
    tags = [row["tag"] for row in await desk.rows(evidence_entry)]
    for tag in ("logged_in", "refused", "logged_out"):
        assert f"staff:access:{tag}" in tags
    everything = str([await desk.rows(table) for table in metadata.sorted_tables])

    for secret in ("mat-khau-sai-kia", "0912345678-la", PASSWORD, "Trần Văn Cán"):
        assert secret not in everything
