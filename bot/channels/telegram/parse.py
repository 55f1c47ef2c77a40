"""What did a person of the commune do in the group? (PLATFORMS §4.1, §4.3)

Only what is meant for us is taken: a press of our button, or a reply to one of our
messages. What officers say to each other is none of our business and is not stored.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from bot.channels import wire
from bot.channels.wire import WireEvent
from handlers.model import Channel, Inbound, Kind
from handlers.staff.desk import StaffInbound, parse_payload

BETWEEN = ":"


@dataclass(frozen=True, slots=True)
class Update:
    """An update that is ours: how it is filed, and what it says."""

    wire: WireEvent
    said: StaffInbound


def read(
    body: bytes | Mapping[str, object], received_at: datetime, *, bot_id: str = ""
) -> Update | None:
    """Return what an update says to us, None for all else; raises Malformed.

    ``bot_id`` is our own user id, "" when not known; then any bot's message that is
    replied to counts as ours.
    """
    document = wire.document_of(body)
    update_id = wire.identity(document.get("update_id"))
    if not update_id:
        return None
    said = _press(document, received_at) or _reply(document, received_at, bot_id)
    return None if said is None else Update(_filed(update_id, said), said)


def chat_of(body: bytes | Mapping[str, object]) -> str:
    """Return the id of the chat an update comes from; "" when it names none."""
    document = wire.document_of(body)
    query = wire.mapping(document.get("callback_query"))
    message = wire.mapping(query.get("message") or document.get("message"))
    return wire.identity(wire.mapping(message.get("chat")).get("id"))


def address(chat_id: str, thread: str) -> str:
    """Return how we name a topic; the general one has no thread."""
    return f"{chat_id}{BETWEEN}{thread}"


def _filed(update_id: str, said: StaffInbound) -> WireEvent:
    kind = Kind.BUTTON if said.tap else Kind.ATTACHMENT if said.files else Kind.TEXT
    return WireEvent(
        index=0,
        account_id=said.topic.partition(BETWEEN)[0],
        user_id=said.topic,
        key=update_id,
        message_id=said.message_id,
        app_id="",
        inbound=Inbound(Channel.TELEGRAM, kind, said.at),
    )


def _press(
    document: Mapping[str, object], received_at: datetime
) -> StaffInbound | None:
    query = wire.mapping(document.get("callback_query"))
    message = wire.mapping(query.get("message"))
    tap = parse_payload(wire.text(query.get("data")))
    if tap is None or not message:
        return None
    return StaffInbound(
        Channel.TELEGRAM,
        user_id=_person(query),
        topic=_topic(message),
        at=wire.instant(None, received_at),
        ref=tap.ref,
        tap=tap,
        query_id=wire.identity(query.get("id")),
        message_id=wire.identity(message.get("message_id")),
    )


def _reply(
    document: Mapping[str, object], received_at: datetime, bot_id: str
) -> StaffInbound | None:
    message = wire.mapping(document.get("message"))
    earlier = wire.mapping(message.get("reply_to_message"))
    if not _is_to_us(earlier, bot_id):
        return None
    text = wire.text(message.get("text")) or wire.text(message.get("caption"))
    files = _files(message)
    if not text.strip() and not files:
        return None
    return StaffInbound(
        Channel.TELEGRAM,
        user_id=_person(message),
        topic=_topic(message),
        at=wire.instant(message.get("date"), received_at, per_second=1),
        text=text,
        ref=_matter(earlier),
        files=files,
        message_id=wire.identity(message.get("message_id")),
    )


def _is_to_us(earlier: Mapping[str, object], bot_id: str) -> bool:
    """Each message of a topic "replies" to its creation, which we also made."""
    if not earlier or "forum_topic_created" in earlier:
        return False
    sender = wire.mapping(earlier.get("from"))
    known = wire.identity(sender.get("id"))
    return wire.is_true(sender.get("is_bot")) and bot_id in ("", known)


def _person(part: Mapping[str, object]) -> str:
    """An anonymous admin writes as the group: nobody we could name."""
    sender = wire.mapping(part.get("from"))
    if "sender_chat" in part or wire.is_true(sender.get("is_bot")):
        return ""
    return wire.identity(sender.get("id"))


def _topic(message: Mapping[str, object]) -> str:
    """In a group without topics the thread id is only that of a chain of replies."""
    chat = wire.mapping(message.get("chat"))
    told = message.get("is_topic_message"), chat.get("is_forum")
    is_topic = any(wire.is_true(one) for one in told)
    thread = wire.identity(message.get("message_thread_id")) if is_topic else ""
    return address(wire.identity(chat.get("id")), thread)


def _matter(earlier: Mapping[str, object]) -> str:
    """Return the matter that the buttons under the message replied to name."""
    markup = wire.mapping(earlier.get("reply_markup"))
    for row in wire.items(markup.get("inline_keyboard")):
        for one in wire.items(row):
            tap = parse_payload(wire.text(wire.mapping(one).get("callback_data")))
            if tap is not None:
                return tap.ref
    return ""


def _files(message: Mapping[str, object]) -> tuple[str, ...]:
    """A photo comes in several sizes, the largest last."""
    sizes = [wire.mapping(one) for one in wire.items(message.get("photo"))]
    found = wire.identity(sizes[-1].get("file_id")) if sizes else ""
    return (found,) if found else ()
