"""Does the desk work in a real browser: legible, live on two screens, by keys?"""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.async_api import Browser, expect

from handlers.staff.permissions import Role
from tests.bot.chromium import Watch, browser
from tests.bot.console.desk_people import commune, writes
from tests.bot.console.eyes import carry, context, look
from tests.bot.console.support import Desk

pytestmark = pytest.mark.browser
__all__ = ["browser"]


@pytest.mark.parametrize(("width", "scheme"), [("phone", "dark"), ("desk", "light")])
async def test_the_desk_is_for_everybody(
    desk: Desk, browser: Browser, tmp_path: Path, width: str, scheme: str
) -> None:
    """WCAG rules hold on every page, nothing scrolls sideways."""
    here = commune(desk)
    vault = await here.citizen("ba Tư")
    await writes(desk, vault, "Chào xã, đèn đường trước nhà văn hóa thôn 3 hỏng ba hôm")
    case = await here.reports(vault)
    await here.reports(vault, "gop_y")
    await here.reports(await here.citizen("cô Sáu"), "kien_nghi")
    officer = await desk.as_role(Role.OFFICER)
    talk = f"/console/cases/talks/{vault.person_id}/facebook"
    told = {"text": "Chào bác, em đang xem ạ.", "talk": "1"}
    await officer.post(talk, told, page=talk)
    await desk.as_role(Role.HEAD)
    handler = await desk.as_role(Role.SEALED_HANDLER)
    window = await context(browser, width, scheme)
    page = await window.new_page()
    watch = Watch(page, desk.base)
    faults: dict[str, list[str]] = {}
    mine = {
        "list": "/console/cases",
        "overdue": "/console/cases?tab=overdue",
        "found": "/console/cases?q=den+duong",
        "talks": "/console/cases/talks",
        "talk": talk,
        "case": f"/console/cases/{case.code}",
        "new": "/console/cases/new",
    }
    await carry(desk, officer, window)
    for name, path in (mine | {"sealed": "/console/cases/sealed"}).items():
        if name == "sealed":
            await carry(desk, handler, window)
        await page.goto(desk.base + path)
        found = await look(page, f"desk-{name}-{width}-{scheme}", tmp_path)
        faults |= {name: found} if found else {}

    assert faults == {}
    assert watch.faults == []


async def test_an_officers_day_is_seen_on_a_second_screen(
    desk: Desk, browser: Browser
) -> None:
    """A new case appears by itself; taken, answered and closed in another window."""
    here = commune(desk)
    officer, head = await desk.as_role(Role.OFFICER), await desk.as_role(Role.HEAD)
    one, two = await context(browser, "desk"), await context(browser, "desk")
    await carry(desk, officer, one)
    await carry(desk, head, two)
    mine, other = await one.new_page(), await two.new_page()
    await mine.goto(f"{desk.base}/console/cases")
    await other.goto(f"{desk.base}/console/cases")
    await expect(mine.locator(".nothing")).to_be_visible()
    case = await here.reports(await here.citizen("ba Tư"))
    desk.house.hub.tell("thanh-ha", "case")
    await expect(mine.locator("#list")).to_contain_text(case.code)
    await expect(other.locator("#list")).to_contain_text(case.code)

    await mine.keyboard.press("j")
    await mine.keyboard.press("Enter")
    await mine.get_by_role("button", name="Nhận việc này").click()
    await expect(mine.get_by_role("status").first).to_contain_text("đã làm")
    await expect(other.locator("#list")).not_to_contain_text(case.code)
    await mine.get_by_label("Trả lời người dân").fill("Đã thay bóng đèn ạ.")
    await mine.reload()
    box = mine.get_by_label("Trả lời người dân")
    await expect(box).to_have_value("Đã thay bóng đèn ạ.")
    await mine.get_by_role("button", name="Gửi trả lời kết quả").click()
    await expect(mine.locator("#talk")).to_contain_text("Đã thay bóng đèn ạ.")
    await mine.get_by_text("Kết thúc hồ sơ").click()
    await mine.get_by_role("button", name="Kết thúc", exact=True).click()
    await expect(mine.get_by_role("status").first).to_contain_text("đã làm")
    await other.get_by_role("link", name="Đã xong").click()
    await expect(other.locator("#list")).to_contain_text(case.code)
