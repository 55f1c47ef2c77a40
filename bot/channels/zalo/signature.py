"""Did Zalo write this body? (PLATFORMS §1.4)"""

from __future__ import annotations

import hashlib
import hmac
import re
from collections.abc import Mapping

from bot.channels import wire
from bot.channels.errors import Malformed

_HEADER = re.compile(r"\s*(?:mac\s*=)?\s*([0-9a-f]{64})\s*", re.ASCII | re.IGNORECASE)


def timestamp_of(document: Mapping[str, object]) -> str:
    """Return the body's ``timestamp`` as written, '' when there is none."""
    return wire.text(document.get("timestamp"))


def verify(
    body: bytes,
    header: str | None,
    *,
    secret: str,
    first_term: str,
    timestamp: str | None = None,
) -> bool:
    """Whether ``X-ZEvent-Signature`` is right for these raw bytes.

    The mac is plain SHA-256 of first_term + body + timestamp + secret.
    ``first_term`` is the app id (or OA id) of the configuration, never of the
    body. Pass ``timestamp_of(load(body))`` to save a second parse.
    """
    match = _HEADER.fullmatch(header or "")
    if match is None or not secret or not first_term:
        return False
    moment = _peek(body) if timestamp is None else timestamp
    if moment is None:
        return False
    expected = _mac(first_term, body, moment, secret)
    return hmac.compare_digest(expected, match.group(1).lower())


def _peek(body: bytes) -> str | None:
    try:
        return timestamp_of(wire.load(body))
    except Malformed:
        return None


def _mac(first_term: str, body: bytes, timestamp: str, secret: str) -> str:
    mac = hashlib.sha256(first_term.encode())
    mac.update(body)
    mac.update(timestamp.encode())
    mac.update(secret.encode())
    return mac.hexdigest()


def is_url_check(body: bytes | Mapping[str, object]) -> bool:
    """Whether this is the console's unsigned "check URL" probe, not an event."""
    try:
        return "event_name" not in wire.document_of(body)
    except Malformed:
        return False
