"""Does the approved template for results reach Messenger, and nothing else?"""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any

import aiohttp
import pytest
from aiohttp.test_utils import TestServer
from pydantic import ValidationError

from bot.adapters import FacebookAdapter
from bot.channels.facebook.client import FacebookClient
from bot.channels.results import Accepted, Reason, Refused, Unknown
from bot.config_channels import Facebook
from bot.policy import Allow, Refuse, Request, decide
from bot.runtime import Templated
from bot.sandbox.answers import SANDBOX
from bot.sandbox.facebook_utility import RESULT
from bot.sandbox.model import Act, ActKind, FacebookAccount, FaultRule, SandboxConfig
from bot.sandbox.model import Platform as On
from bot.sandbox.sandbox import Sandbox
from bot.sandbox.server import create_sandbox
from handlers.model import Channel
from storage.outbox import Priority
from tests.conftest import FakeClock

LANH, NGAN = "24813057719364021", "999"
WORDS = {"paper": "Đăng ký khai sinh", "code": "H1-0009"}
SECRETS: dict[str, Any] = {"app_secret": "a", "verify_token": "b"}


@dataclass(slots=True)
class Page:
    """A page, its client, and the phone at the other end."""

    sandbox: Sandbox
    client: FacebookClient
    adapter: FacebookAdapter


@pytest.fixture
async def page(clock: FakeClock) -> AsyncIterator[Page]:
    """A page to which somebody wrote a month ago."""
    account = FacebookAccount()
    app = create_sandbox(SandboxConfig(facebook=account, echoes=False), clock)
    async with TestServer(app) as server, aiohttp.ClientSession() as session:
        token = account.page_access_token
        client = FacebookClient(session, str(server.make_url("")), "v25.0", token)
        told = SECRETS | {"page_access_token": token, "result_template": RESULT}
        facebook = Facebook(page_id=account.page_id, **told)
        sandbox = app[SANDBOX]
        contact = sandbox.audience.get(On.FACEBOOK, LANH)
        assert contact is not None
        contact.note(On.FACEBOOK, Act(ActKind.TEXT, text="chào"), sandbox.now_ms())
        clock.advance(timedelta(days=30))
        yield Page(sandbox, client, FacebookAdapter(facebook, client))


async def test_a_month_later_the_phone_shows_the_approved_words(page: Page) -> None:
    """UTILITY with our mark in it; a lost answer is of unknown fate, not a retry."""
    assert isinstance(page.adapter, Templated)
    deliver = page.adapter.deliver_template
    template = {"id": RESULT, "data": WORDS}
    assert isinstance(await deliver(template, LANH, "r1", by_phone=False), Accepted)
    (sent,) = page.sandbox.record.sent()
    assert sent.body["messaging_type"] == "UTILITY"
    assert sent.body["message"]["metadata"].endswith("r1")
    (bubble,) = page.sandbox.threads.get(On.FACEBOOK, LANH)
    assert "Đăng ký khai sinh (mã hồ sơ H1-0009) đã có kết quả" in bubble.shown.text
    page.sandbox.faults.set("accept_then_drop", FaultRule(next_calls=1))
    assert isinstance(await deliver(template, LANH, "r2", by_phone=False), Unknown)


async def test_other_templates_never_leave(page: Page) -> None:
    """Another name or a phone is refused before any call; the platform checks too."""
    deliver, config = page.adapter.deliver_template, Reason.CONFIG
    wish = {"id": "chuc_mung", "data": WORDS}
    result = {"id": RESULT, "data": WORDS}
    refused = Refused("no_template", config)
    assert await deliver(wish, LANH, "r", by_phone=False) == refused
    assert await deliver(result, "0912345678", "r", by_phone=True) == refused
    assert page.sandbox.record.counts["facebook.calls"] == 0
    for name, words in (
        ("chuc_mung", ["a", "b"]),
        (RESULT, ["a"]),
        (RESULT, ["a"] * 3),
    ):
        told = await page.client.deliver_utility(name, words, LANH)
        assert told == Refused("100", Reason.INVALID)
    assert not isinstance(
        await page.client.deliver_utility(RESULT, ["a", "b"], NGAN), Accepted
    )
    with pytest.raises(ValidationError):
        Facebook(page_id="1", page_access_token="c", result_template="Báo", **SECRETS)


def test_on_messenger_only_news_of_a_case_needs_no_window(clock: FakeClock) -> None:
    """A letter or a greeting as a template meets the window like any other."""
    now = clock.now()
    news = Request(
        channel=Channel.FACEBOOK,
        priority=Priority.CASE,
        human=False,
        last_inbound=now - timedelta(days=300),
        opted_out=False,
        is_template=True,
    )
    assert decide(news, now) == Allow()
    assert decide(replace(news, opted_out=True), now) == Refuse("opted_out")
    for priority in (Priority.LETTER, Priority.BULK):
        asked = decide(replace(news, priority=priority), now)
        assert asked == Refuse("facebook_window_24h")
