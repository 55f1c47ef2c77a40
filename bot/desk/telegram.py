"""How does the road use the Telegram group of a unit?

Imported only where a unit has one: the library is not free at the start.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from bot.channels.results import Failure, Refused, SendResult
from bot.channels.telegram import parse as telegram_parse
from bot.channels.telegram import render as telegram_render
from bot.channels.telegram.client import PRIVATE, TelegramClient
from bot.channels.wire import WireEvent
from bot.config_channels import Telegram
from bot.desk.adapters import Staff
from bot.stored_files import UnitFiles, filled
from handlers.model import Reply
from handlers.staff.desk import StaffInbound


class TelegramAdapter(Staff):
    """One group with topics."""

    has_topics = True

    def __init__(
        self,
        telegram: Telegram,
        client: TelegramClient,
        files: UnitFiles | None = None,
    ) -> None:
        self._stored = files
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

    def is_from_us(self, body: bytes, received_at: datetime) -> bool:
        """Whether it comes from the configured group, or from a person's own talk."""
        found = telegram_parse.read(body, received_at, bot_id=self._bot_id)
        return found is not None and (
            found.is_private or found.chat_id == self._telegram.chat_id
        )

    def address(self, place: str) -> str:
        """Return the group and the thread."""
        return telegram_parse.address(self._telegram.chat_id, place)

    def place(self, address: str) -> str:
        """Return the thread, or the private talk outside of the group."""
        chat_id, _, thread = address.rpartition(telegram_parse.BETWEEN)
        return thread if chat_id == self._telegram.chat_id else PRIVATE + chat_id

    def private(self, user_id: str) -> str:
        """Return the private talk of a person, who must have begun it."""
        return PRIVATE + user_id

    def plan(self, reply: Reply) -> Sequence[Reply]:
        """Split at Telegram's limits."""
        return telegram_render.plan(reply)

    async def open_topic(self, title: str) -> SendResult:
        """Make a forum topic."""
        return await self._client.open_topic(title)

    async def post(self, part: Reply, place: str) -> SendResult:
        """Send to a thread or to the group."""
        whole = await filled(self._stored, part)
        if isinstance(whole, Refused):
            return whole
        return await self._client.post(whole, place)

    async def edit(self, message_id: str, part: Reply) -> SendResult:
        """Edit a text."""
        return await self._client.edit(message_id, part)

    async def close_topic(self, place: str) -> SendResult:
        """Close a forum topic."""
        return await self._client.close_topic(place)

    async def fetch(self, file_id: str) -> bytes | Failure:
        """Fetch what an officer sent."""
        return await self._client.fetch(file_id)

    async def answer_tap(self, query_id: str, text: str) -> None:
        """Stop the spinner."""
        await self._client.answer_tap(query_id, text)

    async def set_webhook(self, url: str) -> str:
        """Call setWebhook with our secret."""
        failure = await self._client.set_webhook(url, self._telegram.secret_token)
        return "" if failure is None else failure.code


def bot_id(token: str) -> str:
    """Return the bot's own user id, which stands before the colon of its token."""
    head, colon, _ = token.partition(":")
    return head if colon and head.isdecimal() else ""
