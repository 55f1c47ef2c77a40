"""Is it worth asking a server that has just failed?"""

from __future__ import annotations

from collections.abc import Callable

FAILURES = 3
REST_SECONDS = 10.0


class Breaker:
    """After several failures in a row, one question is let through per rest.

    ``monotonic`` returns seconds of a clock that never goes back.
    """

    def __init__(
        self,
        monotonic: Callable[[], float],
        *,
        failures: int = FAILURES,
        rest_seconds: float = REST_SECONDS,
    ) -> None:
        self._monotonic = monotonic
        self._most = failures
        self._rest = rest_seconds
        self._failed = 0
        self._until = 0.0

    @property
    def is_open(self) -> bool:
        """Whether the server counts as broken."""
        return self._failed >= self._most

    def may_ask(self) -> bool:
        """Whether to ask now; in a broken time this takes the one try of the rest.

        A try that is never reported (its task was cancelled) costs one more rest.
        """
        if not self.is_open:
            return True
        now = self._monotonic()
        if now < self._until:
            return False
        self._until = now + self._rest
        return True

    def succeeded(self) -> None:
        """The server answered as it should."""
        self._failed = 0

    def failed(self) -> None:
        """The server did not; from the last failure of the row on it rests."""
        self._failed += 1
        if self.is_open:
            self._until = self._monotonic() + self._rest
