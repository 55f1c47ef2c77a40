"""How does the road use each staff platform of a unit?"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol, runtime_checkable

from bot.channels.results import Accepted, Reason, Refused, SendResult
from bot.channels.telegram import parse as telegram_parse
from bot.channels.telegram import render as telegram_render
from bot.channels.telegram.client import TelegramClient
from bot.channels.wire import WireEvent
from bot.channels.zalo_bot import parse as zalo_bot_parse
from bot.channels.zalo_bot import render as zalo_bot_render
from bot.channels.zalo_bot.client import ZaloBotClient
from bot.config import Telegram, ZaloBot
from bot.runtime import Adapter
from handlers.model import Reply
from handlers.staff.desk import StaffInbound


@runtime_checkable
class StaffAdapter(Adapter, Protocol):
    """One staff platform as one unit uses it; nothing here raises."""

    @property
    def has_topics(self) -> bool:
        """Whether each matter has a place of its own."""
        ...

    def read(self, body: bytes, received_at: datetime) -> StaffInbound | None:
        """Return what a stored body says, None when nothing to us."""
        ...

    def address(self, place: str) -> str:
        """Return how we name a place (a topic's thread, a person's talk)."""
        ...

    def place(self, address: str) -> str:
        """Return the place that such a name stands for."""
        ...

    async def open_topic(self, title: str) -> SendResult:
        """Make a topic; its place is the message id of the result."""
        ...

    async def post(self, part: Reply, place: str) -> SendResult:
        """Say something in a place; "" is the group at large."""
        ...

    async def edit(self, message_id: str, part: Reply) -> SendResult:
        """Replace what we said."""
        ...

    async def close_topic(self, place: str) -> SendResult:
        """Close a topic."""
        ...

    async def answer_tap(self, query_id: str, text: str) -> None:
        """Tell who pressed a button what came of it; best effort."""
        ...

    async def set_webhook(self, url: str) -> str:
        """Let the platform post to that address; return "" or why not."""
        ...


class _Staff:
    """What both have in common: nothing to type, and always ready."""

    @property
    def is_ready(self) -> bool:
        """The token has no expiry; the platform tells."""
        return True

    async def ready(self) -> str:
        """The token has no expiry; the platform tells."""
        return ""

    async def typing(self, user_id: str) -> None:
        """Nobody of ours needs to see that."""

    async def deliver(
        self, part: Reply, user_id: str, row_id: str, *, human: bool
    ) -> SendResult:
        """Refuse: what goes to staff is carried by the courier (bot.desk.courier)."""
        del part, user_id, row_id, human
        return Refused("not-a-citizen", Reason.INVALID)

    def redact(self, body: bytes, index: int) -> bytes:
        """A body holds one update: nothing of it remains."""
        del body, index
        return b"{}"


class TelegramAdapter(_Staff):
    """One group with topics."""

    has_topics = True

    def __init__(self, telegram: Telegram, client: TelegramClient) -> None:
        self._telegram = telegram
        self._client = client
        self._bot_id = bot_id(telegram.bot_token)
        self.bucket = f"telegram:{telegram.chat_id}"

    def parse(self, body: bytes, received_at: datetime) -> Sequence[WireEvent]:
        """Return the update if it is for us."""
        found = telegram_parse.read(body, received_at, bot_id=self._bot_id)
        return [] if found is None else [found.wire]

    def read(self, body: bytes, received_at: datetime) -> StaffInbound | None:
        """Return what was said."""
        found = telegram_parse.read(body, received_at, bot_id=self._bot_id)
        return None if found is None else found.said

    def is_our_chat(self, chat_id: str) -> bool:
        """Whether that is the configured group."""
        return chat_id == self._telegram.chat_id

    def address(self, place: str) -> str:
        """Return the group and the thread."""
        return telegram_parse.address(self._telegram.chat_id, place)

    def place(self, address: str) -> str:
        """Return the thread."""
        return address.rpartition(telegram_parse.BETWEEN)[2]

    def plan(self, reply: Reply) -> Sequence[Reply]:
        """Split at Telegram's limits."""
        return telegram_render.plan(reply)

    async def open_topic(self, title: str) -> SendResult:
        """Make a forum topic."""
        return await self._client.open_topic(title)

    async def post(self, part: Reply, place: str) -> SendResult:
        """Send to a thread or to the group."""
        return await self._client.post(part, place)

    async def edit(self, message_id: str, part: Reply) -> SendResult:
        """Edit a text."""
        return await self._client.edit(message_id, part)

    async def close_topic(self, place: str) -> SendResult:
        """Close a forum topic."""
        return await self._client.close_topic(place)

    async def answer_tap(self, query_id: str, text: str) -> None:
        """Stop the spinner."""
        await self._client.answer_tap(query_id, text)

    async def set_webhook(self, url: str) -> str:
        """Call setWebhook with our secret."""
        failure = await self._client.set_webhook(url, self._telegram.secret_token)
        return "" if failure is None else failure.code


class ZaloBotAdapter(_Staff):
    """One bot that writes to members of staff one by one, without buttons."""

    has_topics = False

    def __init__(self, zalo_bot: ZaloBot, client: ZaloBotClient, unit_id: str) -> None:
        self._zalo_bot = zalo_bot
        self._client = client
        self.bucket = f"zalo_bot:{unit_id}"

    def parse(self, body: bytes, received_at: datetime) -> Sequence[WireEvent]:
        """Return the message of a body, if it has words."""
        found = zalo_bot_parse.read(body, received_at)
        return [] if found is None else [found.wire]

    def read(self, body: bytes, received_at: datetime) -> StaffInbound | None:
        """Return what was said."""
        found = zalo_bot_parse.read(body, received_at)
        return None if found is None else found.said

    def address(self, place: str) -> str:
        """A talk is named by itself."""
        return place

    def place(self, address: str) -> str:
        """A name is the talk itself."""
        return address

    def plan(self, reply: Reply) -> Sequence[Reply]:
        """Write the choices out and split at Zalo's limit."""
        return zalo_bot_render.plan(reply)

    async def open_topic(self, title: str) -> SendResult:
        """There are no topics."""
        del title
        return Refused("no-topics", Reason.INVALID)

    async def post(self, part: Reply, place: str) -> SendResult:
        """Write to one person."""
        return await self._client.post(part, place)

    async def edit(self, message_id: str, part: Reply) -> SendResult:
        """Nothing can be edited: courier and rows say it anew."""
        del message_id, part
        return Refused("no-edit", Reason.INVALID)

    async def close_topic(self, place: str) -> SendResult:
        """There is nothing to close."""
        del place
        return Accepted("")

    async def answer_tap(self, query_id: str, text: str) -> None:
        """There are no buttons."""
        del query_id, text

    async def set_webhook(self, url: str) -> str:
        """Call setWebhook with our secret."""
        failure = await self._client.set_webhook(url, self._zalo_bot.secret_token)
        return "" if failure is None else failure.code


def bot_id(token: str) -> str:
    """Return the bot's own user id, which stands before the colon of its token."""
    head, colon, _ = token.partition(":")
    return head if colon and head.isdecimal() else ""


__all__ = ["StaffAdapter", "TelegramAdapter", "ZaloBotAdapter", "bot_id"]
