"""Was the request written, and did a whole answer come back?

Nothing of a request, its address or its headers gets into a result: tokens and
citizens' words travel there.
"""

from __future__ import annotations

import asyncio
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any

import aiohttp

from bot.channels import wire
from bot.channels.errors import Malformed
from bot.channels.results import Failure, Reason, Refused, Retry, Unknown

LONGEST_WAIT_SECONDS = 86_400.0
_LARGEST_ANSWER = 1 << 20
_SECONDS = re.compile(r"[0-9]{1,9}")
_CODE = re.compile(r"-?[0-9]{1,10}")
_NOT_WRITTEN = (
    aiohttp.ClientConnectorError,
    aiohttp.ConnectionTimeoutError,
    aiohttp.ClientHttpProxyError,
)
_NOT_TAKEN = frozenset({408, 425, 429, 500, 502, 503})


def time_limits(
    *, connect_seconds: float = 5.0, answer_seconds: float = 15.0
) -> aiohttp.ClientTimeout:
    """Return limits which tell "could not connect" from "did not answer".

    ``connect`` also covers the wait for a free connection of the pool.
    """
    return aiohttp.ClientTimeout(
        total=connect_seconds + answer_seconds,
        connect=connect_seconds,
        sock_connect=connect_seconds,
        sock_read=answer_seconds,
    )


@dataclass(frozen=True, slots=True)
class Answer:
    """An HTTP answer; ``document`` is None when its body is no JSON object.

    ``body`` is what came, for a library that parses it itself.
    """

    status: int
    document: Mapping[str, object] | None
    after_seconds: float | None
    body: bytes = field(default=b"", repr=False, compare=False)


async def exchange(
    session: aiohttp.ClientSession,
    method: str,
    url: str,
    *,
    limits: aiohttp.ClientTimeout,
    **arguments: Any,  # what aiohttp takes: json, data, params, headers
) -> Answer | Failure:
    """Make one request, never following a redirect; failures are values."""
    try:
        async with session.request(
            method, url, timeout=limits, allow_redirects=False, **arguments
        ) as response:
            return await _answer(response)
    except _NOT_WRITTEN:
        return Retry("connect")
    except aiohttp.InvalidURL:
        return Refused("address", Reason.CONFIG)
    except TimeoutError:
        return Unknown("timeout")
    except aiohttp.ClientError:
        return Unknown("disconnected")


async def _answer(response: aiohttp.ClientResponse) -> Answer:
    """Read the body; a broken one still has a status worth knowing."""
    after = retry_after(response.headers)
    try:
        body = await response.content.readexactly(_LARGEST_ANSWER)
    except asyncio.IncompleteReadError as short:
        body = short.partial
    except (aiohttp.ClientError, TimeoutError):
        body = b""
    return Answer(response.status, _document(body), after, body)


def _document(body: bytes) -> Mapping[str, object] | None:
    try:
        return wire.load(body)
    except Malformed:
        return None


def retry_after(headers: Mapping[str, str]) -> float | None:
    """Return the wait in seconds that ``Retry-After`` asks for (RFC 9110 §10.2.3).

    A date is measured from the answer's own ``Date``, so that our clock and
    theirs need not agree. At most a day.
    """
    told = headers.get("Retry-After", "").strip()
    if _SECONDS.fullmatch(told):
        return min(float(told), LONGEST_WAIT_SECONDS)
    until, since = _date(told), _date(headers.get("Date", ""))
    if until is None:
        return None
    seconds = (until - (since or datetime.now(UTC))).total_seconds()
    return min(max(seconds, 0.0), LONGEST_WAIT_SECONDS)


def _date(text: str) -> datetime | None:
    try:
        told = parsedate_to_datetime(text)
    except (ValueError, TypeError, OverflowError):
        return None
    return told if told.tzinfo else told.replace(tzinfo=UTC)


def by_status(answer: Answer) -> Failure | None:
    """Judge by the HTTP status alone; None when it says success.

    504 and other gateways' codes mean that the platform itself may have taken
    the request.
    """
    status = answer.status
    code = f"http-{status}"
    if 200 <= status < 300:  # noqa: PLR2004  the class of success
        return None
    if status in _NOT_TAKEN:
        return Retry(code, answer.after_seconds)
    is_ours = status < 500 or status == 501  # noqa: PLR2004  not implemented
    return Refused(code, Reason.UNKNOWN_CODE) if is_ours else Unknown(code)


def error_code(value: object) -> str:
    """Return a platform's error number, '' if it is not a number.

    Nothing but digits: the code goes into logs and evidence.
    """
    told = wire.identity(value)
    return told if _CODE.fullmatch(told) else ""


def scalars(value: object) -> dict[str, str]:
    """Return the texts and numbers of an object, as text."""
    return {key: wire.text(one) for key, one in wire.mapping(value).items()}


def repeatable(failure: Failure) -> Failure:
    """Turn "nobody knows" into "try again", for calls that may be made twice."""
    return Retry(failure.code) if isinstance(failure, Unknown) else failure
