"""Which tokens does a browser hold? One cookie, one token a unit, the current first.

``unit.token`` pairs joined by ``!``. Somebody who serves several communes has a
session in each, for an account of one opens nothing in another. ``-`` is the unit of
somebody who has not logged in: their token only guards the forms of that page.
"""

from __future__ import annotations

import re
import secrets
from collections.abc import Sequence
from dataclasses import dataclass

from aiohttp import web

NOBODY = "-"
MOST_UNITS = 8
_PAIR = re.compile(r"(-|[a-z0-9][a-z0-9-]{0,39})\.([A-Za-z0-9_-]{20,64})")


@dataclass(frozen=True, slots=True)
class Keys:
    """What a browser showed; ``pairs`` are (unit, token)."""

    pairs: tuple[tuple[str, str], ...]

    @property
    def unit_id(self) -> str:
        """The unit at which somebody works now; "-" before the log-in."""
        return self.pairs[0][0]

    @property
    def token(self) -> str:
        """The token of the current unit."""
        return self.pairs[0][1]

    def with_first(self, unit_id: str, token: str) -> Keys:
        """Return these with another current pair; that unit's former one goes."""
        rest = [p for p in self.pairs if p[0] not in (unit_id, NOBODY)]
        return Keys(((unit_id, token), *rest[: MOST_UNITS - 1]))

    def of(self, unit_id: str) -> str:
        """Return the token for a unit, "" when there is none."""
        return dict(self.pairs).get(unit_id, "")

    def text(self) -> str:
        """Return the cookie's value."""
        return "!".join(f"{unit}.{token}" for unit, token in self.pairs)


def nobody() -> Keys:
    """Return fresh keys of somebody who has not logged in."""
    return Keys(((NOBODY, secrets.token_urlsafe(32)),))


def parse(text: str) -> Keys | None:
    """Return what a cookie says; None when it is not one of ours."""
    found = [_PAIR.fullmatch(part) for part in text.split("!")[:MOST_UNITS]]
    pairs = [(one[1], one[2]) for one in found if one is not None]
    return Keys(tuple(pairs)) if pairs else None


@dataclass(frozen=True, slots=True)
class Cookies:
    """How our cookies are set; ``__Host-`` binds them to the host over https."""

    is_https: bool

    def name(self, base: str) -> str:
        """Return the name of a cookie."""
        return f"__Host-{base}" if self.is_https else base

    def keys(self, request: web.Request) -> Keys | None:
        """Return the keys of a request."""
        return parse(request.cookies.get(self.name("tt_console"), ""))

    def set(
        self, response: web.StreamResponse, base: str, value: str, age: int | None
    ) -> None:
        """Set a cookie that scripts and other sites do not get; ``age`` in seconds."""
        response.set_cookie(
            self.name(base),
            value,
            max_age=age,
            path="/",
            httponly=True,
            secure=self.is_https,
            samesite="Lax",
        )

    def keep(self, response: web.StreamResponse, keys: Keys) -> None:
        """Give a browser its keys, until it is closed or the session ends."""
        self.set(response, "tt_console", keys.text(), None)

    def drop(self, response: web.StreamResponse, names: Sequence[str]) -> None:
        """Take cookies back."""
        for base in names:
            self.set(response, base, "", 0)
