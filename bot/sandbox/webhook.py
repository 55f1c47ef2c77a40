"""Which bytes and which signature does a platform post? (PLATFORMS 1.4, 3.2)"""

from __future__ import annotations

import hashlib
import hmac
import json
import secrets
import time
from collections.abc import Iterable, Mapping
from urllib.parse import urlencode

from bot.sandbox import events_facebook, events_zalo
from bot.sandbox.model import Act, ActKind, JsonObject, SandboxConfig, SignedRequest

ID_BYTES = 10


def new_message_id(prefix: str = "") -> str:
    """Return an id that no other message has."""
    return prefix + secrets.token_hex(ID_BYTES)


def zalo_event(
    config: SandboxConfig,
    user_id: str,
    text: str = "",
    *,
    act: Act | None = None,
    message_id: str = "",
    at_ms: int = 0,
) -> SignedRequest:
    """Return the signed event of a citizen's text, or of another act of theirs.

    ``at_ms`` is UTC milliseconds, by default those of the machine.
    """
    body = events_zalo.citizen_event(
        config.zalo,
        user_id,
        act or Act(ActKind.TEXT, text=text),
        message_id or new_message_id(),
        at_ms or _now_ms(),
    )
    return sign_zalo(config, body)


def facebook_event(
    config: SandboxConfig,
    user_id: str,
    text: str = "",
    *,
    act: Act | None = None,
    message_id: str = "",
    at_ms: int = 0,
) -> SignedRequest:
    """Return the signed body with one item; as ``zalo_event`` otherwise."""
    item = events_facebook.citizen_item(
        config.facebook,
        user_id,
        act or Act(ActKind.TEXT, text=text),
        message_id or new_message_id("m_"),
        at_ms or _now_ms(),
    )
    return facebook_batch(config, [[item]])


def facebook_batch(
    config: SandboxConfig,
    entries: Iterable[Iterable[JsonObject]],
    *,
    area: str = "messaging",
    at_ms: int = 0,
) -> SignedRequest:
    """Return one signed body with an entry for each list of items.

    ``area`` is messaging, standby or changes; the last counts time in seconds.
    """
    moment = at_ms or _now_ms()
    when = moment // 1000 if area == "changes" else moment
    page = config.facebook.page_id
    listed = [{"id": page, "time": when, area: list(items)} for items in entries]
    return sign_facebook(config, {"object": "page", "entry": listed})


def sign_zalo(config: SandboxConfig, body: Mapping[str, object]) -> SignedRequest:
    """Write UTF-8 without escapes and add the plain SHA-256 mac over those bytes."""
    raw = json.dumps(body, ensure_ascii=False, separators=(",", ":"))
    sent = raw.encode("utf-8", "replace")
    mac = hashlib.sha256(config.zalo.signing_id.encode())
    mac.update(sent)
    mac.update(str(body.get("timestamp", "")).encode())
    mac.update(config.zalo.signing_secret.encode())
    headers = {
        "Content-Type": "application/json",
        "User-Agent": "ZaloWebhook",
        "X-ZEvent-Server": "OA OpenAPI",
        "X-ZEvent-Signature": f"mac={mac.hexdigest()}",
    }
    return SignedRequest(sent, headers, config.zalo.path)


def sign_facebook(config: SandboxConfig, body: Mapping[str, object]) -> SignedRequest:
    r"""Write ASCII with \\u escapes and add the HMAC-SHA256 over those bytes."""
    sent = json.dumps(body, separators=(",", ":")).encode("ascii")
    key = config.facebook.app_secret.encode()
    headers = {
        "Content-Type": "application/json",
        "User-Agent": "facebookexternalua",
        "X-Hub-Signature-256": f"sha256={hmac.digest(key, sent, 'sha256').hex()}",
    }
    return SignedRequest(sent, headers, config.facebook.path)


def zalo_url_check(config: SandboxConfig) -> SignedRequest:
    """Return the unsigned probe of the console, which must be answered with 200."""
    body = {"oa_id": config.zalo.oa_id, "timestamp": str(_now_ms())}
    headers = {"Content-Type": "application/json", "User-Agent": "ZaloWebhook"}
    return SignedRequest(json.dumps(body).encode(), headers, config.zalo.path)


def facebook_dashboard_test(config: SandboxConfig) -> SignedRequest:
    """Return what the dashboard's "Test" button posts: no object, no entry."""
    value = {
        "sender": {"id": "12334"},
        "recipient": {"id": "23245"},
        "timestamp": "1527459824",
        "message": {"mid": "test_message_id", "text": "test_message"},
    }
    return sign_facebook(config, {"field": "messages", "value": value})


def facebook_verify_path(config: SandboxConfig, challenge: str) -> str:
    """Return path and query of the GET that proves who owns the webhook."""
    query = {
        "hub.mode": "subscribe",
        "hub.challenge": challenge,
        "hub.verify_token": config.facebook.verify_token,
    }
    return f"{config.facebook.path}?{urlencode(query)}"


def _now_ms() -> int:
    return time.time_ns() // 1_000_000
