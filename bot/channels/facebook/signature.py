"""Did Meta write this body? (PLATFORMS §3.2)"""

from __future__ import annotations

import hashlib
import hmac
import re
from collections.abc import Mapping

from bot.channels import wire
from bot.channels.errors import Malformed

_HEADER = re.compile(r"\s*sha256=([0-9a-f]{64})\s*", re.ASCII | re.IGNORECASE)


def verify(body: bytes, header: str | None, *, secret: str) -> bool:
    """Whether ``X-Hub-Signature-256`` is the HMAC-SHA256 of these raw bytes.

    ``secret`` is the app secret. The algorithm is ours to choose, never the
    header's: the old ``sha1=`` is refused.
    """
    match = _HEADER.fullmatch(header or "")
    if match is None or not secret:
        return False
    expected = hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()
    return hmac.compare_digest(expected, match.group(1).lower())


def is_dashboard_test(body: bytes | Mapping[str, object]) -> bool:
    """Whether this is the dashboard's "Test" sample, which belongs to no page."""
    try:
        document = wire.document_of(body)
    except Malformed:
        return False
    is_sample = "field" in document and "value" in document
    return is_sample and "object" not in document and "entry" not in document
