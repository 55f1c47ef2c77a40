"""Which OA and which citizen does a Zalo event name? (PLATFORMS §1.5)"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass

from bot.channels import wire

# Events written from the OA's side: its id stands in `sender`.
_INVERTED = frozenset({"user_received_message", "user_seen_message"})
_FOLLOWS = frozenset({"follow", "unfollow"})
_NOT_ONE_TO_ONE = ("user_send_group", "oa_send_group", "oa_send_anonymous")
_PHONE = re.compile(r"\+?84[0-9]{8,10}|0[0-9]{8,10}|[0-9a-fA-F]{64}")


@dataclass(frozen=True, slots=True)
class Parties:
    """The two sides of an event, '' where it names none."""

    account_id: str
    user_id: str


def parties_of(
    name: str, document: Mapping[str, object], oa_ids: Collection[str]
) -> Parties:
    """Return OA and citizen; a phone number is never taken for a citizen's id."""
    own = wire.first(document.get("oa_id"), document.get("oaId"))
    if name in _INVERTED and _is_template_receipt(document):
        return Parties(own or _id_in(document, "sender"), "")
    if not _is_one_to_one(name):
        return Parties(own, "")
    account, user = _sides(name, document, own, oa_ids)
    return Parties(account, "" if user == account else user)


def _is_one_to_one(name: str) -> bool:
    if name.startswith(_NOT_ONE_TO_ONE):
        return False
    return name.startswith(("user_", "oa_send_", "oa_reacted")) or name in _FOLLOWS


def _is_template_receipt(document: Mapping[str, object]) -> bool:
    """ZBS receipts share the chat receipt's name but their recipient is a phone."""
    message = wire.mapping(document.get("message"))
    if "tracking_id" in message or "delivery_time" in message:
        return True
    return _PHONE.fullmatch(_id_in(document, "recipient")) is not None


def _sides(
    name: str, document: Mapping[str, object], own: str, oa_ids: Collection[str]
) -> tuple[str, str]:
    sender, recipient = _id_in(document, "sender"), _id_in(document, "recipient")
    if _is_from_oa(name, sender, recipient, {own, *oa_ids}):
        return own or sender, recipient
    follower = _id_in(document, "follower")
    user = wire.first(sender, follower, document.get("user_id"))
    return own or recipient, user


def _is_from_oa(name: str, sender: str, recipient: str, known: Collection[str]) -> bool:
    """Known OA ids decide; without them the documented direction of the event."""
    if sender and sender in known:
        return True
    if recipient and recipient in known:
        return False
    return name in _INVERTED or name.startswith("oa_")


def _id_in(document: Mapping[str, object], side: str) -> str:
    return wire.identity(wire.mapping(document.get(side)).get("id"))
