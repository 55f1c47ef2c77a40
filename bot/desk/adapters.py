"""How does the road use each staff platform of a unit?"""

from __future__ import annotations

from datetime import datetime
from typing import Protocol, runtime_checkable

from bot.channels.results import Failure, Reason, Refused, SendResult
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

    async def fetch(self, file_id: str) -> bytes | Failure:
        """Return a file that somebody sent; may be repeated."""
        ...

    def private(self, user_id: str) -> str:
        """Return the place that is one person's own talk with the bot."""
        ...

    async def answer_tap(self, query_id: str, text: str) -> None:
        """Tell who pressed a button what came of it; best effort."""
        ...

    async def set_webhook(self, url: str) -> str:
        """Let the platform post to that address; return "" or why not."""
        ...


class Staff:
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


__all__ = ["Staff", "StaffAdapter"]
