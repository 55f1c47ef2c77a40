"""A small server that answers ``/v1/chat/completions`` the way a test wants it to."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Awaitable, Callable
from typing import Any

from aiohttp import web

from nlu.ai.budget import Caps
from nlu.ai.envelope import Reply
from nlu.ai.prompt import Prompt
from nlu.ai.use import Result

Answering = Callable[[web.Request], Awaitable[web.StreamResponse]]
MODEL = "mau-thu"


def envelope(content: object, tokens: object = 321) -> dict[str, Any]:
    """Return a document as OpenAI-compatible servers write it."""
    message = {"role": "assistant", "content": content}
    return {
        "id": "chatcmpl-1",
        "object": "chat.completion",
        "model": MODEL,
        "choices": [{"index": 0, "message": message, "finish_reason": "stop"}],
        "usage": {
            "prompt_tokens": 300,
            "completion_tokens": 21,
            "total_tokens": tokens,
        },
    }


class FakeAi:
    """Records all it is sent; chooses nothing until told otherwise."""

    def __init__(self) -> None:
        self.bodies: list[bytes] = []
        self.headers: list[dict[str, str]] = []
        self.is_asked = asyncio.Event()
        self.answering: Answering = self.says('{"order": []}')

    @property
    def documents(self) -> list[dict[str, Any]]:
        """What was asked, parsed."""
        return [json.loads(body) for body in self.bodies]

    @property
    def seen(self) -> str:
        """Everything that ever left for this server, as one text."""
        return "\n".join(
            json.dumps(one, ensure_ascii=False) for one in self.documents
        ) + str(self.headers)

    @staticmethod
    def says(content: object, tokens: object = 321) -> Answering:
        """Answer with these words of the model."""
        return FakeAi.json(envelope(content, tokens))

    @staticmethod
    def json(document: Any, status: int = 200) -> Answering:
        """Answer with a document."""
        return FakeAi.raw(json.dumps(document).encode(), status)

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
        await response.write(b'{"choices": ')
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
        self.bodies.append(await request.read())
        self.headers.append(dict(request.headers))
        self.is_asked.set()
        return await self.answering(request)

    def application(self) -> web.Application:
        """Return the server's application."""
        app = web.Application()
        app.router.add_post("/v1/chat/completions", self.handle)
        return app


class Scripted:
    """A client that knows its lines, the last one for ever."""

    model = MODEL

    def __init__(self, *lines: Reply | Result) -> None:
        self._lines = list(lines)
        self.asked: list[Prompt] = []

    async def ask(self, prompt: Prompt) -> Reply | Result:
        """Return the next line."""
        self.asked.append(prompt)
        return self._lines.pop(0) if len(self._lines) > 1 else self._lines[0]


class Book:
    """A ledger in memory, as careful as the stored one."""

    def __init__(self) -> None:
        self.days: dict[str, tuple[int, int]] = {}
        self.is_away = False

    async def take(self, day: str, tokens: int, caps: Caps) -> bool:
        """Add a call, within the caps."""
        calls, spent = self.days.get(day, (0, 0))
        if self.is_away or calls + 1 > caps.calls or spent + tokens > caps.tokens:
            return False
        self.days[day] = (calls + 1, spent + tokens)
        return True

    async def settle(self, day: str, tokens: int) -> None:
        """Add tokens."""
        calls, spent = self.days[day]
        self.days[day] = (calls, spent + tokens)
