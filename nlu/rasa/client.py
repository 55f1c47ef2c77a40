"""What does the Rasa server say about a text, or why does it say nothing?

A failure is a value, never an exception: the embedded engine is always there. The
text and the token appear in no error and in no log.
"""

from __future__ import annotations

import json

import aiohttp

from nlu.exchange import Exchange, Missed
from nlu.rasa.answer import Answer, answer_of
from nlu.rasa.errors import WrongShapeError
from nlu.rasa.tally import Result

TIMEOUT_SECONDS = 0.5
LARGEST_ANSWER = 1 << 18
"""Bytes; a usual answer has two to four thousand."""


class RasaClient:
    """Asks one server through a session that its owner opens and closes.

    ``url`` is the root of the server, such as ``http://127.0.0.1:5005``;
    ``timeout_seconds`` is for the whole exchange; ``token`` is Rasa's
    ``--auth-token``.
    """

    def __init__(
        self,
        session: aiohttp.ClientSession,
        url: str,
        *,
        timeout_seconds: float = TIMEOUT_SECONDS,
        token: str = "",
    ) -> None:
        self._exchange = Exchange(
            session,
            f"{url.rstrip('/')}/model/parse",
            timeout_seconds,
            LARGEST_ANSWER,
            query={"token": token} if token else {},
        )

    async def ask(self, words: str) -> Answer | Result:
        """Return the answer about a text, or the result that stands for none."""
        told = await self._exchange.post({"text": words})
        return Result(told.value) if isinstance(told, Missed) else _understood(told)


def _understood(body: bytes) -> Answer | Result:
    try:
        return answer_of(json.loads(body))
    except WrongShapeError:
        return Result.WRONG_SHAPE
    # Brackets in brackets without end are no JSON to us either.
    except (ValueError, RecursionError):
        return Result.NOT_JSON
