"""How does somebody of the demonstration walk through the console, and look around?"""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from unicodedata import normalize

from playwright.async_api import Browser, Page, expect

from tests.bot.chromium import Watch, say
from tests.bot.console.days.conftest import Demo
from tests.bot.console.eyes import WIDTHS, context, look

BOTH = ("phone", "desk")
REFUSED = 400


@dataclass(slots=True)
class Walker:
    """Somebody who is in; ``faults`` says which page was wrong, and how."""

    page: Page
    watch: Watch
    base: str
    name: str
    folder: Path
    widths: tuple[str, ...] = ("phone",)
    faults: dict[str, list[str]] = field(default_factory=dict)

    async def sees(self, name: str) -> None:
        """Look at the page as it stands, on each width of this day."""
        for width in self.widths:
            await self._wide(width)
            found = await look(
                self.page, f"day-{self.name}-{name}-{width}", self.folder
            )
            if found:
                self.faults[f"{name}-{width}"] = found

    async def opens(self, path: str, name: str = "") -> None:
        """Open an address below the console; look, when it has a name."""
        await self._wide(self.widths[0])
        await self.page.goto(f"{self.base}/console{path}")
        if name:
            await self.sees(name)

    async def _wide(self, width: str) -> None:
        across, high = WIDTHS[width]
        await self.page.set_viewport_size({"width": across, "height": high})

    async def is_told(self, words: str) -> None:
        """Read the sentence on top of the page."""
        await expect(self.page.get_by_role("status").first).to_contain_text(words)

    @property
    def wrong(self) -> dict[str, list[str]]:
        """What was wrong in the day, by page; nothing, it is hoped."""
        noted = {"browser": self.watch.faults} if self.watch.faults else {}
        return self.faults | noted


def _note(watch: Watch, status: int, url: str) -> None:
    if status >= REFUSED:
        watch.faults.append(f"{status} {url}")


async def enters(
    browser: Browser, demo: Demo, person: str, folder: Path, *widths: str
) -> Walker:
    """Let a made-up person in by the one-time link."""
    window = await context(browser, (widths or ("phone",))[0])
    page = await window.new_page()
    watch = Watch(page, demo.base)
    page.on("response", lambda one: _note(watch, one.status, one.url))
    await page.goto(demo.links[person])
    await page.get_by_role("button", name="Vào dùng thử").click()
    await expect(page.get_by_role("heading", level=1)).to_contain_text("Xin chào")
    short = normalize("NFD", person.rsplit(" ", 1)[-1])
    plain = short.encode("ascii", "ignore").decode().lower()
    return Walker(page, watch, demo.base, plain, folder, widths or ("phone",))


async def citizen(browser: Browser, demo: Demo, text: str) -> Page:
    """Let a citizen write on the telephone of the sandbox; return their page."""
    page = await browser.new_page()
    page.set_default_timeout(15_000)
    await page.goto(f"{demo.base}/sandbox/")
    await say(page, text)
    return page
