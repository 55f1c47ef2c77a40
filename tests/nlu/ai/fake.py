"""A small server that answers ``/v1/chat/completions`` the way a test wants it to."""

from __future__ import annotations

import json
from typing import Any

from aiohttp import web

from nlu.ai.budget import Caps
from nlu.ai.envelope import Reply
from nlu.ai.prompt import Prompt
from nlu.ai.use import Result
from tests.nlu import fake_server
from tests.nlu.fake_server import FakeServer

Answering = fake_server.Answering

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


class FakeAi(FakeServer):
    """Records all it is sent; chooses nothing until told otherwise."""

    path = "/v1/chat/completions"
    begun = b'{"choices": '

    def __init__(self) -> None:
        super().__init__(self.says('{"order": []}'))
        self.bodies: list[bytes] = []
        self.headers: list[dict[str, str]] = []

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

    async def record(self, request: web.Request) -> None:
        """Keep the bytes and the headers."""
        self.bodies.append(await request.read())
        self.headers.append(dict(request.headers))


class Scripted(fake_server.Scripted[Prompt, Reply | Result]):
    """A model that knows its lines, the last one for ever."""

    model = MODEL


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
