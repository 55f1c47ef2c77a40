"""What became of the texts that Rasa was to read?"""

from __future__ import annotations

from collections import Counter
from enum import StrEnum


class Result(StrEnum):
    """What became of one text; all but the first two are falls back to our engine."""

    ANSWERED = "answered"
    """Rasa's word was weighed with ours."""
    SETTLED = "settled"
    """Nothing was asked: our engine alone decides such a text."""
    TIMEOUT = "timeout"
    DEAD = "dead"
    """No connection, or it broke."""
    STATUS = "status"
    """An HTTP status other than 200 (409: no model is loaded, 401: wrong token)."""
    TOO_BIG = "too_big"
    NOT_JSON = "not_json"
    WRONG_SHAPE = "wrong_shape"
    UNKNOWN_INTENT = "unknown_intent"
    """An intent our catalogue does not have: the model is of another export."""
    UNSURE = "unsure"
    RESTING = "resting"
    """Not asked, because the server failed several times in a row."""


class Tally:
    """Counts results; read by one event loop, never reset."""

    def __init__(self) -> None:
        self._counter: Counter[Result] = Counter()

    def count(self, result: Result) -> None:
        """Add one."""
        self._counter[result] += 1

    def snapshot(self) -> dict[str, int]:
        """Return the number of each result so far, those that never came as 0."""
        return {result.value: self._counter[result] for result in Result}
