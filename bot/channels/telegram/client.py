"""How do we call the Telegram Bot API, and what came of it? (PLATFORMS §4.1)

python-telegram-bot speaks; our transport carries (docs/adr/0018).
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable
from pathlib import Path
from typing import TypeVar

import aiohttp
import telegram

from bot.channels.results import (
    Accepted,
    Failure,
    Reason,
    Refused,
    SendResult,
    Unknown,
)
from bot.channels.telegram.errors import CallFailedError
from bot.channels.telegram.errors_table import UNCHANGED
from bot.channels.telegram.render import keyboard, toast, topic_name
from bot.channels.telegram.request import TransportRequest
from bot.channels.transport import repeatable, time_limits
from bot.channels.uploads import file_name
from handlers.model import Media, Reply

UPDATES = ("message", "callback_query")
PICTURE = "image"
PRIVATE = "u"
"""Begins a place that is one person's talk with the bot: ``u`` and their id."""
_STRANGE = (
    TypeError,
    KeyError,
    ValueError,
    AttributeError,
    telegram.error.TelegramError,
)
"""What the library raises for an answer that is not of the shape it knows."""

# At its lower levels the library writes down whole calls, words and all.
logging.getLogger("telegram").setLevel(logging.ERROR)

_Told = TypeVar("_Told")


class TelegramClient:
    """One bot in one group of staff; times out after 5 s and 15 s as elsewhere.

    A place is a topic's thread, "" for the group at large, or ``u<id>`` for the
    private talk with one person.
    """

    def __init__(
        self,
        session: aiohttp.ClientSession,
        api_base: str,
        bot_token: str,
        chat_id: str,
        *,
        timeout: aiohttp.ClientTimeout | None = None,
    ) -> None:
        base = api_base.rstrip("/")
        self._files = f"{base}/file/bot{bot_token}/"
        self._chat = chat_id
        self._request = TransportRequest(session, timeout or time_limits())
        self._bot = telegram.Bot(
            bot_token,
            base_url=f"{base}/bot",
            base_file_url=f"{base}/file/bot",
            request=self._request,
            get_updates_request=self._request,
        )

    async def set_webhook(self, url: str, secret_token: str) -> Failure | None:
        """Let Telegram post its updates to us; None when set. Safe to repeat."""
        call = self._bot.set_webhook(
            url, secret_token=secret_token, allowed_updates=UPDATES
        )
        found = await _asked(call)
        return repeatable(found) if isinstance(found, Failure) else None

    async def open_topic(self, title: str) -> SendResult:
        """Make a topic; its id is the message id of the result.

        A second, empty topic does no harm, so a call of unknown fate is repeated.
        """
        found = await _asked(
            self._bot.create_forum_topic(self._chat, topic_name(title))
        )
        if not isinstance(found, telegram.ForumTopic):
            return repeatable(found)
        return Accepted(str(found.message_thread_id))

    async def close_topic(self, thread: str) -> SendResult:
        """Close a topic; one that is closed or gone is as good."""
        found = await _asked(self._bot.close_forum_topic(self._chat, int(thread)))
        if not isinstance(found, Failure) or isinstance(found, Refused):
            return Accepted("")
        return repeatable(found)

    async def post(self, part: Reply, place: str = "") -> SendResult:
        """Send one part of ``plan`` to a place."""
        if part.media is not None:
            return await self._media(part, part.media, place)
        chat, thread = self._address(place)
        call = self._bot.send_message(
            chat,
            part.text,
            message_thread_id=thread,
            reply_markup=keyboard(part.buttons),
        )
        return _sent(await _asked(call))

    async def edit(self, message_id: str, part: Reply) -> SendResult:
        """Replace a text of ours; safe to repeat, and the same text is no error."""
        call = self._bot.edit_message_text(
            part.text,
            chat_id=self._chat,
            message_id=int(message_id),
            reply_markup=keyboard(part.buttons),
        )
        found = await _asked(call)
        if isinstance(found, Refused) and found.code == UNCHANGED:
            return Accepted(message_id)
        return repeatable(found) if isinstance(found, Failure) else Accepted(message_id)

    async def answer_tap(self, query_id: str, text: str) -> Failure | None:
        """Stop the spinner of a pressed button with a short text; None when done."""
        found = await _asked(self._bot.answer_callback_query(query_id, toast(text)))
        return found if isinstance(found, Failure) else None

    async def fetch(self, file_id: str) -> bytes | Failure:
        """Return the bytes of a file somebody sent, at most 20 MB."""
        found = await _asked(self._bot.get_file(file_id))
        if not isinstance(found, telegram.File):
            return repeatable(found)
        # The library takes a path that exists here for a local file: only ours counts.
        url = found.file_path or ""
        below = url.removeprefix(self._files)
        if not below or below == url or ".." in below.split("/"):
            return Refused("no-path", Reason.MEDIA)
        got = await _asked(self._request.retrieve(url))
        return got if isinstance(got, bytes) else repeatable(got)

    async def _media(self, part: Reply, media: Media, place: str) -> SendResult:
        chat, thread = self._address(place)
        file = await _file(media)
        if isinstance(file, Refused):
            return file
        is_picture = media.kind == PICTURE
        call = (self._bot.send_photo if is_picture else self._bot.send_document)(
            chat,
            file,
            caption=part.text or None,
            message_thread_id=thread,
            reply_markup=keyboard(part.buttons),
        )
        return _sent(await _asked(call))

    def _address(self, place: str) -> tuple[str, int | None]:
        if place.startswith(PRIVATE):
            return place.removeprefix(PRIVATE), None
        return self._chat, int(place) if place else None


async def _asked(call: Awaitable[_Told]) -> _Told | Failure:
    """An answer that the library cannot read may well mean that it was done."""
    try:
        return await call
    except CallFailedError as failed:
        return failed.failure
    except _STRANGE:
        return Unknown("garbage")


async def _file(media: Media) -> str | telegram.InputFile | Refused:
    """The file is read outside the event loop; one that is gone will not come back."""
    if not (media.path or media.data):
        return media.url
    try:
        data = media.data or await asyncio.to_thread(Path(media.path).read_bytes)
    except (OSError, ValueError):
        return Refused("file", Reason.MEDIA)
    return telegram.InputFile(data, filename=file_name(media))


def _sent(found: telegram.Message | Failure) -> SendResult:
    if isinstance(found, telegram.Message):
        return Accepted(str(found.message_id))
    return found
