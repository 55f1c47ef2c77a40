"""Does a bad AI server become a reason instead of an error?"""

from __future__ import annotations

import asyncio
import gzip
import json
import logging
import socket

import aiohttp
import pytest

from nlu.ai.client import LARGEST_REPLY, AiClient
from nlu.ai.envelope import Reply
from nlu.ai.prompt import Prompt
from nlu.ai.use import Result
from tests.nlu.ai.fake import MODEL, Answering, FakeAi, envelope

PROMPT = Prompt("làm theo lời này", "câu hỏi của người dân", 60)
KEY = "bi-mat-cua-xa"


def client(session: aiohttp.ClientSession, url: str, **changes: float) -> AiClient:
    """Return a client with a key."""
    return AiClient(session, url, MODEL, api_key=KEY, **changes)


def free_port() -> int:
    """Return a port nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


async def test_a_reply_is_read(
    ai: FakeAi, session: aiohttp.ClientSession, url: str
) -> None:
    """The prompt, the model and the limits go out; words and their cost come back."""
    ai.answering = ai.says('{"order": [2]}', 45)

    assert await client(session, url).ask(PROMPT) == Reply('{"order": [2]}', 45)
    assert ai.documents == [
        {
            "model": MODEL,
            "messages": [
                {"role": "system", "content": PROMPT.system},
                {"role": "user", "content": PROMPT.user},
            ],
            "max_tokens": 60,
            "temperature": 0,
            "stream": False,
            "response_format": {"type": "json_object"},
        }
    ]
    assert ai.headers[0]["Authorization"] == f"Bearer {KEY}"


async def test_no_key_is_sent_where_there_is_none(
    ai: FakeAi, session: aiohttp.ClientSession, url: str
) -> None:
    """A local server asks for none."""
    assert isinstance(await AiClient(session, url, MODEL).ask(PROMPT), Reply)
    assert "Authorization" not in ai.headers[0]


async def test_a_slash_at_the_end_of_the_address_does_no_harm(
    ai: FakeAi, session: aiohttp.ClientSession, url: str
) -> None:
    """Officers copy addresses with and without it."""
    assert isinstance(await client(session, url + "/").ask(PROMPT), Reply)
    assert len(ai.bodies) == 1


@pytest.mark.parametrize("answering", [FakeAi.never, FakeAi.drip])
async def test_a_slow_server_is_a_timeout(
    ai: FakeAi, session: aiohttp.ClientSession, url: str, answering: Answering
) -> None:
    """The limit is for the whole answer, not for its beginning."""
    ai.answering = answering

    told = await client(session, url, timeout_seconds=0.05).ask(PROMPT)

    assert told is Result.TIMEOUT


async def test_a_dead_server_is_dead(session: aiohttp.ClientSession) -> None:
    """Nobody listens: that is known at once."""
    found = client(session, f"http://127.0.0.1:{free_port()}/v1")

    assert await found.ask(PROMPT) is Result.DEAD


async def test_a_broken_connection_is_dead(
    ai: FakeAi, session: aiohttp.ClientSession, url: str
) -> None:
    """The server hangs up while we wait."""
    ai.answering = ai.hang_up

    assert await client(session, url).ask(PROMPT) is Result.DEAD


async def test_a_closed_session_is_dead(url: str) -> None:
    """A question during the stop of the service raises nothing."""
    session = aiohttp.ClientSession()
    await session.close()

    assert await client(session, url).ask(PROMPT) is Result.DEAD


@pytest.mark.parametrize("address", ["http://", "http://[", "không phải địa chỉ"])
async def test_a_bad_address_is_dead(
    session: aiohttp.ClientSession, address: str
) -> None:
    """An address that cannot be asked is like a server that is not there."""
    assert await client(session, address).ask(PROMPT) is Result.DEAD


@pytest.mark.parametrize("status", [204, 302, 307, 401, 404, 429, 500, 503])
async def test_another_status_is_no_answer(
    ai: FakeAi, session: aiohttp.ClientSession, url: str, status: int
) -> None:
    """Only 200 counts; a redirection would carry the words elsewhere."""
    body = b"" if status == 204 else json.dumps(envelope('{"order": [1]}')).encode()
    ai.answering = ai.raw(body, status, {"Location": "/v1/chat/completions"})

    assert await client(session, url).ask(PROMPT) is Result.STATUS
    assert len(ai.bodies) == 1


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"<html>",
        b'{"choices": ',
        b"\xff\xfe\x00",
        b"[" * 50_000,
        gzip.compress(json.dumps(envelope("{}")).encode(), mtime=0),
    ],
)
async def test_broken_json_is_no_answer(
    ai: FakeAi, session: aiohttp.ClientSession, url: str, body: bytes
) -> None:
    """Text, cut JSON, no UTF-8, brackets without end, packed bytes."""
    ai.answering = ai.raw(body)

    assert await client(session, url).ask(PROMPT) is Result.NOT_JSON


async def test_a_packed_answer_is_not_unpacked(
    ai: FakeAi, session: aiohttp.ClientSession, url: str
) -> None:
    """A small body that would become huge is never unpacked: we asked for none."""
    packed = gzip.compress(b" " * 100 * LARGEST_REPLY, mtime=0)
    ai.answering = ai.raw(packed, headers={"Content-Encoding": "gzip"})

    assert len(packed) < LARGEST_REPLY
    assert await client(session, url).ask(PROMPT) is Result.NOT_JSON


async def test_a_huge_body_is_dropped(
    ai: FakeAi, session: aiohttp.ClientSession, url: str
) -> None:
    """Reading stops at the limit."""
    ai.answering = ai.raw(b" " * (LARGEST_REPLY + 1))

    assert await client(session, url).ask(PROMPT) is Result.TOO_BIG


@pytest.mark.parametrize(
    "document",
    [
        [],
        1,
        None,
        {},
        {"choices": []},
        {"choices": {}},
        {"choices": [1]},
        {"choices": [{"text": "{}"}]},
        {"choices": [{"message": "{}"}]},
        {"choices": [{"message": {"content": None}}]},
        {"choices": [{"message": {"content": ["{}"]}}]},
        {"error": {"message": "hết tiền"}},
    ],
)
async def test_json_of_another_shape_is_no_answer(
    ai: FakeAi, session: aiohttp.ClientSession, url: str, document: object
) -> None:
    """JSON that such a server would not write is not guessed at."""
    ai.answering = ai.json(document)

    assert await client(session, url).ask(PROMPT) is Result.WRONG_SHAPE


async def test_a_cancelled_question_stays_cancelled(
    ai: FakeAi, session: aiohttp.ClientSession, url: str
) -> None:
    """A stop of the service is no answer of the server."""
    ai.answering = ai.never
    question = asyncio.create_task(client(session, url).ask(PROMPT))
    await asyncio.wait_for(ai.is_asked.wait(), 5)
    question.cancel()

    with pytest.raises(asyncio.CancelledError):
        await question


async def test_nothing_is_logged(
    session: aiohttp.ClientSession, caplog: pytest.LogCaptureFixture
) -> None:
    """Neither the words nor the key reach a log, even when the server is dead."""
    caplog.set_level(logging.DEBUG)
    await client(session, f"http://127.0.0.1:{free_port()}").ask(PROMPT)

    assert KEY not in caplog.text
    assert PROMPT.user not in caplog.text
