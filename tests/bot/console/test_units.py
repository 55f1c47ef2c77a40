"""Does an account of one commune open nothing in another?"""

from __future__ import annotations

from handlers.staff.permissions import Role
from tests.bot.console.conftest import OTHER
from tests.bot.console.support import PASSWORD, UNIT, Desk

ELSEWHERE = "con-trau-gam-co-chieu"


async def test_each_commune_asks_its_own_password_once(two_desks: Desk) -> None:
    """Going over asks the other password; going back and forth then asks nothing."""
    await two_desks.hire("mai", Role.ADMIN)
    await two_desks.hire("mai", Role.OFFICER, unit=OTHER, password=ELSEWHERE)
    browser = two_desks.browser()
    assert "xã Tân An" in (await browser.get("/console/login")).text
    await browser.log_in("mai")
    page = "/console/unit"
    asked = await browser.post(page, {"unit": OTHER})
    assert "Mật khẩu tại xã Tân An" in asked.text
    wrong = {"unit": OTHER, "code": "mai", "password": PASSWORD}
    there = f"/console/unit/login?xa={OTHER}"
    assert (await browser.post("/console/login", wrong, page=there)).status == 403
    assert "xã Thanh Hà" in (await browser.get("/console/")).text
    right = wrong | {"password": ELSEWHERE}
    home = await browser.post("/console/login", right, page=there)
    assert "<strong>xã Tân An</strong>" in home.text
    assert (await browser.get("/console/people/new")).status == 403

    back = await browser.post(page, {"unit": UNIT})
    assert "<strong>xã Thanh Hà</strong>" in back.text
    again = await browser.post(page, {"unit": OTHER})
    assert "<strong>xã Tân An</strong>" in again.text
    await browser.post("/console/logout", page="/console/")
    assert "/login" in (await browser.get("/console/")).url


async def test_a_token_is_worth_nothing_next_door(two_desks: Desk) -> None:
    """Rewriting the cookie to another commune is being nobody there."""
    await two_desks.hire("mai", Role.ADMIN)
    await two_desks.hire("mai", Role.ADMIN, unit=OTHER, password=ELSEWHERE)
    browser = two_desks.browser()
    await browser.log_in("mai")
    (cookie,) = [c for c in browser.http.cookie_jar if c.key == "tt_console"]
    forged = cookie.value.replace(UNIT, OTHER)
    thief = two_desks.browser()
    answer = await thief.get(
        "/console/people", headers={"Cookie": f"tt_console={forged}"}
    )

    assert "/console/login" in answer.url
