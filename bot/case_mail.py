"""How does a platform take and allow words about a case? For staff's use cases.

Nothing is sent from here: this is what planning a message must know, so that the
command line and the console plan the same rows as the service.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any

from bot.channels.facebook import render as facebook
from bot.channels.zalo import render as zalo
from bot.codec import dump_reply
from bot.policy import WINDOWS, Allow, Request, decide
from handlers.model import Channel, Reply
from handlers.staff.cases.ports import Contact
from storage.outbox import Priority

PLANS: Mapping[Channel, Callable[[Reply], Sequence[Reply]]] = {
    Channel.ZALO: zalo.plan,
    Channel.FACEBOOK: facebook.plan,
}


class CaseMail:
    """Implements handlers.staff.cases.ports.Mail over the platforms' own rules."""

    def parts(self, channel: str, reply: Reply) -> Sequence[Mapping[str, Any]]:
        """Return what the platform takes as one message each."""
        return [dump_reply(part) for part in PLANS[Channel(channel)](reply)]

    def may_send(self, contact: Contact, now: datetime) -> bool:
        """Whether the window is open now."""
        channel = Channel(contact.channel)
        request = Request(
            channel=channel,
            priority=Priority.CASE,
            human=contact.is_human,
            last_inbound=contact.last_inbound,
            opted_out=contact.is_opted_out,
        )
        return channel in WINDOWS and isinstance(decide(request, now), Allow)
