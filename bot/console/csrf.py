"""Does a request that changes something come from our own page?

Each form carries a token made from the session's own; a browser also says from where
it comes. The token is masked anew each time, so compressed pages give nothing away.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
from urllib.parse import urlsplit

from aiohttp import web

from bot.console.errors import ForgedError
from bot.http_form import fields_of

FIELD = "csrf"
HEADER = "X-CSRF-Token"
SAFE = frozenset({"GET", "HEAD", "OPTIONS"})
OURS = frozenset({"same-origin", "none"})
_BYTES = 16


def token(session: str) -> str:
    """Return a token for a form of this session; another one each time."""
    mask = secrets.token_bytes(_BYTES)
    return mask.hex() + _xor(mask, _secret(session)).hex()


def is_token(session: str, told: str) -> bool:
    """Whether a token was made for this session."""
    try:
        both = bytes.fromhex(told)
    except ValueError:
        return False
    if len(both) != 2 * _BYTES or not session:
        return False
    plain = _xor(both[:_BYTES], both[_BYTES:])
    return hmac.compare_digest(plain, _secret(session))


async def require(request: web.Request, session: str, public_host: str) -> None:
    """Raise ForgedError unless a changing request is ours; others may pass.

    Raises HTTPBadRequest when its form cannot be read.
    """
    if request.method in SAFE:
        return
    if not is_ours(request, public_host):
        raise ForgedError
    form = await fields_of(request)  # kept by the request: pages read it again
    told = request.headers.get(HEADER)
    if told is None:
        told = str(form.get(FIELD, ""))
    if not is_token(session, told):
        raise ForgedError


def is_ours(request: web.Request, public_host: str) -> bool:
    """Whether the browser says that one of our pages asks; silence is no proof."""
    site = request.headers.get("Sec-Fetch-Site")
    if site is not None:
        return site in OURS
    origin = request.headers.get("Origin")
    if origin is None:
        return True
    return urlsplit(origin).netloc in {request.host, public_host} - {""}


def _secret(session: str) -> bytes:
    return hmac.new(session.encode(), b"csrf", hashlib.sha256).digest()[:_BYTES]


def _xor(one: bytes, two: bytes) -> bytes:
    return bytes(a ^ b for a, b in zip(one, two, strict=True))
