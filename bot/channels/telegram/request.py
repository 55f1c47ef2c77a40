"""How does python-telegram-bot reach the network? Over our transport, and no other.

The library raises one ``NetworkError`` for "never sent" and for "nobody knows", the
difference on which the outbox lives. So the answer is judged here, and what failed goes
through the library as our own ``Failure``.
"""

from __future__ import annotations

from typing import Any

import aiohttp
from telegram.request import BaseRequest, RequestData

from bot.channels import wire
from bot.channels.results import Fetched, FetchResult, Reason, Refused, Retry, Unknown
from bot.channels.telegram.errors import CallFailedError
from bot.channels.telegram.errors_table import failure_for
from bot.channels.transport import (
    LONGEST_WAIT_SECONDS,
    Answer,
    by_status,
    error_code,
    exchange,
)

LARGEST_DOWNLOAD = 20 * 1024 * 1024
_OK = 200


class TransportRequest(BaseRequest):
    """The session and the time limits of the service; the library's are not used."""

    __slots__ = ("_limits", "_session")

    def __init__(
        self, session: aiohttp.ClientSession, limits: aiohttp.ClientTimeout
    ) -> None:
        self._session = session
        self._limits = limits

    @property
    def read_timeout(self) -> float | None:
        """Seconds without a byte after which an answer counts as missing."""
        return self._limits.sock_read

    async def initialize(self) -> None:
        """The session belongs to the service."""

    async def shutdown(self) -> None:
        """The session belongs to the service."""

    async def do_request(
        self,
        url: str,
        method: str,
        request_data: RequestData | None = None,
        read_timeout: Any = None,
        write_timeout: Any = None,
        connect_timeout: Any = None,
        pool_timeout: Any = None,
    ) -> tuple[int, bytes]:
        """Make one call; raises CallFailedError for all but a success."""
        del read_timeout, write_timeout, connect_timeout, pool_timeout
        if method == "GET":
            return _OK, await self._download(url)
        answer = await exchange(
            self._session, method, url, limits=self._limits, **_content(request_data)
        )
        if not isinstance(answer, Answer):
            raise CallFailedError(answer)
        judged = judge(answer)
        if not isinstance(judged, Fetched):
            raise CallFailedError(judged)
        return _OK, answer.body

    async def _download(self, url: str) -> bytes:
        try:
            async with self._session.get(
                url, timeout=self._limits, allow_redirects=False
            ) as response:
                failure = by_status(Answer(response.status, None, None))
                if failure is not None:
                    raise CallFailedError(failure)
                return await _bounded(response.content)
        except (aiohttp.ClientError, TimeoutError) as error:
            raise CallFailedError(Retry("download")) from error


def judge(answer: Answer) -> FetchResult:
    """Return the result object, or what the error asks us to do.

    A result that is only ``true`` becomes an empty object.
    """
    document = answer.document
    if document is None:
        return by_status(answer) or Unknown("garbage")
    if document.get("ok") is True:
        return Fetched(wire.mapping(document.get("result")))
    code = error_code(document.get("error_code"))
    if not code:
        return by_status(answer) or Unknown("garbage")
    return failure_for(code, wire.text(document.get("description")), _wait(answer))


def _wait(answer: Answer) -> float | None:
    told = wire.mapping((answer.document or {}).get("parameters")).get("retry_after")
    seconds = wire.whole(told)
    if seconds is None:
        return answer.after_seconds
    return min(float(seconds), LONGEST_WAIT_SECONDS)


def _content(data: RequestData | None) -> dict[str, Any]:
    """JSON, or a form when a file goes along."""
    if data is None:
        return {}
    if not data.contains_files:
        return {"json": data.parameters}
    # Names of files go as UTF-8, not percent-quoted, as on the other platforms.
    form = aiohttp.FormData(quote_fields=False, charset="utf-8")
    for name, value in data.json_parameters.items():
        form.add_field(name, value)
    for name, (file_name, content, kind) in data.multipart_data.items():
        form.add_field(name, content, filename=file_name, content_type=kind)
    return {"data": form}


async def _bounded(content: aiohttp.StreamReader) -> bytes:
    data = bytearray()
    async for chunk in content.iter_chunked(1 << 16):
        data += chunk
        if len(data) > LARGEST_DOWNLOAD:
            raise CallFailedError(Refused("too-big", Reason.MEDIA))
    return bytes(data)
