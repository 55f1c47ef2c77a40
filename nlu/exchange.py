"""How is a server asked that may be slow, wrong or hostile?

A failure is a value, never an exception: our engine is always there. Neither words nor
keys appear in an error or in a log.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

import aiohttp

_OK = 200
_CHUNK = 1 << 14


class Missed(StrEnum):
    """Why there is no body."""

    TIMEOUT = "timeout"
    DEAD = "dead"
    """No connection, or it broke."""
    STATUS = "status"
    """An HTTP status other than 200."""
    TOO_BIG = "too_big"


@dataclass(frozen=True, slots=True)
class Exchange:
    """One address, asked through a session that its owner opens and closes.

    ``seconds`` is for the whole exchange, ``largest`` the most bytes of a body.
    """

    session: aiohttp.ClientSession
    url: str
    seconds: float
    largest: int
    query: Mapping[str, str] = field(default_factory=dict)
    headers: Mapping[str, str] = field(default_factory=dict)

    async def post(self, document: Mapping[str, Any]) -> bytes | Missed:
        """Send a document as JSON; return the body, or why there is none."""
        try:
            return await self._posted(document)
        except TimeoutError:
            return Missed.TIMEOUT
        # aiohttp says RuntimeError for a session that is closed (a stop on its way).
        except (aiohttp.ClientError, OSError, ValueError, RuntimeError):
            return Missed.DEAD

    async def _posted(self, document: Mapping[str, Any]) -> bytes | Missed:
        async with self.session.post(
            self.url,
            params=self.query,
            json=document,
            timeout=aiohttp.ClientTimeout(total=self.seconds),
            # A redirection would carry the words to somebody nobody named.
            allow_redirects=False,
            headers={"Accept-Encoding": "identity", **self.headers},
            auto_decompress=False,
        ) as response:
            if response.status != _OK:
                return Missed.STATUS
            body = bytearray()
            async for chunk in response.content.iter_chunked(_CHUNK):
                body += chunk
                if len(body) > self.largest:
                    return Missed.TOO_BIG
            return bytes(body)
