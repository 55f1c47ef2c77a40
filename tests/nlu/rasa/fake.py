"""A small server that answers ``/model/parse`` the way a test wants it to."""

from __future__ import annotations

from typing import Any

from aiohttp import web

from nlu.rasa.answer import Answer
from nlu.rasa.tally import Result
from tests.nlu import fake_server
from tests.nlu.fake_server import FakeServer

Answering = fake_server.Answering


def said(*ranking: tuple[str, float]) -> dict[str, Any]:
    """Return a document as Rasa 3.6 writes it, the first intent being the best."""
    ranked = [{"name": name, "confidence": share} for name, share in ranking]
    best = ranked[0] if ranked else {"name": None, "confidence": 0.0}
    return {"text": "", "intent": best, "entities": [], "intent_ranking": ranked}


class FakeRasa(FakeServer):
    """Records the questions; says thanks until told otherwise."""

    path = "/model/parse"
    begun = b'{"intent": '

    def __init__(self) -> None:
        super().__init__(self.json(said(("thanks", 0.99))))
        self.asked: list[str] = []
        self.tokens: list[str | None] = []

    async def record(self, request: web.Request) -> None:
        """Keep the words and the token."""
        body = await request.json()
        self.asked.append(body["text"])
        self.tokens.append(request.query.get("token"))


class Scripted(fake_server.Scripted[str, Answer | Result]):
    """A Rasa that knows its lines, the last one for ever."""
