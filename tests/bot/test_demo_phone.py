"""The whole of it: the demo as ``make run`` starts it, driven by hand in a browser."""

from __future__ import annotations

import asyncio
import os
import sys
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import aiohttp
import pytest
from playwright.async_api import Browser, Page, expect

from tests.bot.chromium import Watch, browser, cut_off, say
from tests.bot.kill_harness import answers, free_port

pytestmark = pytest.mark.browser
__all__ = ["browser"]
SHOTS = os.environ.get("SANDBOX_SHOTS", "")
WAIT_MS = 15_000


@pytest.fixture
async def demo(tmp_path: Path) -> AsyncIterator[str]:
    """The address of a running demo on an empty folder."""
    port = free_port()
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "bot",
        "demo",
        "--port",
        str(port),
        "--folder",
        str(tmp_path),
        stdout=asyncio.subprocess.DEVNULL,
    )
    address = f"http://127.0.0.1:{port}"
    await answers(f"{address}/readyz")
    yield address
    process.terminate()
    assert await process.wait() == 0


async def _opened(browser: Browser, demo: str, width: int) -> tuple[Page, Watch]:
    page = await browser.new_page(viewport={"width": width, "height": 800})
    page.set_default_timeout(WAIT_MS)
    watch = Watch(page, demo)
    await page.goto(f"{demo}/sandbox/")
    await expect(page.locator("#oa-name")).to_have_text("UBND xã Thanh Hà")
    return page, watch


async def _shot(page: Page, name: str) -> None:
    if SHOTS:
        await asyncio.sleep(0.4)  # a picture for people, once animations are over
        await page.screenshot(path=str(Path(SHOTS) / f"{name}.png"))


def _talk(page: Page) -> Any:
    return expect(page.locator("#talk"))


@pytest.mark.parametrize("width", [1280, 360])
async def test_a_citizen_on_zalo_asks_taps_and_is_answered(
    browser: Browser, demo: str, width: int
) -> None:
    """Ask without accents, get the card and the notice, tap a button, get the fee."""
    page, watch = await _opened(browser, demo, width)
    await say(page, "lam giay khai sinh cho con can gi a")
    await _talk(page).to_contain_text("Giấy chứng sinh", timeout=WAIT_MS)
    await _talk(page).to_contain_text("trợ lý ảo (AI)", timeout=WAIT_MS)
    await _shot(page, f"demo-zalo-{width}")
    assert await cut_off(page) == []
    await page.locator("#talk .choice", has_text="Lệ phí").first.click()
    await _talk(page).to_contain_text("1.001193", timeout=WAIT_MS)
    await _talk(page).to_contain_text("HĐND", timeout=WAIT_MS)
    await say(page, "thế bao lâu thì xong")
    await _talk(page).to_contain_text("trong ngày", timeout=WAIT_MS, ignore_case=True)
    await _shot(page, f"demo-zalo-answer-{width}")

    assert watch.faults == []


async def test_messenger_shows_the_menu_and_answers_a_chip(
    browser: Browser, demo: str
) -> None:
    """Get Started greets, an unclear wish is asked back, a chip is answered."""
    page, watch = await _opened(browser, demo, 1280)
    await page.get_by_label("Messenger", exact=True).check()
    await page.get_by_role("button", name="Bắt đầu").click()
    await _talk(page).to_contain_text("xin chào", timeout=WAIT_MS, ignore_case=True)
    await say(page, "em muốn làm giấy tờ về đất")
    await expect(page.locator("#chips button").first).to_be_visible(timeout=WAIT_MS)
    await _shot(page, "demo-messenger")
    await page.locator("#chips button", has_text="Gặp cán bộ").first.click()
    await _talk(page).to_contain_text("cán bộ", timeout=WAIT_MS)

    assert await cut_off(page) == []
    assert watch.faults == []


async def test_five_steps_are_read_from_the_evidence(
    browser: Browser, demo: str
) -> None:
    """The side panel ends with the number of entries and the hash of the last leaf."""
    page, _ = await _opened(browser, demo, 1280)
    await say(page, "sao y bản chính")
    await expect(page.locator("#steps .done")).to_have_count(5, timeout=WAIT_MS)
    async with aiohttp.ClientSession() as http, http.get(f"{demo}/metrics") as answer:
        text = await answer.text()

    assert 'thanthien_sends_total{channel="zalo",result="accepted"}' in text
