"""How do the bytes of an attachment come in? Streamed, bounded, redirects checked.

Nothing of an address gets into a result or a log: it is as good as the file.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable

import aiohttp
from aiohttp.abc import AbstractResolver
from aiohttp.resolver import ThreadedResolver
from yarl import URL

from bot.channels.transport import retry_after
from bot.fetch_addresses import (
    OpenResolver,
    Places,
    PrivateAddressError,
    Way,
    parsed,
)
from bot.fetch_results import Later, Lost, Unfit, UnfitFileError

HOPS = 6
"""Zalo's documents go through a router to an edge; more is a loop."""
PIECE = 64 * 1024
MEGABYTE = 1024 * 1024
CONNECT_SECONDS = 10.0
SILENCE_SECONDS = 20.0
_MOVED = frozenset({301, 302, 303, 307, 308})
_EXPIRED = frozenset({400, 401, 403, 404, 410})
"""A signed link that is over answers 403 or 404 (Facebook), or 400."""
_FULL = 200
Take = Callable[[bytes], Awaitable[None]]
Failure = Unfit | Lost | Later


class Downloader:
    """Two sessions: one that reaches only the open internet, one for emulators."""

    def __init__(
        self, seconds: float, resolver: AbstractResolver | None = None
    ) -> None:
        guard = OpenResolver(resolver or ThreadedResolver())
        self._open = _session(seconds, aiohttp.TCPConnector(resolver=guard))
        self._home = _session(seconds, aiohttp.TCPConnector())

    async def close(self) -> None:
        """Close both."""
        await self._open.close()
        await self._home.close()

    async def fetch(
        self, url: str, places: Places, most: int, take: Take
    ) -> Failure | None:
        """Hand every piece to ``take``; return why not all came, None when all did.

        ``most`` is bytes. ``take`` may raise UnfitFileError to stop the download;
        what else it raises comes out of here.
        """
        way = places.way(url)
        try:
            for _ in range(HOPS):
                if way is None:
                    return _stranger(url)
                told = await self._one(way, places, most, take)
                if not isinstance(told, Way):
                    return told
                way = told
        except UnfitFileError as error:
            return error.unfit
        except (aiohttp.ClientError, TimeoutError) as error:
            return _failure(error)
        return Lost("redirects")

    async def _one(
        self, way: Way, places: Places, most: int, take: Take
    ) -> Failure | Way | None:
        session = self._home if way.is_home else self._open
        async with session.get(way.url, allow_redirects=False) as answer:
            if answer.status in _MOVED:
                return _next(answer, places)
            if answer.status != _FULL:
                return _by_status(answer)
            if (answer.content_length or 0) > most:
                raise UnfitFileError("too_big", most // MEGABYTE)
            async for piece in answer.content.iter_chunked(PIECE):
                await take(piece)
        return None


def _session(seconds: float, connector: aiohttp.TCPConnector) -> aiohttp.ClientSession:
    limits = aiohttp.ClientTimeout(
        total=seconds, sock_connect=CONNECT_SECONDS, sock_read=SILENCE_SECONDS
    )
    return aiohttp.ClientSession(
        connector=connector,
        timeout=limits,
        cookie_jar=aiohttp.DummyCookieJar(),
        # A small answer must not unpack into a large one.
        auto_decompress=False,
        headers={"Accept-Encoding": "identity"},
    )


def _next(answer: aiohttp.ClientResponse, places: Places) -> Way | Failure:
    try:
        target = answer.url.join(URL(answer.headers["Location"], encoded=True))
    except (KeyError, ValueError):
        return Lost("redirect")
    return places.way(str(target)) or _stranger(str(target))


def _stranger(told: str) -> Unfit:
    url = parsed(told)
    return Unfit("host", detail=(url.host or "") if url else "")


def _by_status(answer: aiohttp.ClientResponse) -> Failure:
    code = f"http-{answer.status}"
    if answer.status in _EXPIRED:
        return Lost(code)
    return Later(code, retry_after(answer.headers))


def _failure(error: Exception) -> Failure:
    if isinstance(error, TimeoutError):
        return Later("timeout")
    if isinstance(error, aiohttp.ClientConnectorError):
        is_private = isinstance(error.os_error, PrivateAddressError)
        return Unfit("host", detail=error.host) if is_private else Later("connect")
    is_bad = isinstance(error, aiohttp.InvalidURL)
    return Lost("address") if is_bad else Later("cut_off")
