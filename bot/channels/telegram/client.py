"""How do we call the Telegram Bot API, and what came of it? (PLATFORMS §4.1)

Our own client, because python-telegram-bot raises one error for "not sent" and for
"nobody knows", and the outbox lives on that difference (docs/adr/0018).
"""

from __future__ import annotations

import json
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
from bot.channels.telegram.errors_table import UNCHANGED, failure_for
from bot.channels.telegram.render import keyboard, toast, topic_name
from bot.channels.transport import (
    LONGEST_WAIT_SECONDS,
    Answer,
    by_status,
    error_code,
    exchange,
    repeatable,
    time_limits,
)
from bot.channels.uploads import form_with
from handlers.model import Media, Reply

LARGEST_DOWNLOAD = 20 * 1024 * 1024
UPDATES = ["message", "callback_query"]


class TelegramClient:
    """One bot in one group of staff; times out after 5 s and 15 s as elsewhere."""

    def __init__(
        self,
        session: aiohttp.ClientSession,
        api_base: str,
        bot_token: str,
        chat_id: str,
        *,
        timeout: aiohttp.ClientTimeout | None = None,
    ) -> None:
        self._session = session
        base = api_base.rstrip("/")
        self._calls = f"{base}/bot{bot_token}/"
        self._files = f"{base}/file/bot{bot_token}/"
        self._chat = chat_id
        self._limits = timeout or time_limits()

    async def get_me(self) -> FetchResult:
        """Ask who we are; a question that may be repeated."""
        judged = await self._call("getMe", {})
        return judged if isinstance(judged, Fetched) else repeatable(judged)

    async def set_webhook(self, url: str, secret_token: str) -> Failure | None:
        """Let Telegram post its updates to us; None when set. Safe to repeat."""
        values = {"url": url, "secret_token": secret_token, "allowed_updates": UPDATES}
        judged = await self._call("setWebhook", values)
        return None if isinstance(judged, Fetched) else repeatable(judged)

    async def open_topic(self, title: str) -> SendResult:
        """Make a topic; its id is the message id of the result.

        A second, empty topic does no harm, so a call of unknown fate is repeated.
        """
        values = {"chat_id": self._chat, "name": topic_name(title)}
        judged = await self._call("createForumTopic", values)
        if not isinstance(judged, Fetched):
            return repeatable(judged)
        thread = wire.identity(judged.data.get("message_thread_id"))
        return Accepted(thread) if thread else repeatable(Unknown("no-id"))

    async def close_topic(self, thread: str) -> SendResult:
        """Close a topic; one that is closed or gone is as good."""
        values = {"chat_id": self._chat, "message_thread_id": thread}
        judged = await self._call("closeForumTopic", values)
        if isinstance(judged, Fetched | Refused):
            return Accepted("")
        return repeatable(judged)

    async def post(self, part: Reply, thread: str = "") -> SendResult:
        """Send one part of ``plan`` to a topic, "" to the group at large."""
        values = self._address(thread) | _markup(part)
        if part.media is not None:
            return await self._photo(part.media, part.text, values)
        return _sent(await self._call("sendMessage", values | {"text": part.text}))

    async def ask(self, text: str, thread: str = "") -> SendResult:
        """Send a text and open the reply box of who is asked."""
        force = {"force_reply": True, "selective": True}
        values = self._address(thread) | {"text": text, "reply_markup": force}
        return _sent(await self._call("sendMessage", values))

    async def edit(self, message_id: str, part: Reply) -> SendResult:
        """Replace a text of ours; safe to repeat, and the same text is no error."""
        values = {"chat_id": self._chat, "message_id": message_id, "text": part.text}
        judged = await self._call("editMessageText", values | _markup(part))
        if isinstance(judged, Refused) and judged.code == UNCHANGED:
            return Accepted(message_id)
        return _sent(judged) if isinstance(judged, Fetched) else repeatable(judged)

    async def answer_tap(self, query_id: str, text: str) -> Failure | None:
        """Stop the spinner of a pressed button with a short text; None when done."""
        values = {"callback_query_id": query_id, "text": toast(text)}
        judged = await self._call("answerCallbackQuery", values)
        return None if isinstance(judged, Fetched) else judged

    async def fetch(self, file_id: str) -> bytes | Failure:
        """Return the bytes of a file somebody sent, at most 20 MB."""
        judged = await self._call("getFile", {"file_id": file_id})
        if not isinstance(judged, Fetched):
            return repeatable(judged)
        path = wire.text(judged.data.get("file_path"))
        if not path or ".." in path.split("/"):
            return Refused("no-path", Reason.MEDIA)
        return await self._download(self._files + path.lstrip("/"))

    async def _download(self, url: str) -> bytes | Failure:
        try:
            async with self._session.get(
                url, timeout=self._limits, allow_redirects=False
            ) as response:
                failure = by_status(Answer(response.status, None, None))
                if failure is not None:
                    return repeatable(failure)
                return await _bounded(response.content)
        except (aiohttp.ClientError, TimeoutError):
            return failure_for("503", "")

    async def _photo(
        self, media: Media, caption: str, values: Mapping[str, Any]
    ) -> SendResult:
        told = dict(values) | ({"caption": caption} if caption else {})
        if not media.path:
            return _sent(await self._call("sendPhoto", told | {"photo": media.url}))
        plain = {key: _written(value) for key, value in told.items()}
        form = await form_with("photo", media, plain)
        if not isinstance(form, aiohttp.FormData):
            return form
        return _sent(await self._exchange("sendPhoto", data=form))

    def _address(self, thread: str) -> dict[str, Any]:
        place = {"message_thread_id": thread} if thread else {}
        return {"chat_id": self._chat, **place}

    async def _call(self, method: str, values: Mapping[str, Any]) -> FetchResult:
        return await self._exchange(method, json=dict(values))

    async def _exchange(self, method: str, **arguments: Any) -> FetchResult:
        answer = await exchange(
            self._session,
            "POST",
            self._calls + method,
            limits=self._limits,
            **arguments,
        )
        return judge(answer) if isinstance(answer, Answer) else answer


async def _bounded(content: aiohttp.StreamReader) -> bytes | Failure:
    data = bytearray()
    async for chunk in content.iter_chunked(1 << 16):
        data += chunk
        if len(data) > LARGEST_DOWNLOAD:
            return Refused("too-big", Reason.MEDIA)
    return bytes(data)


def _written(value: object) -> str:
    return value if isinstance(value, str) else json.dumps(value)


def _markup(part: Reply) -> dict[str, Any]:
    shown = keyboard(part.buttons)
    return {"reply_markup": shown} if shown else {}


def _sent(judged: FetchResult) -> SendResult:
    if not isinstance(judged, Fetched):
        return judged
    message_id = wire.identity(judged.data.get("message_id"))
    return Accepted(message_id) if message_id else Unknown("garbage")


def judge(answer: Answer) -> FetchResult:
    """Return the result object, or what the error asks us to do.

    A result that is only ``true`` becomes an empty object.
    """
    document = answer.document
    if document is None:
        return by_status(answer) or Unknown("garbage")
    if document.get("ok") is True:
        return Fetched(wire.mapping(document.get("result")))
    code = error_code(document.get("error_code"))
    if not code:
        return by_status(answer) or Unknown("garbage")
    return failure_for(code, wire.text(document.get("description")), _wait(answer))


def _wait(answer: Answer) -> float | None:
    told = wire.mapping((answer.document or {}).get("parameters")).get("retry_after")
    seconds = wire.whole(told)
    if seconds is None:
        return answer.after_seconds
    return min(float(seconds), LONGEST_WAIT_SECONDS)
