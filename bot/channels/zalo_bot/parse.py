"""What did a member of staff write to the Zalo bot? (PLATFORMS §2)"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from bot.channels import wire
from bot.channels.wire import WireEvent
from handlers.model import Channel, Inbound, Kind
from handlers.staff.desk import StaffInbound


@dataclass(frozen=True, slots=True)
class Update:
    """An update that is ours: how it is filed, and what it says."""

    wire: WireEvent
    said: StaffInbound


def read(
    body: bytes | Mapping[str, object], received_at: datetime, *, bot_id: str = ""
) -> Update | None:
    """Return what an update says, None for probes and for what has no words.

    Raises Malformed. Docs say ``photo``, live bodies ``photo_url``: both are read.
    """
    del bot_id
    document = wire.document_of(body)
    result = wire.mapping(document.get("result")) or document
    message = wire.mapping(result.get("message"))
    message_id = wire.identity(message.get("message_id"))
    sender = wire.mapping(message.get("from"))
    text = wire.text(message.get("text")) or wire.text(message.get("caption"))
    picture = wire.text(message.get("photo_url")) or wire.text(message.get("photo"))
    if not message_id or wire.is_true(sender.get("is_bot")):
        return None
    if not text.strip() and not picture:
        return None
    said = StaffInbound(
        Channel.ZALO_BOT,
        user_id=wire.identity(sender.get("id")),
        topic=wire.identity(wire.mapping(message.get("chat")).get("id")),
        at=wire.instant(message.get("date"), received_at),
        text=text,
        files=(picture,) if picture else (),
        message_id=message_id,
    )
    return Update(_filed(said), said)


def _filed(said: StaffInbound) -> WireEvent:
    kind = Kind.ATTACHMENT if said.files else Kind.TEXT
    return WireEvent(
        index=0,
        account_id="",
        user_id=said.topic,
        key=wire.key_of_message(said.message_id),
        message_id=said.message_id,
        app_id="",
        inbound=Inbound(Channel.ZALO_BOT, kind, said.at),
    )
