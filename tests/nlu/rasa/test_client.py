"""Does a bad server become a reason instead of an error?"""

from __future__ import annotations

import asyncio
import gzip
import json
import logging
import socket

import aiohttp
import pytest

from nlu.rasa.answer import Answer, Ranked
from nlu.rasa.client import LARGEST_ANSWER, RasaClient
from nlu.rasa.tally import Result
from tests.nlu.rasa.fake import Answering, FakeRasa, said

WORDS = "làm khai sinh cho con"
TOKEN = "bi-mat-cua-rasa"


def free_port() -> int:
    """Return a port nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


async def test_an_answer_is_read(
    rasa: FakeRasa, session: aiohttp.ClientSession, url: str
) -> None:
    """The words and the token go out, the ranking comes back, best first."""
    rasa.answering = rasa.json(said(("tt_1_001193", 0.8), ("greeting", 0.1)))
    client = RasaClient(session, url, token=TOKEN)

    told = await client.ask(WORDS)

    assert told == Answer((Ranked("tt_1_001193", 0.8), Ranked("greeting", 0.1)))
    assert (rasa.asked, rasa.tokens) == ([WORDS], [TOKEN])


async def test_no_token_is_sent_where_there_is_none(
    rasa: FakeRasa, session: aiohttp.ClientSession, url: str
) -> None:
    """Without a token the address has no query."""
    assert isinstance(await RasaClient(session, url).ask(WORDS), Answer)
    assert rasa.tokens == [None]


@pytest.mark.parametrize("answering", [FakeRasa.never, FakeRasa.drip])
async def test_a_slow_server_is_a_timeout(
    rasa: FakeRasa, session: aiohttp.ClientSession, url: str, answering: Answering
) -> None:
    """The limit is for the whole answer, not for its beginning."""
    rasa.answering = answering

    told = await RasaClient(session, url, timeout_seconds=0.05).ask(WORDS)

    assert told is Result.TIMEOUT


async def test_a_dead_server_is_dead(session: aiohttp.ClientSession) -> None:
    """Nobody listens: that is known at once."""
    client = RasaClient(session, f"http://127.0.0.1:{free_port()}")

    assert await client.ask(WORDS) is Result.DEAD


async def test_a_broken_connection_is_dead(
    rasa: FakeRasa, session: aiohttp.ClientSession, url: str
) -> None:
    """The server hangs up while we wait."""
    rasa.answering = rasa.hang_up

    assert await RasaClient(session, url).ask(WORDS) is Result.DEAD


async def test_a_closed_session_is_dead(url: str) -> None:
    """A question during the stop of the service raises nothing."""
    session = aiohttp.ClientSession()
    await session.close()

    assert await RasaClient(session, url).ask(WORDS) is Result.DEAD


@pytest.mark.parametrize("address", ["http://", "http://[", "không phải địa chỉ"])
async def test_a_bad_address_is_dead(
    session: aiohttp.ClientSession, address: str
) -> None:
    """An address that cannot be asked is like a server that is not there."""
    assert await RasaClient(session, address).ask(WORDS) is Result.DEAD


@pytest.mark.parametrize("status", [204, 301, 401, 404, 409, 500, 503])
async def test_another_status_is_no_answer(
    rasa: FakeRasa, session: aiohttp.ClientSession, url: str, status: int
) -> None:
    """Only 200 counts, whatever the body says; a redirection is not followed."""
    rasa.answering = rasa.raw(b"", status, {"Location": "/model/parse"})

    assert await RasaClient(session, url).ask(WORDS) is Result.STATUS
    assert len(rasa.asked) == 1


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"<html>",
        b'{"intent": ',
        b"\xff\xfe\x00",
        b"[" * 100_000,
        gzip.compress(json.dumps(said(("thanks", 0.9))).encode(), mtime=0),
    ],
)
async def test_broken_json_is_no_answer(
    rasa: FakeRasa, session: aiohttp.ClientSession, url: str, body: bytes
) -> None:
    """Text, cut JSON, no UTF-8, brackets without end, packed bytes."""
    rasa.answering = rasa.raw(body)

    assert await RasaClient(session, url).ask(WORDS) is Result.NOT_JSON


async def test_a_packed_answer_is_not_unpacked(
    rasa: FakeRasa, session: aiohttp.ClientSession, url: str
) -> None:
    """A small body that would become huge is never unpacked: we asked for none."""
    packed = gzip.compress(b" " * 100 * LARGEST_ANSWER, mtime=0)
    rasa.answering = rasa.raw(packed, headers={"Content-Encoding": "gzip"})

    assert len(packed) < LARGEST_ANSWER
    assert await RasaClient(session, url).ask(WORDS) is Result.NOT_JSON


async def test_a_huge_body_is_dropped(
    rasa: FakeRasa, session: aiohttp.ClientSession, url: str
) -> None:
    """Reading stops at the limit."""
    rasa.answering = rasa.raw(b" " * (LARGEST_ANSWER + 1))

    assert await RasaClient(session, url).ask(WORDS) is Result.TOO_BIG


@pytest.mark.parametrize("document", [[], 1, None, {"intent": []}, {"error": "x"}])
async def test_json_of_another_shape_is_no_answer(
    rasa: FakeRasa, session: aiohttp.ClientSession, url: str, document: object
) -> None:
    """JSON that Rasa would not write is not guessed at."""
    rasa.answering = rasa.json(document)

    assert await RasaClient(session, url).ask(WORDS) is Result.WRONG_SHAPE


async def test_a_cancelled_question_stays_cancelled(
    rasa: FakeRasa, session: aiohttp.ClientSession, url: str
) -> None:
    """A stop of the service is no answer of the server."""
    rasa.answering = rasa.never
    question = asyncio.create_task(RasaClient(session, url).ask(WORDS))
    await asyncio.wait_for(rasa.is_asked.wait(), 5)
    question.cancel()

    with pytest.raises(asyncio.CancelledError):
        await question


async def test_nothing_is_logged(
    session: aiohttp.ClientSession, caplog: pytest.LogCaptureFixture
) -> None:
    """Neither the words nor the token reach a log, even when the server is dead."""
    caplog.set_level(logging.DEBUG)
    client = RasaClient(session, f"http://127.0.0.1:{free_port()}", token=TOKEN)
    await client.ask(WORDS)

    assert TOKEN not in caplog.text
    assert WORDS not in caplog.text
