"""Is a step of connecting a channel done? Some we know, some the platform is asked.

No secret is shown, logged or sent anywhere but to whom it belongs.
"""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import Mapping
from dataclasses import dataclass

import aiohttp

from bot.channels import wire
from bot.channels.facebook.client import FacebookClient
from bot.channels.results import Accepted, Failure, Fetched, Reauthorise, Retry, Unknown
from bot.channels.zalo.client import ZaloClient
from bot.config_channels import Channels
from bot.console.visit import Visit
from bot.desk.adapters import StaffAdapter
from bot.health import TOKEN_WORDS
from bot.tokens import ALARM_LEFT, TokenState
from handlers.model import Reply

GOOD, WARN, BAD, OPEN = "good", "warn", "bad", "quiet"
OURSELVES = aiohttp.ClientTimeout(total=8)
OK = 200


@dataclass(frozen=True, slots=True)
class Found:
    """How a step stands: a tone and one sentence."""

    tone: str
    text: str


NOT_ASKED = Found(OPEN, "Bấm “Kiểm tra ngay” để hỏi nền tảng.")


def channels(at: Visit) -> Channels:
    """Return the configured channels of the unit."""
    return at.house.config.units[at.unit_id].channels


def base(at: Visit) -> str:
    """Return the public address without a slash at its end, "" when there is none."""
    return at.house.config.server.public_url.rstrip("/")


def public(at: Visit) -> Found:
    """Whether the platforms can know where we are."""
    if not base(at):
        return Found(BAD, "Chưa đặt server.public_url trong config.yml.")
    if not base(at).startswith("https://"):
        return Found(WARN, "Địa chỉ chưa là https; Zalo, Facebook chỉ gọi https.")
    return Found(GOOD, "Đã có địa chỉ https.")


def token(at: Visit) -> Found:
    """How the right to send on Zalo stands."""
    keeper = at.house.service.keepers.get(at.unit_id)
    if keeper is None:
        return Found(OPEN, "Chưa khai báo Zalo trong config.yml.")
    words = TOKEN_WORDS[keeper.state]
    if keeper.state is not TokenState.VALID:
        tone = WARN if keeper.state is TokenState.RENEWING else BAD
        return Found(tone, f"Quyền gửi tin: {words}.")
    left = keeper.days_left
    tone = WARN if left is not None and left < ALARM_LEFT.days else GOOD
    return Found(tone, f"Quyền gửi tin {words}, mã cấp lại còn {left} ngày.")


def heard(at: Visit, last: Mapping[str, int], channel: str, name: str) -> Found:
    """When the platform last called us."""
    if channel in last:
        when = at.house.renderer.when(last[channel])
        return Found(GOOD, f"{name} gọi tới lần cuối lúc {when}.")
    return Found(WARN, f"60 ngày qua {name} chưa gọi tới lần nào.")


async def ask(at: Visit, channel: str) -> dict[str, Found]:
    """Ask a platform what only it knows; the keys are steps of the channel's page."""
    if channel == "zalo":
        reach, api = await asyncio.gather(_reached(at), _zalo(at))
        return {"public": reach, "api": api}
    if channel == "facebook":
        reach, api = await asyncio.gather(_handshake(at), _facebook(at))
        return {"public": reach, "api": api}
    return {"api": await _staff(at, channel)}


async def send_trial(at: Visit, channel: str, address: str) -> Found:
    """Send a test message to one person of the commune on a staff channel."""
    adapter = staff_adapter(at, channel)
    if adapter is None:
        return Found(BAD, "Kênh này chưa khai báo trong config.yml.")
    text = f"Tin thử từ bàn làm việc của {at.gate.unit_name}. Kênh báo việc đã thông."
    result = await adapter.post(Reply(text), adapter.private(address))
    if isinstance(result, Accepted):
        return Found(GOOD, "Đã gửi, xin xem điện thoại của anh/chị.")
    return _failed(result)


def staff_adapter(at: Visit, channel: str) -> StaffAdapter | None:
    """Return the adapter of a staff channel, None when it is not configured."""
    staff = at.house.service.staff
    if channel == "telegram" and at.unit_id in staff.telegram:
        return staff.telegram[at.unit_id][1]
    if channel == "zalo_bot" and at.unit_id in staff.zalo_bot:
        return staff.zalo_bot[at.unit_id][1]
    return None


async def _zalo(at: Visit) -> Found:
    zalo, keeper = channels(at).zalo, at.house.service.keepers.get(at.unit_id)
    if zalo is None or keeper is None:
        return Found(BAD, "Chưa khai báo Zalo trong config.yml.")
    access = await keeper.access()
    if access is None:
        return Found(BAD, f"Chưa hỏi được Zalo: {TOKEN_WORDS[keeper.state]}.")
    result = await ZaloClient(at.house.service.session, zalo.api_base).get_oa(access)
    if not isinstance(result, Fetched):
        return _failed(result)
    name = wire.text(result.data.get("name"))
    told = wire.identity(wire.first(result.data.get("oa_id"), result.data.get("oaid")))
    if told and told != zalo.oa_id:
        return Found(BAD, f"Mã gửi tin thuộc OA khác: {name} ({told}).")
    return Found(GOOD, f"Zalo nhận ra OA {name or zalo.oa_id}.")


async def _facebook(at: Visit) -> Found:
    page = channels(at).facebook
    if page is None:
        return Found(BAD, "Chưa khai báo Facebook trong config.yml.")
    client = FacebookClient(
        at.house.service.session,
        page.graph_base,
        page.graph_version,
        page.page_access_token,
        page_id=page.page_id,
    )
    missing = await client.missing_fields(page.app_id)
    if not isinstance(missing, frozenset):
        return _failed(missing)
    if missing:
        return Found(WARN, f"Trang chưa gửi đủ trường: {', '.join(sorted(missing))}.")
    return Found(GOOD, "Mã truy cập tốt, Trang gửi đủ các trường.")


async def _staff(at: Visit, channel: str) -> Found:
    """Register our address again: safe to repeat, and the token is proven by it."""
    adapter = staff_adapter(at, channel)
    if adapter is None:
        return Found(BAD, "Kênh này chưa khai báo trong config.yml.")
    if not base(at):
        return public(at)
    path = f"/webhooks/{channel.replace('_', '-')}/{at.unit_id}"
    code = await adapter.set_webhook(base(at) + path)
    if code:
        return Found(BAD, f"Nền tảng chưa nhận địa chỉ của mình, mã {code}.")
    return Found(GOOD, "Mã bot đúng, nền tảng đã ghi địa chỉ nhận tin.")


async def _reached(at: Visit) -> Found:
    if public(at).tone == BAD:
        return public(at)
    return await _asked(at, f"{base(at)}/healthz", '"status"')


async def _handshake(at: Visit) -> Found:
    """Do what Facebook does when the webhook is saved."""
    page = channels(at).facebook
    if page is None or public(at).tone == BAD:
        return public(at)
    challenge = secrets.token_hex(8)
    query = {
        "hub.mode": "subscribe",
        "hub.verify_token": page.verify_token,
        "hub.challenge": challenge,
    }
    return await _asked(at, f"{base(at)}/webhooks/facebook", challenge, query)


async def _asked(
    at: Visit, url: str, wanted: str, query: Mapping[str, str] | None = None
) -> Found:
    session = at.house.service.session
    try:
        async with session.get(
            url, params=query, timeout=OURSELVES, allow_redirects=False
        ) as answer:
            text = (await answer.content.read(4096)).decode(errors="replace")
    except (aiohttp.ClientError, TimeoutError, ValueError):
        hint = "kiểm tra tên miền, https và máy chủ web đứng trước."
        return Found(BAD, f"Không gọi được địa chỉ bên ngoài: {hint}")
    if answer.status != OK or wanted not in text:
        return Found(BAD, f"Địa chỉ bên ngoài trả lời {answer.status}, chưa đúng.")
    return Found(GOOD, "Địa chỉ bên ngoài gọi được, trả lời đúng.")


def _failed(result: Failure) -> Found:
    if isinstance(result, Reauthorise):
        return Found(BAD, f"Mã truy cập không còn hiệu lực (mã lỗi {result.code}).")
    if isinstance(result, Retry | Unknown):
        return Found(WARN, f"Chưa hỏi được nền tảng, xin thử lại ({result.code}).")
    return Found(BAD, f"Nền tảng từ chối, mã lỗi {result.code}.")
