"""Is there a virus in it? Asked of a scanner that the commune runs, if it runs one.

The plain bytes are streamed to it; they never lie on the disk.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterator, Sequence
from typing import Protocol

from bot.config_files import Files

SCAN_SECONDS = 120.0
_CLEAN, _FOUND = 0, 1
"""What clamscan and clamdscan exit with."""


class ScannerAwayError(Exception):
    """The scanner did not answer; nothing unscanned is kept."""


class Scanner(Protocol):
    """Looks into the bytes of a file."""

    async def is_clean(self, chunks: Iterator[bytes]) -> bool:
        """Return False when something was found; raises ScannerAwayError."""
        ...


class NoScanner:
    """The commune runs none."""

    async def is_clean(self, chunks: Iterator[bytes]) -> bool:
        """Read everything all the same: what cannot be read back is not stored."""
        await asyncio.to_thread(_read_all, chunks)
        return True


class Clamd:
    """The clamd daemon, by its INSTREAM command (clamd(8))."""

    def __init__(self, address: str) -> None:
        self._address = address

    async def is_clean(self, chunks: Iterator[bytes]) -> bool:
        """Return False when clamd found something; raises ScannerAwayError."""
        try:
            async with asyncio.timeout(SCAN_SECONDS):
                return await self._ask(chunks)
        except (OSError, RuntimeError, TimeoutError) as error:
            raise ScannerAwayError(type(error).__name__) from error

    async def _ask(self, chunks: Iterator[bytes]) -> bool:
        reader, writer = await self._connect()
        try:
            writer.write(b"zINSTREAM\x00")
            while (chunk := await asyncio.to_thread(next, chunks, None)) is not None:
                writer.write(len(chunk).to_bytes(4) + chunk)
                await writer.drain()
            writer.write(bytes(4))
            await writer.drain()
            told = (await reader.read(4096)).rstrip(b"\x00\n")
        finally:
            writer.close()
        if told.endswith(b"OK"):
            return True
        if told.endswith(b"FOUND"):
            return False
        raise ScannerAwayError("answer")

    async def _connect(self) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        if self._address.startswith("/"):
            return await asyncio.open_unix_connection(self._address)
        host, _, port = self._address.rpartition(":")
        return await asyncio.open_connection(host, int(port))


class Command:
    """A program that reads the file from its standard input: 0 clean, 1 found."""

    def __init__(self, words: Sequence[str]) -> None:
        self._words = tuple(words)

    async def is_clean(self, chunks: Iterator[bytes]) -> bool:
        """Return False when it exits with 1; raises ScannerAwayError otherwise."""
        try:
            process = await asyncio.create_subprocess_exec(
                *self._words,
                stdin=asyncio.subprocess.PIPE,
                stdout=asyncio.subprocess.DEVNULL,
                stderr=asyncio.subprocess.DEVNULL,
            )
        except OSError as error:
            raise ScannerAwayError(type(error).__name__) from error
        try:
            async with asyncio.timeout(SCAN_SECONDS):
                code = await _feed(process, chunks)
        except TimeoutError as error:
            raise ScannerAwayError("timeout") from error
        finally:
            if process.returncode is None:
                process.kill()
                await process.wait()
        if code not in (_CLEAN, _FOUND):
            raise ScannerAwayError(f"exit {code}")
        return code == _CLEAN


async def _feed(process: asyncio.subprocess.Process, chunks: Iterator[bytes]) -> int:
    stdin = process.stdin
    assert stdin is not None  # noqa: S101  asked for above
    try:
        while (chunk := await asyncio.to_thread(next, chunks, None)) is not None:
            stdin.write(chunk)
            await stdin.drain()
        stdin.close()
    except (OSError, RuntimeError):
        # It has seen enough (uvloop says so by RuntimeError); its exit code says what.
        pass
    return await process.wait()


def _read_all(chunks: Iterator[bytes]) -> None:
    for _ in chunks:
        pass


def scanner_of(files: Files) -> Scanner:
    """Return the scanner that is configured."""
    if files.clamd:
        return Clamd(files.clamd)
    return Command(files.scan_command) if files.scan_command else NoScanner()
