"""A small server that answers ``/model/parse`` the way a test wants it to."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Awaitable, Callable
from typing import Any

from aiohttp import web

from nlu.rasa.answer import Answer
from nlu.rasa.tally import Result

Answering = Callable[[web.Request], Awaitable[web.StreamResponse]]


def said(*ranking: tuple[str, float]) -> dict[str, Any]:
    """Return a document as Rasa 3.6 writes it, the first intent being the best."""
    ranked = [{"name": name, "confidence": share} for name, share in ranking]
    best = ranked[0] if ranked else {"name": None, "confidence": 0.0}
    return {"text": "", "intent": best, "entities": [], "intent_ranking": ranked}


class FakeRasa:
    """Records the questions; says thanks until told otherwise."""

    def __init__(self) -> None:
        self.asked: list[str] = []
        self.tokens: list[str | None] = []
        self.is_asked = asyncio.Event()
        self.answering: Answering = self.json(said(("thanks", 0.99)))

    @staticmethod
    def json(document: Any, status: int = 200) -> Answering:
        """Answer with a document."""
        return FakeRasa.raw(json.dumps(document).encode(), status)

    @staticmethod
    def raw(
        body: bytes, status: int = 200, headers: dict[str, str] | None = None
    ) -> Answering:
        """Answer with these bytes."""

        async def answer(_: web.Request) -> web.StreamResponse:
            kind = "application/json"
            return web.Response(
                body=body, status=status, content_type=kind, headers=headers
            )

        return answer

    @staticmethod
    async def never(_: web.Request) -> web.StreamResponse:
        """Take the question and say nothing."""
        await asyncio.Event().wait()
        raise AssertionError

    @staticmethod
    async def drip(request: web.Request) -> web.StreamResponse:
        """Begin an answer and never end it."""
        response = web.StreamResponse()
        await response.prepare(request)
        await response.write(b'{"intent": ')
        await asyncio.Event().wait()
        return response

    @staticmethod
    async def hang_up(request: web.Request) -> web.StreamResponse:
        """Close the connection in the middle."""
        assert request.transport is not None
        request.transport.close()
        return web.Response()

    async def handle(self, request: web.Request) -> web.StreamResponse:
        """Record the question and answer it."""
        body = await request.json()
        self.asked.append(body["text"])
        self.tokens.append(request.query.get("token"))
        self.is_asked.set()
        return await self.answering(request)

    def application(self) -> web.Application:
        """Return the server's application."""
        app = web.Application()
        app.router.add_post("/model/parse", self.handle)
        return app


class Scripted:
    """A client that knows its lines, the last one for ever."""

    def __init__(self, *lines: Answer | Result) -> None:
        self._lines = list(lines)
        self.asked: list[str] = []

    async def ask(self, words: str) -> Answer | Result:
        """Return the next line."""
        self.asked.append(words)
        return self._lines.pop(0) if len(self._lines) > 1 else self._lines[0]
