"""How do we call the Zalo Bot API, and what came of it? (PLATFORMS §2)"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import aiohttp

from bot.channels import wire
from bot.channels.results import (
    Accepted,
    Failure,
    Fetched,
    FetchResult,
    Reason,
    Refused,
    SendResult,
    Unknown,
)
from bot.channels.transport import (
    Answer,
    by_status,
    error_code,
    exchange,
    repeatable,
    time_limits,
)
from bot.channels.zalo_bot.errors_table import failure_for
from handlers.model import Reply


class ZaloBotClient:
    """One bot; it writes to members of staff one by one."""

    def __init__(
        self,
        session: aiohttp.ClientSession,
        api_base: str,
        bot_token: str,
        *,
        timeout: aiohttp.ClientTimeout | None = None,
    ) -> None:
        self._session = session
        self._calls = f"{api_base.rstrip('/')}/bot{bot_token}/"
        self._limits = timeout or time_limits()

    async def get_me(self) -> FetchResult:
        """Ask who we are; a question that may be repeated."""
        judged = await self._call("getMe", {})
        return judged if isinstance(judged, Fetched) else repeatable(judged)

    async def set_webhook(self, url: str, secret_token: str) -> Failure | None:
        """Let the platform post to us; None when set. Safe to repeat."""
        values = {"url": url, "secret_token": secret_token}
        judged = await self._call("setWebhook", values)
        return None if isinstance(judged, Fetched) else repeatable(judged)

    async def post(self, part: Reply, chat_id: str) -> SendResult:
        """Send one part of ``plan``; a picture must have an address of its own."""
        if part.media is None:
            return _sent(
                await self._call("sendMessage", {"chat_id": chat_id, "text": part.text})
            )
        if not part.media.url:
            return Refused("file", Reason.MEDIA)  # the platform fetches, we cannot push
        values = {"chat_id": chat_id, "photo": part.media.url, "caption": part.text}
        return _sent(await self._call("sendPhoto", values))

    async def _call(self, method: str, values: Mapping[str, Any]) -> FetchResult:
        answer = await exchange(
            self._session,
            "POST",
            self._calls + method,
            limits=self._limits,
            json=dict(values),
        )
        return judge(answer) if isinstance(answer, Answer) else answer


def judge(answer: Answer) -> FetchResult:
    """Return the result object, or what the error asks us to do."""
    document = answer.document
    if document is None:
        return by_status(answer) or Unknown("garbage")
    if document.get("ok") is True:
        return Fetched(wire.mapping(document.get("result")))
    # One page of the documentation spells the field without its underscore.
    told = document.get("error_code", document.get("errorCode"))
    code = error_code(told)
    if not code:
        return by_status(answer) or Unknown("garbage")
    return failure_for(code, answer.after_seconds)


def _sent(judged: FetchResult) -> SendResult:
    if not isinstance(judged, Fetched):
        return judged
    message_id = wire.identity(judged.data.get("message_id"))
    return Accepted(message_id) if message_id else Unknown("garbage")
