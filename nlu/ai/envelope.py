"""What did the server of an OpenAI-compatible interface send back?

``{"choices": [{"message": {"content": "…"}}], "usage": {"total_tokens": n}}``; servers
add keys of their own, which are of no interest. The content itself is strict.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

from nlu.ai.errors import WrongShapeError
from nlu.ai.use import Result

MOST_TOKENS = 1_000_000
"""A count above this is no count, whatever a server says."""


@dataclass(frozen=True, slots=True)
class Reply:
    """The words of a model, not believed yet; ``tokens`` None: the server told none."""

    content: str
    tokens: int | None = None


def reply_of(document: Any) -> Reply:
    """Return what a parsed JSON document holds (any shape may come).

    Raises ``WrongShapeError``.
    """
    choices = document.get("choices") if isinstance(document, dict) else None
    if not isinstance(choices, list) or not choices:
        raise WrongShapeError("choices")
    message = choices[0].get("message") if isinstance(choices[0], dict) else None
    content = message.get("content") if isinstance(message, dict) else None
    if not isinstance(content, str):
        raise WrongShapeError("content")
    return Reply(content, _tokens(document.get("usage")))


def only_value(content: str, key: str) -> Any:
    """Return the value of the one key a reply may have.

    Return a ``Result`` for text that is no JSON, or JSON with anything else in it.
    """
    try:
        # Objects as tuples of pairs: a key said twice is not overlooked.
        told = json.loads(content, object_pairs_hook=tuple)
    # Brackets in brackets without end are no JSON to us either.
    except (ValueError, RecursionError):
        return Result.NOT_JSON
    if not isinstance(told, tuple) or [name for name, _ in told] != [key]:
        return Result.WRONG_SHAPE
    return told[0][1]


def _tokens(usage: Any) -> int | None:
    count = usage.get("total_tokens") if isinstance(usage, dict) else None
    if isinstance(count, bool) or not isinstance(count, int):
        return None
    return count if 0 < count <= MOST_TOKENS else None
