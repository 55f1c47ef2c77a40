"""A platform's file server whose every byte a test dictates."""

from __future__ import annotations

import asyncio
from collections import defaultdict
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass, field

Answer = Callable[[asyncio.StreamWriter], Awaitable[None]]


def whole(data: bytes, *, says: int | None = None, more: str = "") -> Answer:
    """Answer with these bytes, with a length that may lie, and headers."""

    async def answer(writer: asyncio.StreamWriter) -> None:
        length = len(data) if says is None else says
        head = f"HTTP/1.1 200 OK\r\nContent-Length: {length}\r\n{more}\r\n"
        writer.write(head.encode() + data)
        await writer.drain()

    return answer


def endless(start: bytes, size: int) -> Answer:
    """Answer with so many bytes and no length."""

    async def answer(writer: asyncio.StreamWriter) -> None:
        writer.write(b"HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n" + start)
        for _ in range(size // 65_536 + 1):
            writer.write(bytes(65_536))
            await writer.drain()

    return answer


def status(code: int, more: str = "") -> Answer:
    """Answer with a status and headers alone."""

    async def answer(writer: asyncio.StreamWriter) -> None:
        writer.write(f"HTTP/1.1 {code} X\r\nContent-Length: 0\r\n{more}\r\n".encode())
        await writer.drain()

    return answer


def moved(target: str, code: int = 302) -> Answer:
    """Send the caller elsewhere."""
    return status(code, f"Location: {target}\r\n")


def slow(data: bytes, gate: asyncio.Event) -> Answer:
    """Answer with the first half, and with the rest when the gate opens."""

    async def answer(writer: asyncio.StreamWriter) -> None:
        head = f"HTTP/1.1 200 OK\r\nContent-Length: {len(data)}\r\n\r\n"
        writer.write(head.encode() + data[: len(data) // 2])
        await writer.drain()
        await gate.wait()
        writer.write(data[len(data) // 2 :])
        await writer.drain()

    return answer


async def nothing(writer: asyncio.StreamWriter) -> None:
    """Close the door without a word."""
    writer.close()


@dataclass(slots=True)
class FileServer:
    """Answers each path as planned, the last plan again and again; counts."""

    plans: dict[str, list[Answer]] = field(default_factory=dict)
    hits: dict[str, int] = field(default_factory=lambda: defaultdict(int))
    requests: list[str] = field(default_factory=list)
    base: str = ""
    default: Answer = field(default_factory=lambda: status(404))
    _server: asyncio.Server | None = None
    _open: set[asyncio.StreamWriter] = field(default_factory=set)

    async def start(self) -> None:
        """Listen on a port of its own."""
        self._server = await asyncio.start_server(self._serve, "127.0.0.1", 0)
        port = self._server.sockets[0].getsockname()[1]
        self.base = f"http://127.0.0.1:{port}"

    async def close(self) -> None:
        """Stop, whoever is still being served."""
        if self._server is not None:
            self._server.close()
        for writer in tuple(self._open):
            writer.transport.abort()
        await asyncio.sleep(0)

    def put(self, name: str, *answers: Answer) -> str:
        """Plan a path; return its address."""
        self.plans[name] = list(answers)
        return f"{self.base}/{name}"

    async def _serve(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> None:
        self._open.add(writer)
        with suppress(OSError, asyncio.IncompleteReadError):
            head = (await reader.readuntil(b"\r\n\r\n")).decode()
            self.requests.append(head)
            name = head.split(" ")[1].partition("?")[0].lstrip("/")
            self.hits[name] += 1
            plan = self.plans.get(name, [self.default])
            await (plan.pop(0) if len(plan) > 1 else plan[0])(writer)
        writer.close()
        with suppress(OSError):
            await writer.wait_closed()
        self._open.discard(writer)
