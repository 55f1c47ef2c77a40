"""Does the phone work in a real browser, at a desk and in a hand?"""

from __future__ import annotations

import asyncio
import json
import os
from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Literal

import aiohttp
import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer
from playwright.async_api import Browser, Page, expect

from bot.clock import SystemClock
from bot.sandbox.answers import SANDBOX
from bot.sandbox.model import SandboxConfig, Step, ZaloAccount
from bot.sandbox.server import create_sandbox
from tests.bot.chromium import Watch, browser, cut_off, say

pytestmark = pytest.mark.browser
__all__ = ["browser"]
ACCESS = "a-living-token"
SHOTS = os.environ.get("SANDBOX_SHOTS", "")
ANSWER = (
    "Dạ, để làm giấy khai sinh cho cháu, bà con chuẩn bị:\n"
    "1. Tờ khai đăng ký khai sinh\n2. Giấy chứng sinh\n\nLệ phí: không mất ạ."
)
ZALO_BUTTONS = [
    {"title": "Lệ phí", "type": "oa.query.hide", "payload": "#p:fee"},
    {"title": "Nộp ở đâu", "type": "oa.query.hide", "payload": "#p:place"},
    {
        "title": "Nộp trực tuyến",
        "type": "oa.open.url",
        "payload": {"url": "https://dichvucong.gov.vn"},
    },
]
MENU = [
    {"type": "postback", "title": "Thủ tục hành chính", "payload": "#menu:tthc"},
    {"type": "postback", "title": "Gặp cán bộ", "payload": "#menu:human"},
]


@dataclass
class EchoBot:
    """A tiny service: answers each text and each tap through the platforms' APIs."""

    graph_token: str
    base: str = ""
    notes: dict[str, float] = field(default_factory=dict)

    async def zalo(self, request: web.Request) -> web.Response:
        """Answer a Zalo text with buttons, a button with words."""
        event = await request.json()
        if event["event_name"] == "user_send_text":
            self._remember(event["message"]["msg_id"])
            await self._zalo_answer(event["sender"]["id"], event["message"]["text"])
        return web.Response()

    async def facebook(self, request: web.Request) -> web.Response:
        """Answer on Messenger: type, then quick replies and a card."""
        for entry in (await request.json())["entry"]:
            for item in entry["messaging"]:
                await self._facebook_item(item)
        return web.Response()

    async def steps(self, channel: str, message_id: str) -> Sequence[Step]:
        """Play the trace of a real service."""
        at = self.notes.get(message_id)
        if at is None:
            return []
        told: Mapping[str, dict[str, Any]] = {
            "received": {"kind": "text", "channel": channel},
            "understood": {"intent": "ask_procedure", "confidence": 0.93, "ms": 1.8},
            "decided": {"decision": "answer", "code": "1.001193"},
            "sent": {"state": "accepted", "attempt": 1},
            "evidenced": {"entry": 41, "hash": "9f3c…a1"},
        }
        moment = datetime.fromtimestamp(at, UTC).isoformat()
        return [Step(step=k, at=moment, data=v) for k, v in told.items()]

    def _remember(self, message_id: str) -> None:
        self.notes[message_id] = datetime.now(UTC).timestamp()

    async def _zalo_answer(self, user: str, text: str) -> None:
        message: dict[str, Any] = {"text": "Dạ, việc này không mất lệ phí ạ."}
        if not text.startswith("#"):
            payload = {"buttons": ZALO_BUTTONS}
            attachment = {"type": "template", "payload": payload}
            message = {"text": ANSWER, "attachment": attachment}
        body = {"recipient": {"user_id": user}, "message": message}
        headers = {"access_token": ACCESS}
        await self._post("/v3.0/oa/message/cs", body, headers)

    async def _facebook_item(self, item: dict[str, Any]) -> None:
        if item.get("message", {}).get("is_echo"):
            return
        user = item["sender"]["id"]
        tapped = item.get("postback") or item.get("message", {}).get("quick_reply")
        if tapped:
            words = {"text": f"Dạ, bà con vừa chọn {tapped['payload']} ạ."}
            await self._graph(user, words)
        elif "text" in item.get("message", {}):
            self._remember(item["message"]["mid"])
            await self._facebook_answer(user)

    async def _facebook_answer(self, user: str) -> None:
        buttons = [
            {"type": "web_url", "title": "Cổng dịch vụ công", "url": "https://a.vn"},
            {"type": "postback", "title": "Xem biểu mẫu", "payload": "#form"},
        ]
        card = {"template_type": "button", "text": "Dạ, xin xem:", "buttons": buttons}
        chips = [
            {"content_type": "text", "title": t, "payload": p}
            for t, p in (("Lệ phí", "#fee"), ("Mấy ngày", "#time"), ("Ở đâu", "#at"))
        ]
        await self._graph(user, {"attachment": {"type": "template", "payload": card}})
        await self._graph(user, {"text": ANSWER, "quick_replies": chips})

    async def _graph(self, user: str, message: dict[str, Any]) -> None:
        body = {"recipient": {"id": user}, "message": message}
        path = f"/v25.0/me/messages?access_token={self.graph_token}"
        await self._post(path, body, {})

    async def _post(self, path: str, body: Any, headers: dict[str, str]) -> None:
        async with (
            aiohttp.ClientSession() as http,
            http.post(self.base + path, json=body, headers=headers) as answer,
        ):
            assert answer.status == 200
            assert (await answer.json()).get("error", 0) == 0


@dataclass
class Stage:
    """The address of the phone and the state behind it."""

    url: str
    origin: str


@pytest.fixture
async def stage() -> AsyncIterator[Stage]:
    """Run the sandbox and the tiny service on free ports."""
    config = SandboxConfig(
        zalo=ZaloAccount(access_token=ACCESS, name="UBND xã Hòa Bình"),
    )
    bot = EchoBot(config.facebook.page_access_token)
    front = web.Application()
    front.router.add_post("/webhooks/zalo", bot.zalo)
    front.router.add_post("/webhooks/facebook", bot.facebook)
    service = TestServer(front)
    app = create_sandbox(config, SystemClock(), trace=bot)
    server = TestServer(app)
    await service.start_server()
    await server.start_server()
    bot.base = origin = str(server.make_url("")).rstrip("/")
    app[SANDBOX].service_url = str(service.make_url("")).rstrip("/")
    app[SANDBOX].profile = {
        "get_started": {"payload": "#start"},
        "greeting": [{"locale": "default", "text": "Dạ, xin chào bà con ạ!"}],
        "persistent_menu": [{"locale": "default", "call_to_actions": MENU}],
    }
    yield Stage(f"{origin}/sandbox/", origin)
    await server.close()
    await service.close()


async def _shot(page: Page, name: str) -> None:
    if SHOTS:
        await asyncio.sleep(0.4)  # a picture for people, once animations are over
        await page.screenshot(path=str(Path(SHOTS) / f"{name}.png"))


async def _open(
    browser: Browser,
    stage: Stage,
    *,
    width: int,
    height: int,
    scheme: Literal["dark", "light"] = "light",
) -> tuple[Page, Watch]:
    context = await browser.new_context(
        viewport={"width": width, "height": height}, color_scheme=scheme
    )
    page = await context.new_page()
    watch = Watch(page, stage.origin)
    await page.goto(stage.url)
    await expect(page.locator("#oa-name")).to_have_text("UBND xã Hòa Bình")
    return page, watch


async def test_zalo_text_buttons_tap_answer(browser: Browser, stage: Stage) -> None:
    """On Zalo: type, get buttons, tap one, get the answer, see the five steps."""
    page, watch = await _open(browser, stage, width=1360, height=900)
    await _shot(page, "zalo-empty")
    await say(page, "Làm giấy khai sinh cho con cần gì?")
    await expect(page.locator("#talk .choice")).to_have_count(3)
    await expect(page.locator("#steps .done")).to_have_count(5)
    await _shot(page, "zalo-buttons")
    await page.get_by_role("button", name="Lệ phí").click()
    await expect(page.locator("#talk")).to_contain_text("không mất lệ phí ạ")
    await expect(page.locator("#talk .receipt.seen")).to_have_count(2)

    assert watch.faults == []


async def test_messenger_chips_cards_menu(browser: Browser, stage: Stage) -> None:
    """On Messenger there are Get Started, quick replies, a card and the page's menu."""
    page, watch = await _open(browser, stage, width=1360, height=900)
    await page.get_by_label("Messenger", exact=True).check()
    await expect(page.locator("#intro")).to_contain_text("xin chào bà con ạ!")
    await _shot(page, "messenger-empty")
    await page.get_by_role("button", name="Bắt đầu").click()
    await expect(page.locator("#talk")).to_contain_text("vừa chọn #start")
    await say(page, "thủ tục khai sinh")
    await page.locator("#chips button", has_text="Mấy ngày").click()
    await expect(page.locator("#talk")).to_contain_text("vừa chọn #time")
    await page.get_by_role("button", name="Xem biểu mẫu").click()
    await expect(page.locator("#talk")).to_contain_text("vừa chọn #form")
    await page.get_by_role("button", name="Trình đơn của trang").click()
    await _shot(page, "messenger-menu")
    await page.get_by_role("button", name="Gặp cán bộ").click()
    await expect(page.locator("#talk")).to_contain_text("vừa chọn #menu:human")
    await say(page, "còn việc này nữa")
    await expect(page.locator("#chips button")).to_have_count(3)
    await _shot(page, "messenger-chips")
    await page.get_by_role("button", name="Thêm thao tác").click()
    await page.get_by_role("button", name="Bình luận dưới bài của trang").click()
    await expect(page.locator("#talk")).to_contain_text("bình luận dưới bài của trang:")

    assert await cut_off(page) == []
    assert watch.faults == []


async def test_small_screen(browser: Browser, stage: Stage) -> None:
    """At 360 px nothing is cut off, and the panels are drawers."""
    page, watch = await _open(browser, stage, width=360, height=740)
    await say(page, "Làm giấy khai sinh cho con cần gì?")
    await expect(page.locator("#talk .choice")).to_have_count(3)
    await _shot(page, "small-zalo")
    assert await cut_off(page) == []
    await page.get_by_role("button", name="Hậu trường").click()
    await expect(page.locator("#steps .done")).to_have_count(5)
    await _shot(page, "small-steps")
    await page.get_by_role("tab", name="Sự cố").click()
    await _shot(page, "small-faults")
    await page.keyboard.press("Escape")
    await expect(page.locator("#side")).not_to_be_in_viewport()
    await page.locator("#open-people").click()
    await _shot(page, "small-people")
    await page.locator("#people").get_by_role("button", name="Đóng").click()
    await expect(page.locator("#people")).not_to_be_in_viewport()
    await expect(page.locator("#open-people")).to_be_focused()

    assert watch.faults == []


async def test_faults_can_be_switched(browser: Browser, stage: Stage) -> None:
    """The switches of the faults panel set the weather of the platforms."""
    page, watch = await _open(browser, stage, width=1360, height=900, scheme="dark")
    await page.get_by_role("tab", name="Sự cố").click()
    await page.locator("#fault-duplicates").check(force=True)
    await expect(page.locator("#fault-duplicates")).to_be_checked()
    await say(page, "xin chào")
    await expect(page.locator("#talk .choice")).to_have_count(6)
    await _shot(page, "dark-faults")
    async with aiohttp.ClientSession() as http:
        answer = await http.get(f"{stage.origin}/sandbox/api/faults")
        rules = json.loads(await answer.text())["faults"]

    assert rules["duplicates"]["on"] is True
    assert rules["slow"]["on"] is False
    assert watch.faults == []


async def test_attachments(browser: Browser, stage: Stage, tmp_path: Path) -> None:
    """Pictures, documents, places and stickers appear as what they are."""
    page, watch = await _open(browser, stage, width=1360, height=900, scheme="dark")
    picture = tmp_path / "anh.png"
    await page.screenshot(path=str(picture))
    paper = tmp_path / "to khai.pdf"
    paper.write_bytes(b"%PDF-1.4 made up")
    await page.locator("#file").set_input_files(str(picture))
    await expect(page.locator("#talk .picture img")).to_have_count(1)
    await page.locator("#file").set_input_files(str(paper))
    await expect(page.locator("#talk .file")).to_contain_text("to khai.pdf")
    await page.get_by_role("button", name="Gửi vị trí").click()
    await page.get_by_role("button", name="Chợ trung tâm").click()
    await expect(page.locator("#talk .place")).to_contain_text("Chợ trung tâm")
    await page.get_by_role("button", name="Nhãn dán").click()
    await page.get_by_role("button", name="Hoa sen").click()
    await expect(page.locator("#talk img.sticker")).to_have_count(1)
    await _shot(page, "dark-attachments")

    assert watch.faults == []


async def test_markup_stays_text(browser: Browser, stage: Stage) -> None:
    """What looks like markup in a message is shown, never run."""
    page, watch = await _open(browser, stage, width=1360, height=900)
    nasty = '<img src=x onerror="document.title=1"><b>đậm</b>'
    await say(page, nasty)
    await expect(page.locator("#talk .mine .words")).to_have_text(nasty)
    await expect(page.locator("#steps blockquote")).to_have_text(nasty)

    assert await page.title() == "Điện thoại mô phỏng · Thân Thiện"
    assert watch.faults == []


NAMELESS = """() => [...document.querySelectorAll("button, input, select, textarea, a")]
  .filter((one) => !one.textContent.trim() && !one.ariaLabel && !one.labels?.length)
  .map((one) => one.outerHTML)"""


async def test_everything_has_a_name(browser: Browser, stage: Stage) -> None:
    """Each control has a name for a screen reader, and new messages are announced."""
    page, _ = await _open(browser, stage, width=1360, height=900)
    await say(page, "thủ tục khai sinh")
    await expect(page.locator("#talk .choice")).to_have_count(3)

    assert await page.evaluate(NAMELESS) == []
    assert await page.locator("#talk").get_attribute("aria-live") == "polite"


async def test_keyboard_alone(browser: Browser, stage: Stage) -> None:
    """Without a mouse one writes, reaches a button of the answer and presses it."""
    page, watch = await _open(browser, stage, width=1360, height=900)
    await say(page, "thủ tục khai sinh")
    await expect(page.locator("#talk .receipt.seen")).to_have_count(1)
    await page.locator("#screen").focus()
    await page.keyboard.press("Tab")
    await page.keyboard.press("Tab")
    await page.keyboard.press("Enter")
    await expect(page.locator("#talk")).to_contain_text("không mất lệ phí ạ")

    assert watch.faults == []
