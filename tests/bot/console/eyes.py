"""How does a page look to a browser, on a phone and a desk, by day and by night?"""

from __future__ import annotations

import os
from pathlib import Path

from axe_playwright_python.base import (  # type: ignore[import-untyped]
    AXE_SCRIPT,
)
from playwright.async_api import Browser, BrowserContext, Page

from tests.bot.console.support import UNIT, Desk, Visitor

SHOTS = os.environ.get("CONSOLE_SHOTS", "")
WIDTHS = {"phone": (360, 740), "desk": (1280, 800)}
EYES = [("phone", "dark"), ("desk", "light")]
"""Width decides the layout, the scheme the colours: two looks see both of each."""
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
RUN = """(tags) => axe.run(document, {runOnly: {type: "tag", values: tags}}).then((r) =>
  r.violations.map((v) =>
    `${v.id}: ${v.nodes.map((n) => n.target.join(" ")).join(", ")}`))"""
WIDE = (
    "() => document.documentElement.scrollWidth > document.documentElement.clientWidth"
)


async def context(
    browser: Browser, width: str, scheme: str = "light"
) -> BrowserContext:
    """Return a window of a device, light or dark."""
    across, high = WIDTHS[width]
    made = await browser.new_context(
        viewport={"width": across, "height": high},
        color_scheme="dark" if scheme == "dark" else "light",
        bypass_csp=False,
    )
    made.set_default_timeout(15_000)
    return made


async def carry(desk: Desk, visitor: Visitor, into: BrowserContext) -> None:
    """Give a window the session of somebody who is logged in."""
    cookies = {c.key: c.value for c in visitor.http.cookie_jar}
    await into.add_cookies(
        [{"name": n, "value": v, "url": desk.base} for n, v in cookies.items()]
    )


async def look(page: Page, name: str, folder: Path) -> list[str]:
    """Take a picture and return what is wrong: axe's rules, and scrolling sideways."""
    place = Path(SHOTS) if SHOTS else folder
    await page.evaluate("() => document.fonts.ready.then(() => true)")
    await page.screenshot(path=str(place / f"{name}.png"), full_page=True)
    await page.evaluate(AXE_SCRIPT)
    found: list[str] = await page.evaluate(RUN, RULES)
    if await page.evaluate(WIDE):
        found.append("scrolls sideways")
    return found


__all__ = ["EYES", "UNIT", "carry", "context", "look"]
