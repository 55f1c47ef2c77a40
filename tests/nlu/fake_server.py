"""A small server that answers one address the way a test wants it to."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Awaitable, Callable
from typing import Any, Generic, TypeVar

from aiohttp import web

Question = TypeVar("Question")
Line = TypeVar("Line")

Answering = Callable[[web.Request], Awaitable[web.StreamResponse]]


def raw(
    body: bytes, status: int = 200, headers: dict[str, str] | None = None
) -> Answering:
    """Answer with these bytes."""

    async def answer(_: web.Request) -> web.StreamResponse:
        return web.Response(
            body=body, status=status, content_type="application/json", headers=headers
        )

    return answer


def document(content: Any, status: int = 200) -> Answering:
    """Answer with a JSON document."""
    return raw(json.dumps(content).encode(), status)


class FakeServer:
    """Answers what it was told to; a heir says where, and what it keeps of a question.

    ``path`` is the address it answers, ``begun`` the first bytes of an answer that
    never ends.
    """

    path = "/"
    begun = b"{"

    raw = staticmethod(raw)
    json = staticmethod(document)

    def __init__(self, answering: Answering) -> None:
        self.is_asked = asyncio.Event()
        self.answering = answering

    @staticmethod
    async def never(_: web.Request) -> web.StreamResponse:
        """Take the question and say nothing."""
        await asyncio.Event().wait()
        raise AssertionError

    @classmethod
    async def drip(cls, request: web.Request) -> web.StreamResponse:
        """Begin an answer and never end it."""
        response = web.StreamResponse()
        await response.prepare(request)
        await response.write(cls.begun)
        await asyncio.Event().wait()
        return response

    @staticmethod
    async def hang_up(request: web.Request) -> web.StreamResponse:
        """Close the connection in the middle."""
        assert request.transport is not None
        request.transport.close()
        return web.Response()

    async def record(self, request: web.Request) -> None:
        """Keep what a test will look at."""

    async def handle(self, request: web.Request) -> web.StreamResponse:
        """Record the question and answer it."""
        await self.record(request)
        self.is_asked.set()
        return await self.answering(request)

    def application(self) -> web.Application:
        """Return the server's application."""
        app = web.Application()
        app.router.add_post(self.path, self.handle)
        return app


class Scripted(Generic[Question, Line]):
    """A client that knows its lines, the last one for ever."""

    def __init__(self, *lines: Line) -> None:
        self._lines = list(lines)
        self.asked: list[Question] = []

    async def ask(self, question: Question, /) -> Line:
        """Return the next line."""
        self.asked.append(question)
        return self._lines.pop(0) if len(self._lines) > 1 else self._lines[0]
