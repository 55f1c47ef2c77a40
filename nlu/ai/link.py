"""One AI server as one process knows it: how to ask, whether to, what came of it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol

from nlu.ai.envelope import Reply
from nlu.ai.prompt import Prompt
from nlu.ai.use import Result
from nlu.breaker import Breaker

REST_SECONDS = 30.0
MOST_AT_ONCE = 4
"""A small machine's model answers few at a time; the others would only wait."""


class Client(Protocol):
    """Puts one prompt to a server."""

    @property
    def model(self) -> str:
        """The name of the model that is asked."""
        ...

    async def ask(self, prompt: Prompt) -> Reply | Result:
        """Return the reply, or the result that stands for none; never raises."""
        ...


class AiLink:
    """Lives as long as the process; stages of all units share it.

    ``monotonic`` returns seconds of a clock that never goes back; ``counted`` is told
    of every result and of the tokens it cost.
    """

    def __init__(
        self,
        client: Client,
        monotonic: Callable[[], float],
        counted: Callable[[Result, int], None] = lambda _result, _tokens: None,
    ) -> None:
        self._client = client
        self._breaker = Breaker(monotonic, rest_seconds=REST_SECONDS)
        self._counted = counted
        self._under_way = 0

    @property
    def model(self) -> str:
        """The name of the model that is asked."""
        return self._client.model

    @property
    def is_resting(self) -> bool:
        """Whether the server counts as broken."""
        return self._breaker.is_open

    def refusal(self) -> Result | None:
        """Return why not to ask now; None: ask, which takes the one try of a rest."""
        if self._under_way >= MOST_AT_ONCE:
            return Result.BUSY
        return None if self._breaker.may_ask() else Result.RESTING

    async def ask(self, prompt: Prompt) -> Reply | Result:
        """Return the reply, or why there is none."""
        self._under_way += 1
        try:
            told = await self._client.ask(prompt)
        finally:
            self._under_way -= 1
        if isinstance(told, Reply):
            self._breaker.succeeded()
        else:
            self._breaker.failed()
        return told

    def count(self, result: Result, tokens: int = 0) -> None:
        """Tell what became of a text."""
        self._counted(result, tokens)
