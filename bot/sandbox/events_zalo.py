"""What does the body of each Zalo webhook look like? (PLATFORMS 1.5)"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence

from bot.sandbox.errors import NoSuchEventError
from bot.sandbox.model import Act, ActKind, JsonObject, ZaloAccount

ADMIN_ID = "5520012345678901234"
"""The personal id of the made-up officer who types in OA chat."""


def citizen_event(
    account: ZaloAccount, user_id: str, act: Act, message_id: str, at_ms: int
) -> JsonObject:
    """Return the body for what a citizen did; raises NoSuchEventError."""
    maker = _MAKERS.get(act.kind)
    if maker is None:
        raise NoSuchEventError
    return maker(account, user_id, act, message_id, at_ms)


def _message(name: str, parts: Callable[[Act], JsonObject]) -> _Maker:
    def make(
        account: ZaloAccount, user_id: str, act: Act, message_id: str, at_ms: int
    ) -> JsonObject:
        return {
            "app_id": account.app_id,
            "sender": {"id": user_id},
            "user_id_by_app": user_id[::-1],
            "recipient": {"id": account.oa_id},
            "event_name": name,
            "message": parts(act) | {"msg_id": message_id},
            "timestamp": str(at_ms),
        }

    return make


_Maker = Callable[[ZaloAccount, str, Act, str, int], JsonObject]


def _text(act: Act) -> JsonObject:
    return {"text": act.text}


def _tap(act: Act) -> JsonObject:
    return {"text": act.payload}


def _attached(kind: str, payload: JsonObject, act: Act) -> JsonObject:
    words = {"text": act.text} if act.text else {}
    return {"attachments": [{"type": kind, "payload": payload}], **words}


def _image(act: Act) -> JsonObject:
    return _attached("image", {"thumbnail": act.url, "url": act.url}, act)


def _audio(act: Act) -> JsonObject:
    return _attached("audio", {"url": act.url}, act)


def _sticker(act: Act) -> JsonObject:
    return _attached("sticker", {"url": act.url, "id": act.name}, act)


def _location(act: Act) -> JsonObject:
    point = {"latitude": act.latitude, "longitude": act.longitude}
    return _attached("location", {"coordinates": point}, act)


def _file(act: Act) -> JsonObject:
    payload = {
        "size": str(act.size),
        "name": act.name,
        "checksum": act.checksum,
        "type": act.name.rpartition(".")[2],
        "url": act.url,
    }
    return _attached("file", payload, act)


def _following(name: str) -> _Maker:
    def make(
        account: ZaloAccount, user_id: str, act: Act, message_id: str, at_ms: int
    ) -> JsonObject:
        del act, message_id
        return {
            "oa_id": account.oa_id,
            "follower": {"id": user_id},
            "user_id_by_app": user_id[::-1],
            "event_name": name,
            "source": "oa_profile",
            "app_id": account.app_id,
            "timestamp": str(at_ms),
        }

    return make


def _chat_now(
    account: ZaloAccount, user_id: str, act: Act, message_id: str, at_ms: int
) -> JsonObject:
    """Zalo has no link with a ref; its nearest is the "chat now" button."""
    del act, message_id
    return {
        "app_id": account.app_id,
        "oa_id": account.oa_id,
        "user_id": user_id,
        "user_id_by_app": user_id[::-1],
        "event_name": "user_click_chatnow",
        "timestamp": str(at_ms),
    }


def _human(
    account: ZaloAccount, user_id: str, act: Act, message_id: str, at_ms: int
) -> JsonObject:
    body: Mapping[str, object] = {"text": act.text}
    return echo(account, user_id, body, message_id, at_ms, admin_id=ADMIN_ID)


def echo(
    account: ZaloAccount,
    user_id: str,
    message: Mapping[str, object],
    message_id: str,
    at_ms: int,
    *,
    admin_id: str = "",
) -> JsonObject:
    """Return ``oa_send_*`` for a message of the OA; admin_id only for a human's."""
    name, parts = _echo_parts(message)
    return {
        "app_id": account.app_id,
        "sender": {"id": account.oa_id} | ({"admin_id": admin_id} if admin_id else {}),
        "recipient": {"id": user_id},
        "event_name": name,
        "message": parts | {"msg_id": message_id},
        "timestamp": str(at_ms),
    }


def _echo_parts(message: Mapping[str, object]) -> tuple[str, JsonObject]:
    text = message.get("text", "")
    attachment = message.get("attachment")
    if not isinstance(attachment, Mapping):
        return "oa_send_text", {"text": text}
    if attachment.get("type") == "file":
        return "oa_send_file", {"attachments": [dict(attachment)]}
    payload = attachment.get("payload")
    media = payload.get("template_type") if isinstance(payload, Mapping) else None
    if media == "media":
        return "oa_send_image", {"text": text, "attachments": [{"type": "image"}]}
    card = {"zinstant_id": "", "text": text, "link_url": "", "checksum": ""}
    return "oa_send_template", {
        "attachments": [{"type": "template", "payload": {"data": json.dumps(card)}}]
    }


def received(
    account: ZaloAccount, user_id: str, message_id: str, at_ms: int
) -> JsonObject:
    """Return the receipt of delivery; sender and recipient are swapped (1.5)."""
    return _receipt(
        account, user_id, "user_received_message", {"msg_id": message_id}, at_ms
    )


def seen(
    account: ZaloAccount, user_id: str, message_ids: Sequence[str], at_ms: int
) -> JsonObject:
    """Return the receipt of reading; swapped like that of delivery."""
    message = {"msg_ids": list(message_ids)}
    return _receipt(account, user_id, "user_seen_message", message, at_ms)


def _receipt(
    account: ZaloAccount, user_id: str, name: str, message: JsonObject, at_ms: int
) -> JsonObject:
    return {
        "app_id": account.app_id,
        "sender": {"id": account.oa_id},
        "recipient": {"id": user_id},
        "event_name": name,
        "message": message,
        "timestamp": str(at_ms),
    }


_MAKERS: Mapping[ActKind, _Maker] = {
    ActKind.TEXT: _message("user_send_text", _text),
    ActKind.TAP: _message("user_send_text", _tap),
    ActKind.IMAGE: _message("user_send_image", _image),
    ActKind.FILE: _message("user_send_file", _file),
    ActKind.AUDIO: _message("user_send_audio", _audio),
    ActKind.STICKER: _message("user_send_sticker", _sticker),
    ActKind.LIKE: _message("user_send_sticker", _sticker),
    ActKind.LOCATION: _message("user_send_location", _location),
    ActKind.FOLLOW: _following("follow"),
    ActKind.UNFOLLOW: _following("unfollow"),
    ActKind.REFERRAL: _chat_now,
    ActKind.HUMAN_REPLY: _human,
}
