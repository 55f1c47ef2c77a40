"""What does one Zalo OA webhook body say? (PLATFORMS §1.5)"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from datetime import datetime

from bot.channels import wire
from bot.channels.wire import WireEvent
from bot.channels.zalo.content import content_of, info_of
from bot.channels.zalo.parties import Parties, parties_of
from handlers.model import Channel, Inbound, Kind

BUTTON_MARK = "#"
CHAT_NOW = "chatnow"
_NOT_OURS = ("oa_send_group", "oa_send_anonymous", "oa_send_consent")
_NEED_USER = frozenset(Kind) - {Kind.UNKNOWN}


@dataclass(frozen=True, slots=True)
class _Source:
    """One event and when it reached us."""

    document: Mapping[str, object]
    parties: Parties
    at: datetime

    @property
    def message(self) -> Mapping[str, object]:
        """The ``message`` object, empty when there is none."""
        return wire.mapping(self.document.get("message"))

    def inbound(self, kind: Kind) -> Inbound:
        """Return an Inbound of that kind with nothing in it."""
        return Inbound(Channel.ZALO, kind, self.at)


def parse(
    body: bytes | Mapping[str, object],
    received_at: datetime,
    *,
    oa_ids: Collection[str] = (),
) -> tuple[WireEvent, ...]:
    """Return the one event of a body, Kind.UNKNOWN if it is nothing we use.

    ``body`` is the raw body or what ``wire.load`` made of it. ``received_at``
    is aware. ``oa_ids`` (our OA ids, if known) settles who is the citizen in a
    receipt that names both sides the other way round. Raises Malformed.
    """
    document = wire.document_of(body)
    name = wire.text(document.get("event_name"))
    parties = parties_of(name, document, oa_ids)
    at = wire.instant(document.get("timestamp"), received_at)
    inbound = _read(name, _Source(document, parties, at))
    return (_filed(name, document, parties, inbound),)


def _read(name: str, source: _Source) -> Inbound:
    inbound = _reader(name)(source)
    if inbound.kind in _NEED_USER and not source.parties.user_id:
        return source.inbound(Kind.UNKNOWN)
    return inbound


def _filed(
    name: str, document: Mapping[str, object], parties: Parties, inbound: Inbound
) -> WireEvent:
    message_id = _message_id(document)
    return WireEvent(
        index=0,
        account_id=parties.account_id,
        user_id=parties.user_id,
        key=_key(name, document, parties, inbound),
        message_id=message_id,
        app_id=wire.first(document.get("app_id"), document.get("appId")),
        inbound=inbound,
    )


def _message_id(document: Mapping[str, object]) -> str:
    return wire.identity(wire.mapping(document.get("message")).get("msg_id"))


_PREFIX = {
    Kind.TEXT: "",
    Kind.BUTTON: "",
    Kind.ATTACHMENT: "",
    Kind.LOCATION: "",
    Kind.STICKER: "",
    Kind.CONTACT: "",
    Kind.ECHO_OWN: "echo",
    Kind.ECHO_HUMAN: "echo",
    Kind.DELIVERED: "delivered",
}


def _key(
    name: str, document: Mapping[str, object], parties: Parties, inbound: Inbound
) -> str:
    """Only a message and its single receipt are named by the message's id.

    "Seen" may come again for the same message and a reaction may change, so
    those are told apart by their whole content.
    """
    message_id = _message_id(document)
    if message_id and inbound.kind in _PREFIX:
        return wire.key_of_message(message_id, _PREFIX[inbound.kind])
    return wire.key_of_item(name, parties.user_id, document.get("timestamp"), document)


def _text(source: _Source) -> Inbound:
    """A tap on one of our buttons comes back as a text holding its payload."""
    words = wire.text(source.message.get("text"))
    if not words.strip():
        return source.inbound(Kind.UNKNOWN)
    at = source.at
    if words.lstrip().startswith(BUTTON_MARK):
        payload = words.strip()
        return Inbound(Channel.ZALO, Kind.BUTTON, at, text=payload, payload=payload)
    return Inbound(Channel.ZALO, Kind.TEXT, at, text=words)


def _content(kind: Kind) -> Callable[[_Source], Inbound]:
    def read(source: _Source) -> Inbound:
        return content_of(source.message, kind, source.at)

    return read


def _bare(kind: Kind) -> Callable[[_Source], Inbound]:
    def read(source: _Source) -> Inbound:
        return source.inbound(kind)

    return read


def _submitted(source: _Source) -> Inbound:
    words = info_of(wire.mapping(source.document.get("info")))
    return Inbound(Channel.ZALO, Kind.CONTACT, source.at, text=words)


def _chat_now(source: _Source) -> Inbound:
    return Inbound(Channel.ZALO, Kind.REFERRAL, source.at, payload=CHAT_NOW)


def _echo(source: _Source) -> Inbound:
    """``sender.admin_id`` is there only when a person typed it in OA chat."""
    sender = wire.mapping(source.document.get("sender"))
    kind = Kind.ECHO_HUMAN if wire.first(sender.get("admin_id")) else Kind.ECHO_OWN
    words = wire.text(source.message.get("text"))
    ids = wire.names([source.message.get("msg_id")])
    return Inbound(Channel.ZALO, kind, source.at, text=words, message_ids=ids)


def _receipt(kind: Kind) -> Callable[[_Source], Inbound]:
    def read(source: _Source) -> Inbound:
        listed = wire.items(source.message.get("msg_ids"))
        ids = wire.names([*listed, source.message.get("msg_id")])
        return Inbound(Channel.ZALO, kind, source.at, message_ids=ids)

    return read


_UNUSED = _bare(Kind.UNKNOWN)
_READERS: Mapping[str, Callable[[_Source], Inbound]] = {
    "user_send_text": _text,
    "user_send_image": _content(Kind.ATTACHMENT),
    "user_send_gif": _content(Kind.ATTACHMENT),
    "user_send_link": _content(Kind.ATTACHMENT),
    "user_send_audio": _content(Kind.ATTACHMENT),
    "user_send_video": _content(Kind.ATTACHMENT),
    "user_send_file": _content(Kind.ATTACHMENT),
    "user_send_sticker": _content(Kind.STICKER),
    "user_send_location": _content(Kind.LOCATION),
    "user_send_business_card": _content(Kind.CONTACT),
    "user_submit_info": _submitted,
    "user_click_chatnow": _chat_now,
    "user_received_message": _receipt(Kind.DELIVERED),
    "user_seen_message": _receipt(Kind.SEEN),
    "user_withdraw": _bare(Kind.WITHDRAW),
    "follow": _bare(Kind.FOLLOW),
    "unfollow": _bare(Kind.UNFOLLOW),
}


def _reader(name: str) -> Callable[[_Source], Inbound]:
    if name.startswith("oa_send_") and not name.startswith(_NOT_OURS):
        return _echo
    return _READERS.get(name, _UNUSED)
