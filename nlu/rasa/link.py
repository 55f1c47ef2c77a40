"""One Rasa server as one process knows it: how to ask, whether to, what came of it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol

from nlu.rasa.answer import Answer
from nlu.rasa.breaker import Breaker
from nlu.rasa.tally import Result, Tally


class Client(Protocol):
    """Puts one question to a server."""

    async def ask(self, words: str) -> Answer | Result:
        """Return the answer, or the result that stands for none; never raises."""
        ...


class RasaLink:
    """Lives as long as the process; readers of renewed catalogues share it.

    ``monotonic`` returns seconds of a clock that never goes back.
    """

    def __init__(self, client: Client, monotonic: Callable[[], float]) -> None:
        self._client = client
        self._breaker = Breaker(monotonic)
        self._tally = Tally()

    async def ask(self, words: str) -> Answer | Result:
        """Return the answer, or why there is none; a broken server is left alone."""
        if not self._breaker.may_ask():
            return Result.RESTING
        told = await self._client.ask(words)
        if isinstance(told, Answer):
            self._breaker.succeeded()
        else:
            self._breaker.failed()
        return told

    def count(self, result: Result) -> None:
        """Count what became of a text."""
        self._tally.count(result)

    def snapshot(self) -> dict[str, int]:
        """Return how often each result came, by its name."""
        return self._tally.snapshot()
