"""How does the road use the Zalo bot of a unit?"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from bot.channels.results import Accepted, Failure, Reason, Refused, SendResult
from bot.channels.wire import WireEvent
from bot.channels.zalo_bot import parse as zalo_bot_parse
from bot.channels.zalo_bot import render as zalo_bot_render
from bot.channels.zalo_bot.client import ZaloBotClient
from bot.config_channels import ZaloBot
from bot.desk.adapters import Staff
from handlers.model import Reply
from handlers.staff.desk import StaffInbound


class ZaloBotAdapter(Staff):
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

    async def fetch(self, file_id: str) -> bytes | Failure:
        """Refuse: the platform is not known to hand out files."""
        del file_id
        return Refused("no-files", Reason.MEDIA)

    def private(self, user_id: str) -> str:
        """Each talk is one person's own."""
        return user_id

    async def answer_tap(self, query_id: str, text: str) -> None:
        """There are no buttons."""
        del query_id, text

    async def set_webhook(self, url: str) -> str:
        """Call setWebhook with our secret."""
        failure = await self._client.set_webhook(url, self._zalo_bot.secret_token)
        return "" if failure is None else failure.code
