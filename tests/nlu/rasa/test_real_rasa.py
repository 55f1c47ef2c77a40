"""Does a real Rasa take our export, answer our client, and may it die?

Run with ``make test-rasa``; THANTHIEN_RASA is the environment of Rasa 3.6.
"""

from __future__ import annotations

import asyncio
import os
from dataclasses import replace
from pathlib import Path

import aiohttp
import pytest

from nlu.abbreviations import Abbreviations
from nlu.breaker import FAILURES
from nlu.engine import Engine
from nlu.model import Decision, Entry, Intent
from nlu.rasa.answer import Answer
from nlu.rasa.client import RasaClient
from nlu.rasa.curriculum import lessons
from nlu.rasa.export import project
from nlu.rasa.link import RasaLink
from nlu.rasa.reader import RasaReader
from tests.conftest import FakeClock
from tests.nlu.rasa.real import RealRasa, Running
from tests.nlu.support import entries

pytestmark = pytest.mark.rasa

DEATH = "1.000656"
ONLY_TAUGHT_TO_RASA = "bố em đi xa mãi mãi"
EPOCHS = 40
CHAT_MOST = 20
"""Texts of a chat intent: enough to be told apart, and trained in a few minutes."""
RIGHT = 0.95
PATIENCE_SECONDS = 5.0


def taught() -> list[Entry]:
    """Return the small catalogue, with one phrase that our engine does not know."""
    return [
        replace(entry, aliases=(*entry.aliases, ONLY_TAUGHT_TO_RASA))
        if entry.code == DEATH
        else entry
        for entry in entries()
    ]


@pytest.fixture(scope="module")
def rasa() -> RealRasa:
    return RealRasa(Path(os.environ["THANTHIEN_RASA"]))


@pytest.fixture(scope="module")
def trained(rasa: RealRasa, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of the project, trained once for all tests (a few minutes)."""
    folder = tmp_path_factory.mktemp("rasa")
    asyncio.run(
        rasa.train(project(taught(), epochs=EPOCHS, chat_most=CHAT_MOST), folder)
    )
    return folder


def reader(
    engine: Engine, session: aiohttp.ClientSession, server: Running
) -> RasaReader:
    """Return the bot's reader on a server."""
    clock = FakeClock()
    client = RasaClient(session, server.url, timeout_seconds=PATIENCE_SECONDS)
    link = RasaLink(client, lambda: clock.now_ms() / 1000)
    return RasaReader(engine, taught(), link)


async def test_rasa_reads_what_our_export_taught_it(
    rasa: RealRasa, trained: Path, session: aiohttp.ClientSession
) -> None:
    """Chat and procedures, with accents and without: nearly every sentence."""
    asked = [
        (sentence, name)
        for name, sentences in lessons(
            taught(), Abbreviations(), folded_copies=True, chat_most=CHAT_MOST
        )
        for sentence in sentences
    ]
    right = 0
    async with rasa.serve(trained) as server:
        client = RasaClient(session, server.url, timeout_seconds=PATIENCE_SECONDS)
        for sentence, name in asked:
            told = await client.ask(sentence)
            assert isinstance(told, Answer), told
            right += told.ranking[0].name == name

    assert right >= RIGHT * len(asked)


async def test_the_bot_reads_with_rasa_and_without(
    rasa: RealRasa, trained: Path, session: aiohttp.ClientSession, engine: Engine
) -> None:
    """Rasa adds what our engine does not know; when it dies our engine reads on."""
    alone = engine.parse(ONLY_TAUGHT_TO_RASA)
    async with rasa.serve(trained) as server:
        both = reader(engine, session, server)
        reading = await both.read(ONLY_TAUGHT_TO_RASA)
        thanks = await both.read("cam on xa nhieu")
        await server.kill()
        after = [await both.read(ONLY_TAUGHT_TO_RASA) for _ in range(FAILURES + 1)]

    assert DEATH not in {candidate.code for candidate in alone.candidates}
    assert reading.decision in {Decision.ANSWER, Decision.ASK}
    assert (reading.intent, reading.candidates[0].code) == (
        Intent.ASK_PROCEDURE,
        DEATH,
    )
    assert thanks.intent is Intent.THANKS
    assert all(replace(one, ms=0.0) == replace(alone, ms=0.0) for one in after)
    counts = both.link.snapshot()
    assert (counts["dead"], counts["resting"]) == (FAILURES, 1)
