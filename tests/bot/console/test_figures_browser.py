"""Do figures, charts, settings and the five faces hold in a real browser?"""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.async_api import Browser, Page, expect

from handlers.staff.permissions import Role
from tests.bot.chromium import Watch, browser
from tests.bot.console.eyes import EYES, carry, context, look
from tests.bot.console.support import Desk
from tests.handlers.staff.reports.made import fill

pytestmark = pytest.mark.browser
__all__ = ["browser"]
OPEN = "() => document.querySelectorAll('details').forEach((d) => { d.open = true; })"
HEAD = {
    "today": "today",
    "report": "reports?period=2026-Q4",
    "entries": "reports/entries?figure=received&from=2026-11-01&to=2026-11-30",
    "online": "reports/online?period=2026-10",
    "published": "reports/published?period=2026-Q4",
    "survey": "surveys?period=2026-11",
    "answers": "surveys/answers?from=2026-11-01&to=2026-11-30",
    "posters": "surveys/posters?quay=mot-cua&quay=quay-1",
    "counters": "surveys/counters",
}
ADMIN = {
    "settings": "settings",
    "zalo": "settings/zalo",
    "facebook": "settings/facebook",
    "telegram": "settings/telegram",
    "privacy": "settings/privacy",
}


@pytest.mark.parametrize(("width", "scheme"), EYES)
async def test_the_pages_are_for_everybody(
    desk: Desk, browser: Browser, tmp_path: Path, width: str, scheme: str
) -> None:
    """WCAG rules hold, nothing scrolls sideways, nothing is fetched from outside."""
    await desk.service.database.write(lambda c: fill(c, desk.house.ids))
    faults: dict[str, list[str]] = {}
    for role, paths in ((Role.HEAD, HEAD), (Role.ADMIN, ADMIN)):
        window = await context(browser, width, scheme)
        await carry(desk, await desk.as_role(role), window)
        page = await window.new_page()
        watch = Watch(page, desk.base)
        for name, path in paths.items():
            await page.goto(f"{desk.base}/console/{path}")
            await page.evaluate(OPEN)
            found = await look(page, f"figures-{name}-{width}-{scheme}", tmp_path)
            faults |= {name: found} if found else {}
        assert watch.faults == []
        await window.close()

    assert faults == {}


@pytest.mark.parametrize(("width", "scheme"), [("phone", "light"), ("desk", "dark")])
async def test_a_face_is_chosen_with_keys_and_no_script(
    desk: Desk, browser: Browser, tmp_path: Path, width: str, scheme: str
) -> None:
    """Tab to the faces, an arrow, a few words, Enter on the button; thanks."""
    window = await context(browser, width, scheme)
    page: Page = await window.new_page()
    watch = Watch(page, desk.base)
    await page.goto(f"{desk.base}/khao-sat/quay-1")
    await page.keyboard.press("Tab")
    await page.keyboard.press("Space")
    await page.keyboard.press("ArrowDown")
    await expect(page.get_by_role("radio").nth(1)).to_be_checked()
    await page.get_by_label("Muốn nói thêm").fill("Rất nhanh")
    faults = await look(page, f"survey-question-{width}-{scheme}", tmp_path)
    await page.get_by_role("button", name="Gửi đánh giá").press("Enter")
    await expect(page.get_by_role("heading", level=1)).to_contain_text("xin cảm ơn")
    faults += await look(page, f"survey-thanks-{width}-{scheme}", tmp_path)

    assert faults == []
    assert [one for one in watch.faults if "404" not in one] == []  # favicon.ico
