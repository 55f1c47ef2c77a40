"""What do the items of one Facebook webhook body say? (PLATFORMS §3.2)"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from bot.channels import wire
from bot.channels.facebook import comments
from bot.channels.facebook.content import content_of
from bot.channels.facebook.items import Slot, redact, slots
from bot.channels.facebook.routing import ECHO_MARK, echo_kind, passed_kind, taken_kind
from bot.channels.wire import WireEvent
from handlers.model import Channel, Inbound, Kind

__all__ = ("ECHO_MARK", "page_ids", "parse", "redact")

# What a citizen does. On standby another app (or a person) answers it.
_CITIZEN = frozenset(
    {
        Kind.TEXT,
        Kind.BUTTON,
        Kind.ATTACHMENT,
        Kind.LOCATION,
        Kind.STICKER,
        Kind.REFERRAL,
    }
)


@dataclass(frozen=True, slots=True)
class _Source:
    """One item, with what its surroundings say about it."""

    name: str
    item: Mapping[str, object]
    account_id: str
    user_id: str
    at: datetime
    received_at: datetime
    own_apps: Collection[str] | None

    @property
    def part(self) -> Mapping[str, object]:
        """The object which names the event, e.g. ``message``."""
        return wire.mapping(self.item.get(self.name))

    def inbound(self, kind: Kind) -> Inbound:
        """Return an Inbound of that kind with nothing in it."""
        return Inbound(Channel.FACEBOOK, kind, self.at)


def page_ids(document: Mapping[str, object]) -> tuple[str, ...]:
    """Return the pages that a loaded body names, to find the secret to verify with."""
    entries = wire.items(document.get("entry"))
    return wire.names([wire.mapping(entry).get("id") for entry in entries])


def parse(
    body: bytes | Mapping[str, object],
    received_at: datetime,
    *,
    our_app_id: Collection[str] | None = None,
) -> tuple[WireEvent, ...]:
    """Return one event for every item of the batch, in the order of ``index``.

    ``body`` is the raw body or what ``wire.load`` made of it; ``received_at`` is
    aware. ``our_app_id`` are the ids of our own apps, None when not configured.
    Items of no use to us become Kind.UNKNOWN. Raises Malformed.
    """
    document = wire.document_of(body)
    is_page = wire.text(document.get("object")) == "page"
    return tuple(
        _event(index, slot, received_at, our_app_id, is_page)
        for index, slot in enumerate(slots(document))
    )


def _event(
    index: int,
    slot: Slot,
    received_at: datetime,
    own_apps: Collection[str] | None,
    is_page: bool,
) -> WireEvent:
    source = _source(slot, received_at, own_apps)
    if is_page and slot.area == "changes":
        said = comments.read(source.item, source.account_id, source.at)
        if said is not None:
            return _comment(index, source.account_id, said)
    inbound = _read(source, slot.area) if is_page else source.inbound(Kind.UNKNOWN)
    message_id = wire.identity(source.part.get("mid"))
    return WireEvent(
        index=index,
        account_id=source.account_id,
        user_id=source.user_id,
        key=_key(source, slot, message_id),
        message_id=message_id,
        app_id=wire.first(source.part.get("app_id")),
        inbound=inbound,
    )


def _comment(index: int, page: str, said: comments.Comment) -> WireEvent:
    return WireEvent(
        index=index,
        account_id=page,
        user_id=said.user_id,
        key=said.key,
        message_id=said.inbound.payload or "",
        app_id="",
        inbound=said.inbound,
    )


def _source(
    slot: Slot, received_at: datetime, own_apps: Collection[str] | None
) -> _Source:
    item = wire.mapping(slot.item)
    name = next((name for name in _READERS if name in item), "")
    page = wire.identity(slot.entry.get("id"))
    sides = (_id_in(item, "sender"), _id_in(item, "recipient"))
    account, user = _sides(page, sides, _is_echo(name, item))
    at = _moment(slot, item, received_at)
    return _Source(name, item, account, user, at, received_at, own_apps)


def _is_echo(name: str, item: Mapping[str, object]) -> bool:
    return name == "message" and wire.is_true(
        wire.mapping(item["message"]).get("is_echo")
    )


def _sides(page: str, sides: tuple[str, str], is_echo: bool) -> tuple[str, str]:
    """Return (page, citizen): the page writes echoes, the citizen all else."""
    user, other = (sides[1], sides[0]) if is_echo else sides
    account = page or other
    return account, "" if user == account else user


def _id_in(item: Mapping[str, object], side: str) -> str:
    return wire.identity(wire.mapping(item.get(side)).get("id"))


def _moment(slot: Slot, item: Mapping[str, object], received_at: datetime) -> datetime:
    """Messaging counts milliseconds; feed changes count seconds, in ``entry.time``."""
    if slot.area == "changes":
        return wire.instant(slot.entry.get("time"), received_at, per_second=1)
    told = item.get("timestamp", slot.entry.get("time"))
    return wire.instant(told, received_at)


def _read(source: _Source, area: str) -> Inbound:
    if area not in {"messaging", "standby"}:
        return source.inbound(Kind.UNKNOWN)
    inbound = _READERS.get(source.name, _unused)(source)
    is_for_another = area == "standby" and inbound.kind in _CITIZEN
    if is_for_another or (not source.user_id and inbound.kind is not Kind.UNKNOWN):
        return replace(inbound, kind=Kind.UNKNOWN)
    return inbound


def _key(source: _Source, slot: Slot, message_id: str) -> str:
    """A message, postback or echo is named by its mid; the rest by its content."""
    is_echo = _is_echo(source.name, source.item)
    is_deleted = wire.is_true(source.part.get("is_deleted"))
    if message_id and source.name in {"message", "postback"} and not is_deleted:
        return wire.key_of_message(message_id, "echo" if is_echo else "")
    told = source.item.get("timestamp", slot.entry.get("time"))
    return wire.key_of_item(source.name or slot.area, source.user_id, told, slot.item)


def _message(source: _Source) -> Inbound:
    if wire.is_true(source.part.get("is_echo")):
        return _echo(source)
    if wire.is_true(source.part.get("is_deleted")):
        return source.inbound(Kind.UNKNOWN)
    return content_of(source.part, source.at)


def _echo(source: _Source) -> Inbound:
    part = source.part
    kind = echo_kind(part, source.own_apps)
    ids = wire.names([part.get("mid")])
    words = wire.text(part.get("text"))
    sent = wire.text(part.get("metadata")).removeprefix(ECHO_MARK)
    return Inbound(
        Channel.FACEBOOK,
        kind,
        source.at,
        text=words,
        payload=sent if sent and kind is Kind.ECHO_OWN else None,
        message_ids=ids,
    )


def _postback(source: _Source) -> Inbound:
    """The link that brought a newcomer says more than the Get Started button."""
    title = wire.text(source.part.get("title"))
    ref = wire.text(wire.mapping(source.part.get("referral")).get("ref"))
    payload = wire.text(source.part.get("payload"))
    kind = Kind.REFERRAL if ref else Kind.BUTTON if payload else Kind.UNKNOWN
    chosen = ref or payload or None
    return Inbound(Channel.FACEBOOK, kind, source.at, text=title, payload=chosen)


def _referral(source: _Source) -> Inbound:
    ref = wire.text(source.part.get("ref"))
    if not ref:
        return source.inbound(Kind.UNKNOWN)
    return Inbound(Channel.FACEBOOK, Kind.REFERRAL, source.at, payload=ref)


def _delivery(source: _Source) -> Inbound:
    return _receipt(source, Kind.DELIVERED)


def _seen(source: _Source) -> Inbound:
    return _receipt(source, Kind.SEEN)


def _receipt(source: _Source, kind: Kind) -> Inbound:
    return Inbound(
        Channel.FACEBOOK,
        kind,
        source.at,
        message_ids=wire.names(source.part.get("mids")),
        watermark=wire.watermark(source.part.get("watermark"), source.received_at),
    )


def _passed(source: _Source) -> Inbound:
    return source.inbound(passed_kind(source.part, source.own_apps))


def _taken(source: _Source) -> Inbound:
    return source.inbound(taken_kind(source.part, source.own_apps))


def _unused(source: _Source) -> Inbound:
    return source.inbound(Kind.UNKNOWN)


_READERS: Mapping[str, Callable[[_Source], Inbound]] = {
    "message": _message,
    "postback": _postback,
    "referral": _referral,
    "optin": _referral,
    "delivery": _delivery,
    "read": _seen,
    "pass_thread_control": _passed,
    "take_thread_control": _taken,
    "request_thread_control": _unused,
    "reaction": _unused,
    "message_edit": _unused,
    "policy_enforcement": _unused,
}
