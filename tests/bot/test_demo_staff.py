"""The staff group of the demo, driven by hand in a browser beside a citizen's phone."""

from __future__ import annotations

import asyncio
import os
from pathlib import Path
from typing import Any

import pytest
from playwright.async_api import Browser, Page, expect

from tests.bot.chromium import Watch, browser, say
from tests.bot.test_demo_phone import WAIT_MS, demo

pytestmark = pytest.mark.browser
__all__ = ["browser", "demo"]
SHOTS = os.environ.get("SANDBOX_SHOTS", "")
WORDS = "Nội dung tin nhắn của cán bộ"
CUT_OFF = """() => [...document.querySelectorAll(
  ".line .box, .keys button, .say textarea, .say button, .topics button")]
  .filter((one) => one.checkVisibility())
  .filter((one) => one.getBoundingClientRect().right > innerWidth + 1)
  .map((one) => one.className)"""


async def _staff(browser: Browser, demo: str, width: int) -> tuple[Page, Watch]:
    page = await browser.new_page(viewport={"width": width, "height": 800})
    page.set_default_timeout(WAIT_MS)
    watch = Watch(page, demo)
    await page.goto(f"{demo}/sandbox/staff")
    await expect(page.locator("#group-name")).to_have_text("Tổ trực Thân Thiện")
    return page, watch


async def _phone(browser: Browser, demo: str) -> Page:
    page = await browser.new_page(viewport={"width": 1280, "height": 800})
    page.set_default_timeout(WAIT_MS)
    await page.goto(f"{demo}/sandbox/")
    return page


async def _shot(page: Page, name: str) -> None:
    if SHOTS:
        await asyncio.sleep(0.4)  # a picture for people, once animations are over
        await page.screenshot(path=str(Path(SHOTS) / f"{name}.png"))


def _topic(page: Page) -> Any:
    return page.locator("#topics button", has_text="gặp cán bộ").first


@pytest.mark.parametrize("width", [1280, 360])
async def test_an_officer_takes_answers_and_closes(
    browser: Browser, demo: str, width: int
) -> None:
    """The card appears, Nhận is pressed, a reply reaches the phone, Đóng ends it."""
    staff, watch = await _staff(browser, demo, width)
    phone = await _phone(browser, demo)
    await say(phone, "cho tôi gặp cán bộ")
    await expect(phone.locator("#talk")).to_contain_text("cán bộ")
    await _topic(staff).click()
    await expect(staff.locator("#lines")).to_contain_text("Loại: gặp cán bộ")
    await _shot(staff, f"staff-card-{width}")

    await staff.get_by_role("button", name="Nhận", exact=True).click()
    await expect(staff.locator("#lines")).to_contain_text("đã có mai nhận")
    await expect(staff.locator("#toast")).to_contain_text("đã nhận việc")
    await staff.get_by_role("button", name="Trả lời tin này").first.click()
    await staff.get_by_label(WORDS).fill("Mời bác ra quầy số 2 sáng mai ạ.")
    await staff.get_by_label(WORDS).press("Enter")
    await expect(phone.locator("#talk")).to_contain_text("Mời bác ra quầy số 2")
    await expect(staff.locator("#lines")).to_contain_text("đang được gửi")
    await _shot(staff, f"staff-answered-{width}")
    await staff.get_by_role("button", name="Đóng", exact=True).click()
    await expect(staff.locator("#lines")).to_contain_text("được mai đóng")

    assert await staff.evaluate(CUT_OFF) == []
    assert watch.faults == []


async def test_an_officer_answers_by_number_on_zalo(
    browser: Browser, demo: str
) -> None:
    """The Zalo bot has no buttons: 2 with words reaches the phone."""
    staff, watch = await _staff(browser, demo, 1280)
    phone = await _phone(browser, demo)
    await say(phone, "cho tôi gặp cán bộ")
    await staff.locator("#topics button", has_text="Bot Tổ trực").click()
    await expect(staff.locator("#lines")).to_contain_text("Trả lời 1 để nhận")
    await staff.get_by_label(WORDS).fill("2 Mời bác ra quầy số 3 ạ.")
    await staff.get_by_label(WORDS).press("Enter")
    await expect(phone.locator("#talk")).to_contain_text("quầy số 3")
    await _shot(staff, "staff-zalo-bot")

    assert watch.faults == []
