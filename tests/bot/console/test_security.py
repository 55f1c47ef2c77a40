"""Are pages safe against forged forms, foreign frames, scripts in names, big bodies?"""

from __future__ import annotations

import pytest

from bot.console import csrf
from bot.console.visit import safe
from handlers.staff.permissions import Role
from tests.bot.console.support import Desk

EVIL = "<img src=x onerror=alert(1)>\"'{{ 7*7 }}"
PAGES = ("/console/login", "/console/khong-co", "/console/link/thanh-ha/x")


@pytest.mark.parametrize("path", PAGES)
async def test_every_answer_carries_our_headers(desk: Desk, path: str) -> None:
    """Also errors: strict policy, no frames, no sniffing, no cache."""
    answer = await desk.browser().get(path)
    policy = answer.headers["Content-Security-Policy"]

    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert "frame-ancestors 'none'" in policy
    assert answer.headers["X-Frame-Options"] == "DENY"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Cache-Control"] == "no-store"


async def test_cookies_are_out_of_reach(desk: Desk) -> None:
    """HttpOnly and SameSite; over https also Secure and bound to the host."""
    async with desk.browser().http.get(f"{desk.base}/console/login") as answer:
        cookie = answer.headers["Set-Cookie"]
    assert "HttpOnly" in cookie
    assert "SameSite=Lax" in cookie
    desk.house.config.server.__dict__["public_url"] = "https://thanhha.example"
    async with desk.browser().http.get(f"{desk.base}/console/login") as answer:
        cookie = answer.headers["Set-Cookie"]

        assert cookie.startswith("__Host-tt_console=")
        assert "Secure" in cookie
        assert "Domain" not in cookie
        assert answer.headers["Strict-Transport-Security"]


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "https://evil.example"},
        {"Origin": "null"},
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
    ],
)
async def test_a_form_from_elsewhere_is_refused(
    desk: Desk, headers: dict[str, str]
) -> None:
    """Even with a good token."""
    browser = await desk.as_role(Role.ADMIN)
    page = await browser.get("/console/people/new")
    told = {"csrf": page.csrf, "code": "a", "name": "b"}
    answer = await browser.send("/console/people/new", told, headers=headers)

    assert answer.status == 403
    assert "không đến từ bàn làm việc" in answer.text


async def test_a_header_is_as_good_as_a_field(desk: Desk) -> None:
    """What htmx sends is checked like a form."""
    browser = await desk.as_role(Role.OFFICER)
    token = (await browser.get("/console/account")).csrf
    good = {csrf.HEADER: token, "Origin": desk.base}
    path = "/console/account/sessions"
    answer = await browser.send(path, {"session": "others"}, headers=good)
    assert answer.status == 200
    bad = await browser.send(path, {"csrf": token}, headers={csrf.HEADER: "0" * 64})

    assert bad.status == 403


async def test_names_are_shown_and_never_run(desk: Desk) -> None:
    """Stored markup comes out escaped on every page that shows it."""
    admin = await desk.as_role(Role.ADMIN)
    told = {"code": "la", "name": EVIL, "title": EVIL, "role": "officer"}
    shown = await admin.post("/console/people/new", told)
    assert shown.status == 200
    for path in ("/console/people/la", "/console/people", f"/console/people?q={EVIL}"):
        page = await admin.get(path)
        assert "<img src=x" not in page.text
        assert "49" not in page.text.partition("onerror")[2][:60]
        assert "&lt;img" in page.text


async def test_a_big_body_is_refused(desk: Desk) -> None:
    """413 and a sentence, told or streamed."""
    browser = await desk.as_role(Role.OFFICER)
    path = "/console/account/password"
    answer = await browser.send(path, {"csrf": "x" * 70_000})
    assert answer.status == 413
    assert "quá lớn" in answer.text

    async def parts() -> object:
        for _ in range(20):
            yield b"x" * 10_000

    streamed = await browser.send(
        path,
        parts(),
        headers={"Content-Type": "application/x-www-form-urlencoded"},
    )
    assert streamed.status in (403, 413)


async def test_a_stale_form_keeps_what_was_typed(desk: Desk) -> None:
    """Somebody was first: 409, the words are there, and a way to the newest."""
    admin = await desk.as_role(Role.ADMIN)
    await desk.hire("mai")
    page = "/console/people/mai"
    told = {"name": "Tên mới nhất", "version": "1"}
    assert (await admin.post(page, told)).status == 200
    late = await admin.post(page, told | {"name": "Tên của người đến sau"})

    assert late.status == 409
    assert "Tên của người đến sau" in late.text
    assert "Mở bản mới nhất" in late.text
    assert "Tên mới nhất" in (await admin.get(page)).text


@pytest.mark.parametrize("path", ["/console/x?a=//b", "/console/", "/console/a/b"])
def test_our_own_addresses_are_safe(path: str) -> None:
    """What is ours is left as it is."""
    assert safe(path) == path


async def test_tokens_differ_and_hold(desk: Desk) -> None:
    """A token is another one each time, and good only for its session."""
    del desk
    one, two = csrf.token("a" * 43), csrf.token("a" * 43)

    assert one != two
    assert csrf.is_token("a" * 43, one)
    assert not csrf.is_token("b" * 43, one)
    assert not csrf.is_token("", csrf.token(""))
