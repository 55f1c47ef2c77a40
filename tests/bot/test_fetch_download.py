"""Do the bytes come in whole, within bounds, and only from where they may?"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

import pytest

from bot.fetch_addresses import Places
from bot.fetch_download import Downloader, Failure
from bot.fetch_results import Later, Lost, Unfit, UnfitFileError
from tests.bot.file_server import (
    Answer,
    FileServer,
    endless,
    moved,
    nothing,
    slow,
    status,
    whole,
)
from tests.bot.test_fetch_addresses import Names

MOST = 1_000_000


@pytest.fixture
async def server() -> AsyncIterator[FileServer]:
    """A platform's file server."""
    made = FileServer()
    await made.start()
    yield made
    await made.close()


@pytest.fixture
async def loader() -> AsyncIterator[Downloader]:
    """A downloader for which every name leads to this machine."""
    made = Downloader(1.0, Names("127.0.0.1"))
    yield made
    await made.close()


async def fetched(
    loader: Downloader, server: FileServer, url: str, most: int = MOST
) -> tuple[Failure | None, bytes]:
    """Return why not, and what came."""
    came = bytearray()

    async def take(piece: bytes) -> None:
        came.extend(piece)
        if len(came) > most:
            raise UnfitFileError("too_big", 1)

    told = await loader.fetch(url, Places((server.base, "*.zdn.vn")), most, take)
    return told, bytes(came)


async def test_a_file_comes_whole(loader: Downloader, server: FileServer) -> None:
    """All bytes, no failure; no cookie, no referrer, nothing packed."""
    data = bytes(range(256)) * 1000
    url = server.put("a", whole(data, more="Set-Cookie: a=b\r\n"))
    for _ in range(2):
        assert await fetched(loader, server, url + "?sig=%2B1") == (None, data)
    head = server.requests[-1].lower()
    assert head.startswith("get /a?sig=%2b1 ")
    assert "cookie" not in head
    assert "referer" not in head
    assert "accept-encoding: identity" in head


@pytest.mark.parametrize("code", [400, 401, 403, 404, 410])
async def test_a_dead_link_is_gone(
    loader: Downloader, server: FileServer, code: int
) -> None:
    """Expired signatures answer with these."""
    told, _ = await fetched(loader, server, server.put("a", status(code)))
    assert told == Lost(f"http-{code}")


@pytest.mark.parametrize("code", [429, 500, 502, 503, 504, 418])
async def test_a_server_in_trouble_is_asked_later(
    loader: Downloader, server: FileServer, code: int
) -> None:
    """Anything else is not the end; Retry-After is listened to."""
    answers = status(code), status(code, "Retry-After: 7\r\n")
    url = server.put("a", *answers)
    assert (await fetched(loader, server, url))[0] == Later(f"http-{code}")
    assert (await fetched(loader, server, url))[0] == Later(f"http-{code}", 7.0)


CUT: dict[str, Answer] = {
    "shorter than it says": whole(b"half", says=5000),
    "no answer": nothing,
}


@pytest.mark.parametrize("name", CUT)
async def test_a_cut_download_is_tried_later(
    loader: Downloader, server: FileServer, name: str
) -> None:
    """Half a file is no file."""
    told, _ = await fetched(loader, server, server.put("a", CUT[name]))
    assert told == Later("cut_off")


async def test_a_slow_download_is_tried_later(
    loader: Downloader, server: FileServer
) -> None:
    """The time limit holds over the whole download."""
    url = server.put("a", slow(b"x" * 1000, asyncio.Event()))
    assert (await fetched(loader, server, url))[0] == Later("timeout")


async def test_nobody_listening_is_tried_later(loader: Downloader) -> None:
    """A server that is down may come back."""
    server = FileServer()
    await server.start()
    url = server.put("a", whole(b""))
    await server.close()
    assert (await fetched(loader, server, url))[0] == Later("connect")


async def test_a_huge_file_is_stopped(loader: Downloader, server: FileServer) -> None:
    """By its stated length at once, without one as soon as it is too much."""
    stated = server.put("a", whole(b"x", says=MOST + 1))
    assert await fetched(loader, server, stated) == (Unfit("too_big", 0), b"")

    told, came = await fetched(loader, server, server.put("b", endless(b"", 9 * MOST)))
    assert told == Unfit("too_big", 1)
    assert len(came) < MOST + 100_000


async def test_packed_bytes_are_not_unpacked(
    loader: Downloader, server: FileServer
) -> None:
    """A small answer cannot become a large one."""
    packed = b"\x1f\x8b\x08\x00"
    answer = whole(packed, more="Content-Encoding: gzip\r\n")
    assert await fetched(loader, server, server.put("a", answer)) == (None, packed)


async def test_redirects_are_followed_within_the_list(
    loader: Downloader, server: FileServer
) -> None:
    """Absolute and relative ones; a loop ends."""
    server.put("c", whole(b"here"))
    server.put("b", moved("/c", 307))
    url = server.put("a", moved(f"{server.base}/b", 301))
    assert await fetched(loader, server, url) == (None, b"here")

    loop = server.put("loop", moved("/loop"))
    assert (await fetched(loader, server, loop))[0] == Lost("redirects")
    assert server.hits["loop"] == 6
    bare = server.put("bare", status(302))
    assert (await fetched(loader, server, bare))[0] == Lost("redirect")


@pytest.mark.parametrize(
    "target",
    [
        "http://127.0.0.1:1/a",
        "http://169.254.169.254/latest/meta-data/",
        "http://localhost/",
        "file:///etc/passwd",
        "https://evil.example/",
        "//[::1]/",
    ],
)
async def test_a_redirect_out_of_the_list_is_refused(
    loader: Downloader, server: FileServer, target: str
) -> None:
    """Into the house or to strangers: checked anew at every hop."""
    told, came = await fetched(loader, server, server.put("a", moved(target)))
    assert isinstance(told, Unfit)
    assert told.reason == "host"
    assert came == b""


async def test_a_listed_name_that_leads_into_the_house_is_refused(
    loader: Downloader, server: FileServer
) -> None:
    """The name is on the list, its number is ours: nothing is asked."""
    told, _ = await fetched(loader, server, "https://anh.zdn.vn/a")
    assert told == Unfit("host", detail="anh.zdn.vn")
    assert server.requests == []
    stranger = await fetched(loader, server, "https://la.example/a")
    assert stranger[0] == Unfit("host", detail="la.example")
