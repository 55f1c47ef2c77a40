"""Does the service, wired with a Rasa server, answer with its help and without it?

Everything is as ``thanthien run`` wires it; only Rasa is a small server of the test's.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import aiohttp
import pytest
from aiohttp.test_utils import TestServer

from bot.beside import STATE_WORDS, RasaBeside
from bot.config import Config, parse_config
from bot.sandbox.sandbox import Sandbox
from nlu.breaker import FAILURES
from nlu.rasa.link import LinkState
from nlu.rasa.names import procedure_intent
from storage import tables
from tests.bot.process import QUESTION, Process, Start, post
from tests.bot.support import document, eventually, platforms
from tests.nlu.rasa.fake import FakeRasa, said

SHOP, NAMED = "1.001612", "hộ kinh doanh"
"""A procedure that nobody means who asks about a birth, and its name in an answer."""


@pytest.fixture
def fake() -> FakeRasa:
    """A Rasa that takes everything for a question on opening a shop."""
    made = FakeRasa()
    made.answering = made.json(said((procedure_intent(SHOP), 0.99)))
    return made


@pytest.fixture
async def server(fake: FakeRasa) -> AsyncIterator[TestServer]:
    """Its server, for a test to end."""
    made = TestServer(fake.application())
    await made.start_server()
    yield made
    await made.close()


@pytest.fixture
def config(server: TestServer, sandbox: tuple[Sandbox, str], tmp_path: Path) -> Config:
    """A commune that reads with Rasa."""
    rasa = {"url": str(server.make_url("/")).rstrip("/"), "timeout_seconds": 5}
    nlu = {"backend": "rasa", "rasa": rasa}
    raw = document(platforms(), sandbox[1]) | {"nlu": nlu}
    return parse_config(raw, {}, tmp_path)


async def asked(process: Process, *words: str) -> None:
    """Let as many citizens write, one after the other."""
    for sentence in words:
        number = len(await process.rows(tables.inbox_event))
        assert await post(process.url, number, sentence) == 200
        await eventually(process.is_settled, 15)


async def health(process: Process) -> tuple[int, dict[str, Any]]:
    """Return the status of /readyz and what it says of Rasa."""
    async with (
        aiohttp.ClientSession() as session,
        session.get(f"{process.url}/readyz") as answer,
    ):
        return answer.status, (await answer.json())["parts"]["rasa"]


async def counted(process: Process) -> dict[str, float]:
    """Return thanthien_rasa_total by result, as /metrics shows it, without zeros."""
    async with (
        aiohttp.ClientSession() as session,
        session.get(f"{process.url}/metrics") as answer,
    ):
        lines = (await answer.text()).splitlines()
    found = (
        line.removeprefix('thanthien_rasa_total{result="').split('"} ')
        for line in lines
        if line.startswith("thanthien_rasa_total{")
    )
    return {name: float(value) for name, value in found if float(value)}


def heard(sandbox: tuple[Sandbox, str]) -> list[str]:
    """Return what citizens were told, in order."""
    return [str(one.body) for one in sandbox[0].record.sent()]


async def test_a_question_is_answered_with_rasas_help(
    start: Start, config: Config, sandbox: tuple[Sandbox, str], fake: FakeRasa
) -> None:
    """From the webhook to the phone: what only Rasa thinks of is offered, evidenced."""
    process = await start(config)
    assert await health(process) == (200, said_of(LinkState.UNASKED))
    await asked(process, QUESTION)

    assert fake.asked == [QUESTION]
    assert any(NAMED in text for text in heard(sandbox))
    evidence = await process.rows(tables.evidence_entry)
    assert any(SHOP in str(entry) for entry in evidence)
    assert await counted(process) == {"answered": 1.0}
    assert await health(process) == (200, said_of(LinkState.OK, answered=1))


async def test_a_dead_server_takes_no_answer_away(
    start: Start, config: Config, sandbox: tuple[Sandbox, str], server: TestServer
) -> None:
    """Our engine answers; it is counted, soon nobody is asked, and all is ready."""
    process = await start(config)
    await server.close()
    await asked(process, *[QUESTION] * (FAILURES + 1))

    assert len(heard(sandbox)) >= FAILURES + 1
    assert not any(NAMED in text for text in heard(sandbox))
    assert await counted(process) == {"dead": FAILURES, "resting": 1.0}
    told = said_of(LinkState.RESTING, dead=FAILURES, resting=1)
    assert await health(process) == (200, told)


def said_of(state: LinkState, **results: int) -> dict[str, Any]:
    """Return what /readyz says of Rasa in a state."""
    return {"status": state.value, "text": STATE_WORDS[state], "results": results}


async def test_a_denunciation_stays_here(
    start: Start, config: Config, fake: FakeRasa
) -> None:
    """Neither its first words nor what the denouncer goes on telling is asked about."""
    process = await start(config)
    await asked(process, "tôi muốn tố cáo cán bộ nhận hối lộ")

    assert fake.asked == []


async def test_a_stop_closes_the_connections(start: Start, config: Config) -> None:
    """The session to Rasa ends with the service, also while a question is out."""
    process = await start(config)
    (beside,) = process.service.besides
    await process.stop()

    assert isinstance(beside, RasaBeside)
    assert beside._session.closed


async def test_a_renewed_catalogue_keeps_the_link(start: Start, config: Config) -> None:
    """After an import the stage is a new one; what is known of the server stays."""
    process = await start(config)
    (served,) = process.service.services.values()
    before = served.aheads
    served.version = ()
    await served.refresh(process.service.database)

    assert len(served.aheads) == 1
    assert served.aheads != before
    (beside,) = process.service.besides
    assert isinstance(beside, RasaBeside)
    assert served.aheads[0].link is beside.link  # type: ignore[attr-defined]  # RasaReader


async def test_a_slow_server_does_not_hold_up_the_others(
    start: Start, config: Config, sandbox: tuple[Sandbox, str], fake: FakeRasa
) -> None:
    """While one citizen's question waits for Rasa, another's greeting is answered."""
    process = await start(config)
    gate = asyncio.Event()
    answering = fake.answering

    async def wait(request: Any) -> Any:
        await gate.wait()
        return await answering(request)

    fake.answering = wait
    assert await post(process.url, 1, QUESTION) == 200
    await asyncio.wait_for(fake.is_asked.wait(), 5)
    assert await post(process.url, 2, "dừng nhận tin") == 200
    await eventually(lambda: heard(sandbox), 5)
    assert not any(NAMED in text for text in heard(sandbox))
    gate.set()

    await eventually(process.is_settled, 15)
    assert any(NAMED in text for text in heard(sandbox))
