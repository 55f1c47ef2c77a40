"""One Rasa server as one process knows it: how to ask, whether to, what came of it."""

from __future__ import annotations

from collections.abc import Callable
from enum import StrEnum
from typing import Protocol

from nlu.breaker import Breaker
from nlu.rasa.answer import Answer
from nlu.rasa.tally import Result, Tally


class Client(Protocol):
    """Puts one question to a server."""

    async def ask(self, words: str) -> Answer | Result:
        """Return the answer, or the result that stands for none; never raises."""
        ...


class LinkState(StrEnum):
    """How the server did when it was last asked."""

    UNASKED = "unasked"
    OK = "ok"
    FAILING = "failing"
    RESTING = "resting"
    """It failed several times in a row and is asked only now and then."""


Counted = Callable[[Result], None]


class RasaLink:
    """Lives as long as the process; readers of renewed catalogues share it.

    ``monotonic`` returns seconds of a clock that never goes back; ``counted`` is told
    of every result besides the tally.
    """

    def __init__(
        self,
        client: Client,
        monotonic: Callable[[], float],
        counted: Counted = lambda _: None,
    ) -> None:
        self._client = client
        self._breaker = Breaker(monotonic)
        self._tally = Tally()
        self._counted = counted
        self._last: bool | None = None

    @property
    def state(self) -> LinkState:
        """How the server did when it was last asked."""
        if self._breaker.is_open:
            return LinkState.RESTING
        if self._last is None:
            return LinkState.UNASKED
        return LinkState.OK if self._last else LinkState.FAILING

    async def ask(self, words: str) -> Answer | Result:
        """Return the answer, or why there is none; a broken server is left alone."""
        if not self._breaker.may_ask():
            return Result.RESTING
        told = await self._client.ask(words)
        self._last = isinstance(told, Answer)
        if self._last:
            self._breaker.succeeded()
        else:
            self._breaker.failed()
        return told

    def count(self, result: Result) -> None:
        """Count what became of a text."""
        self._tally.count(result)
        self._counted(result)

    def snapshot(self) -> dict[str, int]:
        """Return how often each result came, by its name."""
        return self._tally.snapshot()
