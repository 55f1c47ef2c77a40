"""What did a person of the commune do, in the group or in their talk with the bot?

(PLATFORMS §4.1, §4.3.) Only what is meant for us is taken: a press of our button, or a
reply to one of our messages. What officers say to each other is none of our business
and is not stored.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime

import telegram

from bot.channels import wire
from bot.channels.wire import WireEvent
from handlers.model import Channel, Inbound, Kind
from handlers.staff.desk import StaffInbound, Tap, parse_payload

BETWEEN = ":"
_STRANGE = (TypeError, KeyError, ValueError, AttributeError, OverflowError)
"""What the library raises for an update that is not of the shape it knows."""


@dataclass(frozen=True, slots=True)
class Update:
    """An update that is ours: how it is filed, what it says, and where.

    ``chat_id`` is the chat it comes from; ``is_private`` says that this is a person's
    own talk with the bot.
    """

    wire: WireEvent
    said: StaffInbound
    chat_id: str
    is_private: bool = False


def read(body: bytes, received_at: datetime, *, bot_id: str = "") -> Update | None:
    """Return what an update says to us, None for all else; raises Malformed.

    ``bot_id`` is our own user id, "" when not known; then any bot's message that is
    replied to counts as ours.
    """
    wire.load(body)  # deep or broken JSON is refused as on every other platform
    try:
        told = telegram.Update.de_json(json.loads(body))
        message = _message(told)
        if message is None:
            return None
        said = _press(told, message, received_at) or _reply(
            told, message, received_at, bot_id
        )
        if said is None:
            return None
        is_private = message.chat.type == telegram.Chat.PRIVATE
        chat_id = wire.identity(message.chat.id)
        return Update(_filed(told.update_id, said), said, chat_id, is_private)
    except _STRANGE:
        return None


def address(chat_id: str, thread: str) -> str:
    """Return how we name a topic; the general one has no thread."""
    return f"{chat_id}{BETWEEN}{thread}"


def _message(
    told: telegram.Update,
) -> telegram.MaybeInaccessibleMessage | telegram.Message | None:
    query = told.callback_query
    return query.message if query is not None else told.message


def _filed(update_id: int, said: StaffInbound) -> WireEvent:
    kind = Kind.BUTTON if said.tap else Kind.ATTACHMENT if said.files else Kind.TEXT
    return WireEvent(
        index=0,
        account_id=said.topic.partition(BETWEEN)[0],
        user_id=said.topic,
        key=str(int(update_id)),
        message_id=said.message_id,
        app_id="",
        inbound=Inbound(Channel.TELEGRAM, kind, said.at),
    )


def _press(
    told: telegram.Update,
    message: telegram.MaybeInaccessibleMessage,
    received_at: datetime,
) -> StaffInbound | None:
    query = told.callback_query
    tap = parse_payload(wire.text(query.data)) if query is not None else None
    if query is None or tap is None:
        return None
    return StaffInbound(
        Channel.TELEGRAM,
        user_id=_person(query.from_user),
        topic=_topic(message),
        at=wire.instant(None, received_at),
        ref=tap.ref,
        tap=tap,
        query_id=wire.identity(query.id),
        message_id=wire.identity(message.message_id),
    )


def _reply(
    told: telegram.Update,
    message: telegram.MaybeInaccessibleMessage,
    received_at: datetime,
    bot_id: str,
) -> StaffInbound | None:
    if told.callback_query is not None or not isinstance(message, telegram.Message):
        return None
    earlier = message.reply_to_message
    if earlier is None or not _is_to_us(earlier, bot_id):
        return None
    text = wire.text(message.text) or wire.text(message.caption)
    files = _files(message)
    if not text.strip() and not files:
        return None
    meant = _meant(earlier)
    return StaffInbound(
        Channel.TELEGRAM,
        user_id="" if message.sender_chat else _person(message.from_user),
        topic=_topic(message),
        at=wire.instant(int(message.date.timestamp()), received_at, per_second=1),
        text=text,
        ref=meant.ref if meant else "",
        meant=meant,
        files=files,
        message_id=wire.identity(message.message_id),
    )


def _is_to_us(earlier: telegram.Message, bot_id: str) -> bool:
    """Each message of a topic "replies" to its creation, which we also made."""
    if earlier.forum_topic_created is not None or earlier.from_user is None:
        return False
    known = wire.identity(earlier.from_user.id)
    return earlier.from_user.is_bot is True and bot_id in ("", known)


def _person(sender: telegram.User | None) -> str:
    """An anonymous admin writes as the group: nobody we could name."""
    if sender is None or sender.is_bot is not False:
        return ""
    return wire.identity(sender.id)


def _topic(message: telegram.MaybeInaccessibleMessage) -> str:
    """In a group without topics the thread id is only that of a chain of replies."""
    chat_id = wire.identity(message.chat.id)
    if not isinstance(message, telegram.Message):
        return address(chat_id, "")
    is_topic = message.is_topic_message is True or message.chat.is_forum is True
    thread = wire.identity(message.message_thread_id) if is_topic else ""
    return address(chat_id, thread)


def _meant(earlier: telegram.Message) -> Tap | None:
    """Return what the first button of ours under the message replied to stands for."""
    markup = earlier.reply_markup
    for row in markup.inline_keyboard if markup is not None else ():
        for one in row:
            tap = parse_payload(wire.text(one.callback_data))
            if tap is not None:
                return tap
    return None


def _files(message: telegram.Message) -> tuple[str, ...]:
    """A photo comes in several sizes, the largest last; a document as it is."""
    found = wire.identity(message.photo[-1].file_id) if message.photo else ""
    if not found and message.document is not None:
        found = wire.identity(message.document.file_id)
    return (found,) if found else ()
