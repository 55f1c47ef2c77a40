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
from nlu.exchange import Exchange, Missed

TIMEOUT_SECONDS = 1.5
LARGEST_REPLY = 1 << 16
"""Bytes; a sound reply has about one thousand."""


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
        self._exchange = Exchange(
            session,
            f"{url.rstrip('/')}/chat/completions",
            timeout_seconds,
            LARGEST_REPLY,
            headers={"Authorization": f"Bearer {api_key}"} if api_key else {},
        )
        self.model = model

    async def ask(self, prompt: Prompt) -> Reply | Result:
        """Return the reply, or the result that stands for none."""
        told = await self._exchange.post(self._document(prompt))
        return Result(told.value) if isinstance(told, Missed) else _understood(told)

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
