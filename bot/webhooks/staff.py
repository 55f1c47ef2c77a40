"""Is this really from the platform of our own people? (PLATFORMS.md 2, 4.1)

The unit is in the address, the secret in a header. What is not meant for us, such as
what officers say to each other, is acknowledged and stored nowhere.
"""

from __future__ import annotations

import hmac
from collections.abc import Callable
from datetime import datetime
from typing import TYPE_CHECKING

from aiohttp import web

from bot.channels.errors import Malformed
from bot.clock import from_ms
from bot.config_channels import Telegram, ZaloBot
from bot.runtime import Adapter
from bot.webhooks.common import Door, answer, read_body, store
from handlers.model import Channel

if TYPE_CHECKING:
    from bot.desk.telegram import TelegramAdapter
    from bot.desk.zalo_bot import ZaloBotAdapter

TELEGRAM_HEADER = "X-Telegram-Bot-Api-Secret-Token"
ZALO_BOT_HEADER = "X-Bot-Api-Secret-Token"


class StaffWebhooks:
    """The addresses of both staff platforms, one for each unit."""

    def __init__(
        self,
        door: Door,
        telegram: dict[str, tuple[Telegram, TelegramAdapter]],
        zalo_bot: dict[str, tuple[ZaloBot, ZaloBotAdapter]],
    ) -> None:
        self._door = door
        self._telegram = telegram
        self._zalo_bot = zalo_bot

    def add_routes(self, app: web.Application) -> None:
        """Serve both."""
        app.router.add_post("/webhooks/telegram/{unit}", self.telegram)
        app.router.add_post("/webhooks/zalo-bot/{unit}", self.zalo_bot)

    async def telegram(self, request: web.Request) -> web.Response:
        """Take an update of a unit's group."""
        unit_id = request.match_info["unit"]
        owner = self._telegram.get(unit_id)
        told = request.headers.get(TELEGRAM_HEADER, "")
        if owner is None or not _is_same(told, owner[0].secret_token):
            return self._refuse(Channel.TELEGRAM, unit_id, known=owner is not None)
        body = await read_body(request)
        if body is None:
            return answer(self._door, Channel.TELEGRAM, 413, "too_large")
        adapter = owner[1]
        return await self._take(
            request, Channel.TELEGRAM, unit_id, adapter, body, adapter.is_from_us
        )

    async def zalo_bot(self, request: web.Request) -> web.Response:
        """Take a message to a unit's bot."""
        unit_id = request.match_info["unit"]
        owner = self._zalo_bot.get(unit_id)
        told = request.headers.get(ZALO_BOT_HEADER, "")
        if owner is None or not _is_same(told, owner[0].secret_token):
            return self._refuse(Channel.ZALO_BOT, unit_id, known=owner is not None)
        body = await read_body(request)
        if body is None:
            return answer(self._door, Channel.ZALO_BOT, 413, "too_large")
        return await self._take(request, Channel.ZALO_BOT, unit_id, owner[1], body)

    def _refuse(self, channel: Channel, unit_id: str, *, known: bool) -> web.Response:
        kind = f"{channel.value}_bad_secret"
        if known:
            self._door.security.count(kind, unit_id)
        else:
            self._door.security.count(kind)
        return answer(self._door, channel, 403, "forbidden")

    async def _take(
        self,
        request: web.Request,
        channel: Channel,
        unit_id: str,
        adapter: Adapter,
        body: bytes,
        is_from_us: Callable[[bytes, datetime], bool] | None = None,
    ) -> web.Response:
        door = self._door
        received_at = door.clock.now_ms()
        try:
            events = adapter.parse(body, from_ms(received_at))
        except Malformed:
            return answer(door, channel, 400, "malformed")
        if not events:
            return answer(door, channel, 200, "not_for_us")
        if is_from_us is not None and not is_from_us(body, from_ms(received_at)):
            door.security.count("telegram_foreign_chat", unit_id)
            return answer(door, channel, 200, "foreign_chat")
        parts = [(unit_id, list(events))]
        return await store(door, request, channel, body, received_at, parts)


def _is_same(told: str, ours: str) -> bool:
    return hmac.compare_digest(told.encode("utf-8", "replace"), ours.encode())
