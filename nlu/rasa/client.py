"""What does the Rasa server say about a text, or why does it say nothing?

A failure is a value, never an exception: the embedded engine is always there. The
text and the token appear in no error and in no log.
"""

from __future__ import annotations

import json

import aiohttp

from nlu.rasa.answer import Answer, answer_of
from nlu.rasa.errors import WrongShapeError
from nlu.rasa.tally import Result

TIMEOUT_SECONDS = 0.5
LARGEST_ANSWER = 1 << 18
"""Bytes; a usual answer has two to four thousand."""
_OK = 200
_CHUNK = 1 << 14


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
        self._session = session
        self._url = f"{url.rstrip('/')}/model/parse"
        self._query = {"token": token} if token else {}
        self._limit = aiohttp.ClientTimeout(total=timeout_seconds)

    async def ask(self, words: str) -> Answer | Result:
        """Return the answer about a text, or the result that stands for none."""
        try:
            body = await self._exchange(words)
        except TimeoutError:
            return Result.TIMEOUT
        # aiohttp says RuntimeError for a session that is closed (a stop on its way).
        except (aiohttp.ClientError, OSError, ValueError, RuntimeError):
            return Result.DEAD
        return body if isinstance(body, Result) else _understood(body)

    async def _exchange(self, words: str) -> bytes | Result:
        async with self._session.post(
            self._url,
            params=self._query,
            json={"text": words},
            timeout=self._limit,
            allow_redirects=False,
            headers={"Accept-Encoding": "identity"},
            auto_decompress=False,
        ) as response:
            if response.status != _OK:
                return Result.STATUS
            body = bytearray()
            async for chunk in response.content.iter_chunked(_CHUNK):
                body += chunk
                if len(body) > LARGEST_ANSWER:
                    return Result.TOO_BIG
            return bytes(body)


def _understood(body: bytes) -> Answer | Result:
    try:
        return answer_of(json.loads(body))
    except WrongShapeError:
        return Result.WRONG_SHAPE
    # Brackets in brackets without end are no JSON to us either.
    except (ValueError, RecursionError):
        return Result.NOT_JSON
