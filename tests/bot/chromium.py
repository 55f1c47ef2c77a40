"""What do browser tests share? One real Chromium, and an eye on what pages do."""

from __future__ import annotations

import shutil
from collections.abc import AsyncIterator
from typing import Any

import pytest
from playwright.async_api import Browser, Page, async_playwright, expect

NAMES = ("chromium", "chromium-browser", "google-chrome", "chrome")
FLAGS = [
    "--headless=new",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
expect.set_options(timeout=20_000)  # patient: a loaded machine is not a fault


@pytest.fixture
async def browser() -> AsyncIterator[Browser]:
    """One real Chromium."""
    path = next((place for name in NAMES if (place := shutil.which(name))), None)
    if path is None:
        pytest.fail("no Chromium here; .ci/browser finds or installs one")
    async with async_playwright() as playwright:
        found = await playwright.chromium.launch(executable_path=path, args=FLAGS)
        yield found
        await found.close()


class Watch:
    """Notes what a good page never does."""

    def __init__(self, page: Page, origin: str) -> None:
        self.faults: list[str] = []
        page.on("pageerror", lambda error: self.faults.append(str(error)))
        page.on("console", self._console)
        page.on("request", lambda one: self._request(one.url, origin))

    def _console(self, message: Any) -> None:
        if message.type in ("error", "warning"):
            self.faults.append(message.text)

    def _request(self, url: str, origin: str) -> None:
        if not url.startswith((f"{origin}/", "blob:", "data:")):
            self.faults.append(f"outside: {url}")


CUT_OFF = """() => [...document.querySelectorAll(
  ".bubble, .composer .tool, .composer textarea, #more, #chips")]
  .filter((one) => one.checkVisibility())
  .filter((one) => {
    const box = one.getBoundingClientRect();
    const phone = document.getElementById("screen").getBoundingClientRect();
    return box.left < phone.left - 1 || box.right > phone.right + 1;
  }).map((one) => one.id || one.className)"""


async def cut_off(page: Page) -> list[str]:
    """Return what sticks out of the phone's screen."""
    found: list[str] = await page.evaluate(CUT_OFF)
    return found


async def say(page: Page, text: str) -> None:
    await page.get_by_label("Nội dung tin nhắn").fill(text)
    await page.get_by_label("Nội dung tin nhắn").press("Enter")
