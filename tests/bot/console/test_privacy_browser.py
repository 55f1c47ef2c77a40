"""Are the pages about personal data legible to everybody, on a phone and a desk?"""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.async_api import Browser

from handlers.staff.permissions import Role
from tests.bot.chromium import Watch, browser
from tests.bot.console.eyes import EYES, carry, context, look
from tests.bot.console.support import Desk
from tests.bot.console.test_privacy import asked

pytestmark = pytest.mark.browser
__all__ = ["browser"]


@pytest.mark.parametrize(("width", "scheme"), EYES)
async def test_the_pages_about_data_are_for_everybody(
    desk: Desk, browser: Browser, tmp_path: Path, width: str, scheme: str
) -> None:
    """WCAG rules hold, nothing scrolls sideways, nothing is fetched from outside."""
    code = await asked(desk)
    await asked(desk, "du_lieu_rut")
    await desk.hire("both", Role.HEAD, Role.ADMIN)
    head = desk.browser()
    await head.log_in("both")
    page_url = f"/console/privacy/{code}"
    said = {"purpose": "learning", "said": "no"}
    await head.post(f"{page_url}/consent", said, page=page_url)
    window = await context(browser, width, scheme)
    page = await window.new_page()
    watch = Watch(page, desk.base)
    await carry(desk, head, window)
    faults: dict[str, list[str]] = {}
    for name, path in (
        ("list", "/console/privacy"),
        ("papers", "/console/privacy-papers"),
        ("request", page_url),
    ):
        await page.goto(desk.base + path)
        faults[name] = await look(page, f"privacy-{name}-{width}-{scheme}", tmp_path)
    await page.get_by_role("button", name="Xem (đã che)").click()
    await page.get_by_role("heading", name="Mới nhất").wait_for()
    faults["preview"] = await look(page, f"privacy-look-{width}-{scheme}", tmp_path)
    await page.goto(desk.base + page_url)
    await page.get_by_role("button", name="Xóa dữ liệu").click()
    await page.get_by_text("không lấy lại được").wait_for()
    faults["sure"] = await look(page, f"privacy-sure-{width}-{scheme}", tmp_path)
    await window.close()

    assert {name: bad for name, bad in faults.items() if bad} == {}
    assert watch.faults == []
