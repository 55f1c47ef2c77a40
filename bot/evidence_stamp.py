"""Who else saw the day's root, and when? An RFC 3161 service, if one is configured.

The answer is kept as it came; anybody can check its signature with the service's
certificate (``openssl ts -verify``). Here only: was it about what we asked?
"""

from __future__ import annotations

import hashlib

import aiohttp
from rfc3161_client import TimestampRequestBuilder, decode_timestamp_response

from bot.channels.transport import time_limits

ANSWER_SECONDS = 20.0
QUERY = "application/timestamp-query"
MOST_BYTES = 64 * 1024
GRANTED = (0, 1)


async def stamp(session: aiohttp.ClientSession, url: str, note: str) -> bytes | None:
    """Return the service's answer about a note (DER), None when it did not stamp it."""
    data = note.encode()
    asked = TimestampRequestBuilder().data(data).build()
    headers = {"Content-Type": QUERY}
    limits = time_limits(answer_seconds=ANSWER_SECONDS)
    try:
        async with session.post(
            url, data=asked.as_bytes(), headers=headers, timeout=limits
        ) as answer:
            token = await answer.content.read(MOST_BYTES)
    except (aiohttp.ClientError, TimeoutError, OSError):
        return None
    return token if _is_about(token, data, asked.nonce) else None


def _is_about(token: bytes, data: bytes, nonce: int | None) -> bool:
    try:
        found = decode_timestamp_response(token)
        info = found.tst_info
    except ValueError:
        return False
    said = bytes(info.message_imprint.message)
    is_ours = said == hashlib.sha512(data).digest() and info.nonce == nonce
    return found.status in GRANTED and is_ours
