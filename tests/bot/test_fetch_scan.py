"""Does a file reach the scanner whole, and is no answer no permission?"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import suppress
from pathlib import Path

import pytest

from bot.config_files import Files
from bot.fetch_scan import NoScanner, ScannerAwayError, scanner_of

PLAIN = [b"mot " * 20_000, b"hai " * 20_000, b"het"]


class Daemon:
    """A clamd that speaks INSTREAM and answers as told."""

    def __init__(self, answer: bytes) -> None:
        self.answer = answer
        self.seen = b""
        self.command = b""

    async def serve(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> None:
        """Read the command and all chunks, then answer."""
        with suppress(asyncio.IncompleteReadError, OSError):
            self.command = await reader.readuntil(b"\x00")
            while size := int.from_bytes(await reader.readexactly(4)):
                self.seen += await reader.readexactly(size)
            writer.write(self.answer)
            await writer.drain()
        writer.close()


ANSWERS = [
    (b"stream: OK\x00", True),
    (b"stream: Eicar-Test-Signature FOUND\x00", False),
    (b"INSTREAM size limit exceeded. ERROR\x00", None),
    (b"", None),
]


@pytest.fixture
def chunks() -> Iterator[bytes]:
    """The plain bytes of a file."""
    return iter(PLAIN)


@pytest.fixture
async def servers() -> AsyncIterator[list[asyncio.Server]]:
    """Servers that end with the test."""
    made: list[asyncio.Server] = []
    yield made
    for server in made:
        server.close()
        await server.wait_closed()


@pytest.mark.parametrize(("answer", "verdict"), ANSWERS)
@pytest.mark.parametrize("way", ["socket", "port"])
async def test_clamd_is_asked(
    tmp_path: Path,
    chunks: Iterator[bytes],
    servers: list[asyncio.Server],
    way: str,
    answer: bytes,
    *,
    verdict: bool | None,
) -> None:
    """By socket or port; only OK means clean, an error means wait."""
    daemon = Daemon(answer)
    path = tmp_path / "clamd.ctl"
    if way == "socket":
        servers.append(await asyncio.start_unix_server(daemon.serve, path))
        address = str(path)
    else:
        servers.append(await asyncio.start_server(daemon.serve, "127.0.0.1", 0))
        address = f"127.0.0.1:{servers[0].sockets[0].getsockname()[1]}"
    scanner = scanner_of(Files(clamd=address))
    if verdict is None:
        with pytest.raises(ScannerAwayError):
            await scanner.is_clean(chunks)
    else:
        assert await scanner.is_clean(chunks) is verdict
    assert daemon.command == b"zINSTREAM\x00"
    assert daemon.seen == b"".join(PLAIN)


async def test_no_clamd_is_no_permission(
    tmp_path: Path, chunks: Iterator[bytes]
) -> None:
    """A socket where nobody listens."""
    with pytest.raises(ScannerAwayError):
        await scanner_of(Files(clamd=str(tmp_path / "none"))).is_clean(chunks)


COMMANDS = [
    ("cat > /dev/null", True),
    ("exit 0", True),
    ("grep -q hai && exit 1", False),
    ("cat > /dev/null; exit 1", False),
    ("cat > /dev/null; exit 2", None),
    ("kill -9 $$", None),
]


@pytest.mark.parametrize(("words", "verdict"), COMMANDS)
async def test_a_command_is_asked(
    chunks: Iterator[bytes], words: str, *, verdict: bool | None
) -> None:
    """0 is clean and 1 found, also before it has read all; the rest means wait."""
    scanner = scanner_of(Files(scan_command=["sh", "-c", words]))
    if verdict is None:
        with pytest.raises(ScannerAwayError):
            await scanner.is_clean(chunks)
    else:
        assert await scanner.is_clean(chunks) is verdict


async def test_a_missing_command_is_no_permission(chunks: Iterator[bytes]) -> None:
    """A name that no program has."""
    with pytest.raises(ScannerAwayError):
        await scanner_of(Files(scan_command=["khong-co-lenh-nay"])).is_clean(chunks)


async def test_without_a_scanner_the_file_is_still_read_back() -> None:
    """What does not open must not be called stored."""

    def broken() -> Iterator[bytes]:
        yield b"a"
        raise ValueError("damaged")

    assert isinstance(scanner_of(Files()), NoScanner)
    assert await NoScanner().is_clean(iter(PLAIN))
    with pytest.raises(ValueError, match="damaged"):
        await NoScanner().is_clean(broken())
