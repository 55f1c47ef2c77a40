"""Are the pages of greetings legible to everybody, on a phone and a desk?"""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.async_api import Browser

from handlers.staff.permissions import Role
from tests.bot.chromium import Watch, browser
from tests.bot.console.eyes import carry, context, look
from tests.bot.console.support import Desk
from tests.bot.console.test_greetings import drafted

pytestmark = pytest.mark.browser
__all__ = ["browser"]


@pytest.mark.parametrize(("width", "scheme"), [("phone", "light"), ("desk", "dark")])
async def test_the_pages_of_greetings_are_for_everybody(
    desk: Desk, browser: Browser, tmp_path: Path, width: str, scheme: str
) -> None:
    """WCAG rules hold, nothing scrolls sideways, nothing is fetched from outside."""
    url = await drafted(desk)
    await desk.hire("both", Role.OFFICER, Role.LEADER)
    both = desk.browser()
    await both.log_in("both")
    window = await context(browser, width, scheme)
    page = await window.new_page()
    watch = Watch(page, desk.base)
    await carry(desk, both, window)
    faults: dict[str, list[str]] = {}
    for name, path in {"list": "/console/greetings", "one": url}.items():
        await page.goto(desk.base + path)
        faults[name] = await look(page, f"greetings-{name}-{width}-{scheme}", tmp_path)

    assert {name: found for name, found in faults.items() if found} == {}
    assert watch.faults == []
