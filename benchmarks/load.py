"""How is a server driven hard with little client cost? Raw HTTP/1.1 on sockets."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import cast

from bot.sandbox.model import SignedRequest


@dataclass(slots=True)
class Result:
    """What a run gave: answers by status, seconds, and latencies in ms."""

    seconds: float = 0.0
    ok: int = 0
    other: int = 0
    latencies: list[float] = field(default_factory=list)

    @property
    def per_second(self) -> float:
        """Requests answered 200 per second."""
        return self.ok / self.seconds if self.seconds else 0.0


def raw(request: SignedRequest, host: str) -> bytes:
    """Return the bytes of one HTTP request."""
    head = [f"POST {request.path} HTTP/1.1", f"Host: {host}"]
    head += [f"{name}: {value}" for name, value in request.headers.items()]
    head.append(f"Content-Length: {len(request.body)}")
    return "\r\n".join(head).encode() + b"\r\n\r\n" + request.body


async def flood(
    host: str, port: int, requests: Sequence[bytes], connections: int
) -> Result:
    """Send all requests over keep-alive connections, each waiting for its answer."""
    loop = asyncio.get_running_loop()
    result = Result()
    waiting = iter(requests)
    clients = [
        (await loop.create_connection(lambda: _Client(waiting, result), host, port))[1]
        for _ in range(connections)
    ]
    started = time.perf_counter()
    for client in clients:
        client.send()
    await asyncio.gather(*(client.done for client in clients))
    result.seconds = time.perf_counter() - started
    return result


class _Client(asyncio.Protocol):
    """One connection; answers of these servers fit into one segment."""

    def __init__(self, waiting: Iterator[bytes], result: Result) -> None:
        self._waiting = waiting
        self._result = result
        self._sent = 0.0
        self._transport: asyncio.WriteTransport | None = None
        self.done: asyncio.Future[None] = asyncio.get_running_loop().create_future()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Keep the way out."""
        self._transport = cast("asyncio.WriteTransport", transport)

    def send(self) -> None:
        """Send the next request, or finish."""
        data = next(self._waiting, None)
        assert self._transport is not None
        if data is None:
            self._transport.close()
            self.done.set_result(None)
            return
        self._sent = time.perf_counter()
        self._transport.write(data)

    def data_received(self, data: bytes) -> None:
        """Count the answer and go on."""
        self._result.latencies.append((time.perf_counter() - self._sent) * 1000)
        if data.startswith(b"HTTP/1.1 200"):
            self._result.ok += 1
        else:
            self._result.other += 1
        self.send()

    def connection_lost(self, exc: Exception | None) -> None:
        """A server that hangs up has failed the run."""
        if not self.done.done():
            self.done.set_exception(exc or ConnectionResetError())


def percentile(values: Sequence[float], share: float) -> float:
    """Return a percentile (0..1) of values."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(len(ordered) * share))]
