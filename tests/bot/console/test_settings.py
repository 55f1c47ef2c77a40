"""Does an administrator see how each channel stands, and does the check really ask?"""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import AsyncIterator
from dataclasses import dataclass, field, replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer

from bot.channels.facebook.profile import REQUIRED_FIELDS
from bot.channels.telegram.client import TelegramClient
from bot.config_channels import Telegram
from bot.desk.telegram import TelegramAdapter
from bot.sandbox.server import create_sandbox
from handlers.staff.people import change
from handlers.staff.people.model import OPERATOR, Route
from handlers.staff.permissions import Role
from storage.tables import evidence_entry
from tests.bot.console.conftest import opened_desk
from tests.bot.console.support import Desk, Visitor
from tests.bot.desk.support import office_config
from tests.bot.support import platforms
from tests.conftest import FakeClock


@dataclass(slots=True)
class Platform:
    """What the platforms are asked, and how they answer."""

    asked: list[str] = field(default_factory=list)
    answers: dict[str, Any] = field(default_factory=dict)
    status: int = 200
    base: str = ""

    async def answer(self, request: web.Request) -> web.Response:
        """Write down and answer by the end of the path."""
        self.asked.append(request.path)
        found = self.answers[request.path.rpartition("/")[2]]
        if callable(found):
            return web.Response(text=found(request))
        return web.json_response(found, status=self.status)


@pytest.fixture
async def platform() -> AsyncIterator[Platform]:
    """A server that stands for Meta and Telegram."""
    made = Platform()
    app = web.Application()
    app.router.add_route("*", "/{path:.*}", made.answer)
    async with TestServer(app) as server:
        made.base = str(server.make_url("")).rstrip("/")
        yield made


def reached_at(desk: Desk, url: str, graph: str = "") -> None:
    """Let the platforms of this console be at ``graph``, and itself at ``url``."""
    config = desk.house.config
    server = config.server.model_copy(update={"public_url": url})
    unit = config.units["thanh-ha"]
    assert unit.channels.facebook is not None
    page = unit.channels.facebook.model_copy(update={"graph_base": graph or url})
    channels = unit.channels.model_copy(update={"facebook": page})
    units = {"thanh-ha": unit.model_copy(update={"channels": channels})}
    changed = config.model_copy(update={"server": server, "units": units})
    object.__setattr__(desk.house, "config", changed)


async def _tags(desk: Desk) -> list[str]:
    rows = await desk.rows(evidence_entry)
    found = [json.loads(row["leaf"])["tag"] for row in rows]
    return [tag for tag in found if tag.startswith("staff:channel:")]


@pytest.fixture
async def admin(desk: Desk) -> Visitor:
    """An administrator's browser."""
    return await desk.as_role(Role.ADMIN)


async def test_the_profile_shows_value_and_line(desk: Desk, admin: Visitor) -> None:
    """What is not filled in says why it matters, and which line to write."""
    text = (await admin.get("/console/settings")).text

    assert "xã Thanh Hà" in text
    assert "units.thanh-ha.office_hours" in text
    assert "trợ lý không hứa giờ trả lời" in text
    for secret in ("app_secret", "page_access_token"):
        section = desk.house.config.units["thanh-ha"].channels
        for one in (section.zalo, section.facebook):
            assert str(getattr(one, secret, "no-secret-here")) not in text


async def test_a_channel_page_shows_steps_and_no_secret(
    desk: Desk, admin: Visitor
) -> None:
    """The address to paste is there; secrets only as "đã có"."""
    channels = desk.house.config.units["thanh-ha"].channels
    assert channels.zalo is not None
    assert channels.facebook is not None
    secrets = [
        channels.zalo.app_secret,
        channels.zalo.oa_secret_key,
        channels.zalo.refresh_token,
        channels.facebook.app_secret,
        channels.facebook.page_access_token,
        channels.facebook.verify_token,
    ]
    for key in ("zalo", "facebook", "telegram", "zalo-bot"):
        page = await admin.get(f"/console/settings/{key}")
        assert page.status == 200, key
        assert f"/webhooks/{key}" in page.text
        assert [one for one in secrets if one in page.text] == []
    assert (await admin.get("/console/settings/khong-co")).status == 404


async def test_facebook_is_asked_and_its_answer_shown(
    desk: Desk, admin: Visitor, platform: Platform
) -> None:
    """The handshake is done as Meta does it, and the fields of the page are asked."""
    fields = sorted(REQUIRED_FIELDS - {"standby"})
    app_id = desk.house.config.units["thanh-ha"].channels.facebook
    assert app_id is not None
    told = {"data": [{"id": app_id.app_id, "subscribed_fields": fields}]}
    platform.answers["subscribed_apps"] = told
    platform.answers["facebook"] = lambda request: request.query["hub.challenge"]
    reached_at(desk, platform.base)
    page = "/console/settings/facebook"
    shown = await admin.post(f"{page}/check", page=page)

    assert shown.status == 200
    assert "Trang chưa gửi đủ trường: standby." in shown.text
    assert "Địa chỉ bên ngoài gọi được, trả lời đúng." in shown.text
    assert await _tags(desk) == ["staff:channel:checked"]
    soon = await admin.post(f"{page}/check", page=page)
    assert soon.status == 400
    assert "Xin chờ mười giây" in soon.text


async def test_a_dead_token_is_told_in_words(
    desk: Desk, admin: Visitor, platform: Platform
) -> None:
    """Code 190 becomes a sentence somebody can act on."""
    platform.status = 400
    platform.answers["subscribed_apps"] = {"error": {"code": 190, "message": "x"}}
    platform.answers["facebook"] = {"error": "no"}
    reached_at(desk, platform.base)
    page = "/console/settings/facebook"
    shown = await admin.post(f"{page}/check", page=page)

    assert "Mã truy cập không còn hiệu lực" in shown.text
    assert "chưa đúng" in shown.text


async def test_a_test_message_goes_to_oneself_alone(
    desk: Desk, admin: Visitor, platform: Platform
) -> None:
    """Without an address nothing is sent; with one, one message to it."""
    section = Telegram(
        bot_token="1:x",
        chat_id="-100",
        secret_token="s",
        api_base=platform.base,
    )
    client = TelegramClient(desk.service.session, platform.base, "1:x", "-100")
    desk.service.staff.telegram["thanh-ha"] = (
        section,
        TelegramAdapter(section, client),
    )
    page = "/console/settings/telegram"
    refused = await admin.post(f"{page}/try", page=page)
    assert refused.status == 400
    assert platform.asked == []
    operator = replace(desk.gate.desk("admin"), by=OPERATOR)
    wanted = change.Changes("Nguyễn Thị Quản", "", "", False, {Route.TELEGRAM: "777"})
    await change.change(operator, "admin", wanted, seen=1)
    chat = {"id": 777, "type": "private"}
    platform.answers["sendMessage"] = {
        "ok": True,
        "result": {"message_id": 5, "date": 1, "chat": chat, "text": "x"},
    }
    sent = await admin.post(f"{page}/try", page=page)

    assert "Đã gửi, xin xem điện thoại" in sent.text
    assert len(platform.asked) == 1
    assert await _tags(desk) == ["staff:channel:tried"]


@pytest.fixture
async def real(prepared: Path, tmp_path: Path, clock: FakeClock) -> AsyncIterator[Desk]:
    """A console whose platforms are the sandbox: its Zalo, its staff channels."""
    shutil.copytree(prepared, tmp_path, dirs_exist_ok=True)
    settings = platforms()
    app = create_sandbox(settings, clock)
    async with TestServer(app) as server:
        base = str(server.make_url("")).rstrip("/")
        kinds = ("telegram", "zalo_bot")
        config = office_config(settings, base, tmp_path, *kinds)
        reached = config.server.model_copy(update={"public_url": "http://127.0.0.1:9"})
        config = config.model_copy(update={"server": reached})
        async with opened_desk(config, clock) as made:
            yield made


async def test_zalo_says_who_we_are_and_how_long(
    real: Desk,
) -> None:
    """The token is renewed, the OA named, days left told; a foreign OA is a fault."""
    desk = real
    admin, page = await desk.as_role(Role.ADMIN), "/console/settings/zalo"
    shown = await admin.post(f"{page}/check", page=page)

    assert "Zalo nhận ra OA" in shown.text, shown.text
    assert re.search(r"mã cấp lại còn (\d+) ngày", shown.text)
    assert "Không gọi được địa chỉ bên ngoài" in shown.text
    unit = desk.house.config.units["thanh-ha"]
    zalo = unit.channels.zalo
    assert zalo is not None
    other = zalo.model_copy(update={"oa_id": "1"})
    channels = unit.channels.model_copy(update={"zalo": other})
    units = {"thanh-ha": unit.model_copy(update={"channels": channels})}
    changed = desk.house.config.model_copy(update={"units": units})
    object.__setattr__(desk.house, "config", changed)
    desk.clock.advance(timedelta(days=40))
    shown = await admin.get(page)
    if "/login" in shown.url:
        await admin.log_in("admin")
    shown = await admin.post(f"{page}/check", page=page)
    assert "thuộc OA khác" in shown.text


async def test_the_zalo_bot_takes_our_address(real: Desk) -> None:
    """Registering again is safe, and proves the token of the bot."""
    desk = real
    admin = await desk.as_role(Role.ADMIN)
    for key in ("zalo-bot", "telegram"):
        page = f"/console/settings/{key}"
        shown = await admin.post(f"{page}/check", page=page)
        assert "Mã bot đúng" in shown.text, shown.text
        desk.clock.advance(timedelta(seconds=15))


async def test_privacy_texts_are_those_in_force(admin: Visitor) -> None:
    """The very sentences, with the commune's name in them."""
    text = (await admin.get("/console/settings/privacy")).text

    assert "UBND xã Thanh Hà (bên kiểm soát dữ liệu)" in text
    assert "QUYỀN DỮ LIỆU" in text
