"""Are the pages of letters legible to everybody, on a phone and a desk?"""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.async_api import Browser

from handlers.staff.permissions import Role
from tests.bot.chromium import Watch, browser
from tests.bot.console.eyes import EYES, carry, context, look
from tests.bot.console.support import Desk
from tests.bot.console.test_letters import COUPLE, NEW, act, draft

pytestmark = pytest.mark.browser
__all__ = ["browser"]


@pytest.mark.parametrize(("width", "scheme"), EYES)
async def test_the_pages_of_letters_are_for_everybody(
    desk: Desk, browser: Browser, tmp_path: Path, width: str, scheme: str
) -> None:
    """WCAG rules hold, nothing scrolls sideways, nothing is fetched from outside."""
    officer, leader = await desk.as_role(Role.OFFICER), await desk.as_role(Role.LEADER)
    await desk.hire("both", Role.OFFICER, Role.LEADER, Role.HEAD)
    both = desk.browser()
    await both.log_in("both")
    url = await draft(officer)
    await act(officer, url, "write/check")
    await leader.get("/console/letters")
    window = await context(browser, width, scheme)
    page = await window.new_page()
    watch = Watch(page, desk.base)
    await carry(desk, both, window)
    paths = {
        "list": "/console/letters",
        "choose": "/console/letters/new",
        "letter": url,
        "approve": "/console/letters/approve",
        "print": "/console/letters/print",
        "import": "/console/letters/import",
        "book": "/console/letters/book",
        "templates": "/console/letters/templates?try=ket_hon",
        "occasions": "/console/letters/occasions",
        "birthdays": "/console/letters/birthdays",
        "kinds": "/console/letters/kinds",
        "kind": "/console/letters/kinds/edit",
    }
    faults: dict[str, list[str]] = {}
    for name, path in paths.items():
        await page.goto(desk.base + path)
        faults[name] = await look(page, f"letters-{name}-{width}-{scheme}", tmp_path)
    await page.goto(desk.base + NEW)
    for name, value in COUPLE.items():
        await page.locator(f"#f-{name}").fill(value)
    await page.locator("#f-ngay").blur()
    await page.locator("#preview img").wait_for()
    await page.wait_for_load_state("networkidle")
    faults["form"] = await look(page, f"letters-form-{width}-{scheme}", tmp_path)

    assert {name: found for name, found in faults.items() if found} == {}
    assert watch.faults == []
