"""One sentence that survives a redirect: in a sealed cookie, read once."""

from __future__ import annotations

import base64
import json
from binascii import Error as NotBase64
from dataclasses import dataclass

from aiohttp import web

from bot.console.session import Cookies
from storage.keys import InvalidTag, UnitKeys

COOKIE = "tt_flash"
SECONDS = 60
LONGEST = 300


@dataclass(frozen=True, slots=True)
class Flash:
    """What is said; ``is_good`` False is a warning."""

    text: str
    is_good: bool = True


def put(
    response: web.StreamResponse,
    cookies: Cookies,
    keys: UnitKeys,
    session: str,
    flash: Flash,
) -> None:
    """Keep a sentence for the next page of this session."""
    plain = json.dumps([flash.text[:LONGEST], flash.is_good], ensure_ascii=False)
    sealed = keys.box.seal(plain.encode(), _context(session))
    value = base64.urlsafe_b64encode(sealed).decode().rstrip("=")
    cookies.set(response, COOKIE, value, SECONDS)


def take(
    request: web.Request, cookies: Cookies, keys: UnitKeys, session: str
) -> Flash | None:
    """Return the sentence for this page; anything odd is none."""
    value = request.cookies.get(cookies.name(COOKIE), "")
    if not value:
        return None
    try:
        sealed = base64.urlsafe_b64decode(value + "=" * (-len(value) % 4))
        text, is_good = json.loads(keys.box.open(sealed, _context(session)))
    except (NotBase64, InvalidTag, ValueError, TypeError):
        return None
    return Flash(str(text), bool(is_good))


def _context(session: str) -> str:
    return f"console:flash:{session}"
