"""What does a language model's server say to a prompt, or why does it say nothing?

A failure is a value, never an exception: our engine is always there. Neither words nor
the key appear in an error or in a log.
"""

from __future__ import annotations

import json
from typing import Any

import aiohttp

from nlu.ai.envelope import Reply, reply_of
from nlu.ai.errors import WrongShapeError
from nlu.ai.prompt import Prompt
from nlu.ai.use import Result

TIMEOUT_SECONDS = 1.5
LARGEST_REPLY = 1 << 16
"""Bytes; a sound reply has about one thousand."""
_OK = 200
_CHUNK = 1 << 14


class AiClient:
    """Asks one server through a session that its owner opens and closes.

    ``url`` is the root of an OpenAI-compatible interface, such as
    ``http://127.0.0.1:8080/v1``; ``timeout_seconds`` is for the whole exchange;
    ``api_key`` goes as a bearer token.
    """

    def __init__(
        self,
        session: aiohttp.ClientSession,
        url: str,
        model: str,
        *,
        api_key: str = "",
        timeout_seconds: float = TIMEOUT_SECONDS,
    ) -> None:
        self._session = session
        self._url = f"{url.rstrip('/')}/chat/completions"
        self._limit = aiohttp.ClientTimeout(total=timeout_seconds)
        self._headers = {"Accept-Encoding": "identity"}
        if api_key:
            self._headers["Authorization"] = f"Bearer {api_key}"
        self.model = model

    async def ask(self, prompt: Prompt) -> Reply | Result:
        """Return the reply, or the result that stands for none."""
        try:
            body = await self._exchange(prompt)
        except TimeoutError:
            return Result.TIMEOUT
        # aiohttp says RuntimeError for a session that is closed (a stop on its way).
        except (aiohttp.ClientError, OSError, ValueError, RuntimeError):
            return Result.DEAD
        return body if isinstance(body, Result) else _understood(body)

    async def _exchange(self, prompt: Prompt) -> bytes | Result:
        async with self._session.post(
            self._url,
            json=self._document(prompt),
            timeout=self._limit,
            # A redirection would carry the words to somebody nobody named.
            allow_redirects=False,
            headers=self._headers,
            auto_decompress=False,
        ) as response:
            if response.status != _OK:
                return Result.STATUS
            body = bytearray()
            async for chunk in response.content.iter_chunked(_CHUNK):
                body += chunk
                if len(body) > LARGEST_REPLY:
                    return Result.TOO_BIG
            return bytes(body)

    def _document(self, prompt: Prompt) -> dict[str, Any]:
        return {
            "model": self.model,
            "messages": [
                {"role": "system", "content": prompt.system},
                {"role": "user", "content": prompt.user},
            ],
            "max_tokens": prompt.max_tokens,
            "temperature": 0,
            "stream": False,
            "response_format": {"type": "json_object"},
        }


def _understood(body: bytes) -> Reply | Result:
    try:
        return reply_of(json.loads(body))
    except WrongShapeError:
        return Result.WRONG_SHAPE
    except (ValueError, RecursionError):
        return Result.NOT_JSON
