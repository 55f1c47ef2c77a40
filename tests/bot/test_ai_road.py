"""Does the service, wired with a language model, ask it little, and speak for itself?

Everything is as ``thanthien run`` wires it; only the model is a small server of the
test's.
"""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import aiohttp
import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer

from bot.beside_ai import READY, RESTING, AiBeside, StoredLedger
from bot.config import Config, parse_config
from bot.sandbox.sandbox import Sandbox
from handlers.model import Tag
from nlu.ai.budget import Caps
from nlu.ai.use import Result
from nlu.breaker import FAILURES
from storage import ai_spending, tables
from storage.errors import StorageUnavailableError
from tests.bot.process import Process, Start, post
from tests.bot.support import UNIT, FaultyDatabase, document, eventually, platforms
from tests.nlu.ai.fake import MODEL, FakeAi, envelope

KEY = "bi-mat-cua-may-chu"
STRANGE = "làm tờ vuông vắn màu hồng phấn hết bao nhiêu tiền"
"""A question in words that our engine has never met."""
PRIVATE = f"{STRANGE} cho bà Lụa, 0912 345 678"
TOKENS = 250


async def marriage(request: web.Request) -> web.StreamResponse:
    """Take every question for one about a marriage, whichever way it is put."""
    document = await request.json()
    listed = json.loads(document["messages"][1]["content"]).get("thu_tuc")
    content = {"order": [1]} if listed else {"search": "Đăng ký kết hôn"}
    return web.json_response(envelope(json.dumps(content), TOKENS))


@pytest.fixture
def fake() -> FakeAi:
    made = FakeAi()
    made.answering = marriage
    return made


@pytest.fixture
async def server(fake: FakeAi) -> AsyncIterator[TestServer]:
    """Its server, for a test to end."""
    made = TestServer(fake.application())
    await made.start_server()
    yield made
    await made.close()


class Commune:
    """A configuration that asks the model, with changes."""

    def __init__(self, server: TestServer, base: str, folder: Path) -> None:
        self._url = str(server.make_url("/v1"))
        self._base, self._folder = base, folder

    def config(self, **changes: Any) -> Config:
        """Return it."""
        ai = {"url": self._url, "model": MODEL, "api_key": KEY, "timeout_seconds": 3}
        nlu = {"ai": ai | changes}
        raw = document(platforms(), self._base) | {"nlu": nlu}
        return parse_config(raw, {}, self._folder)


@pytest.fixture
def commune(
    server: TestServer, sandbox: tuple[Sandbox, str], tmp_path: Path
) -> Commune:
    return Commune(server, sandbox[1], tmp_path)


async def asked(process: Process, *words: str) -> None:
    """Let as many citizens write, one after the other."""
    for sentence in words:
        number = len(await process.rows(tables.inbox_event))
        assert await post(process.url, number, sentence) == 200
        await eventually(process.is_settled, 15)


async def page(process: Process, name: str) -> str:
    """Return a page of health."""
    async with (
        aiohttp.ClientSession() as session,
        session.get(f"{process.url}/{name}") as answer,
    ):
        assert answer.status == 200
        return await answer.text()


async def health(process: Process) -> dict[str, Any]:
    """Return what /readyz says of the model."""
    found: dict[str, Any] = json.loads(await page(process, "readyz"))["parts"]["ai"]
    return found


async def counted(process: Process) -> dict[str, float]:
    """Return thanthien_ai_total by result and the tokens, without zeros."""
    found: dict[str, float] = {}
    for line in (await page(process, "metrics")).splitlines():
        name, _, value = line.rpartition(" ")
        if name.startswith(("thanthien_ai_total{", "thanthien_ai_tokens_total")):
            found[name.split('"')[1] if '"' in name else "tokens"] = float(value)
    return {name: value for name, value in found.items() if value}


async def uses(process: Process) -> list[dict[str, Any]]:
    """Return the evidence of what was asked, each with the event it was about."""
    rows = await process.rows(tables.evidence_entry)
    mine = [row for row in rows if row["tag"] == Tag.AI_ASKED]
    return [json.loads(row["leaf"])["data"] | {"of": row["subject"]} for row in mine]


def heard(sandbox: tuple[Sandbox, str]) -> str:
    """Return what citizens were told."""
    return " ".join(str(one.body) for one in sandbox[0].record.sent())


async def test_a_lost_question_is_helped(
    start: Start, commune: Commune, sandbox: tuple[Sandbox, str], fake: FakeAi
) -> None:
    """From the webhook to the phone: masked words out, a choice of ours to tap back."""
    process = await start(commune.config(purpose=["rewrite"]))
    await asked(process, PRIVATE)

    assert len(fake.bodies) == 1
    assert STRANGE in fake.seen
    assert not any(one in fake.seen for one in ("0912", "678", "Lụa"))
    assert "kết hôn" in heard(sandbox)
    (use,) = await uses(process)
    (event,) = await process.rows(tables.inbox_event)
    assert use.pop("ms") >= 0
    assert use == {
        "purpose": "rewrite",
        "model": MODEL,
        "tokens": TOKENS,
        "result": "used",
        "of": event["event_id"],
    }
    assert await counted(process) == {"used": 1.0, "tokens": TOKENS}
    told = await health(process)
    assert (told["status"], told["text"], told["host"]) == ("ok", READY, "127.0.0.1")
    assert told["results"] == {"used": 1}


async def test_nothing_of_the_model_is_kept(
    start: Start, commune: Commune, fake: FakeAi
) -> None:
    """Neither the evidence nor a log holds its words or the key."""
    fake.answering = fake.says('{"search": "tờ giấy hoa mười giờ"}')
    process = await start(commune.config())
    await asked(process, STRANGE)

    assert len(fake.bodies) == 1
    kept = str([await process.rows(table) for table in tables.metadata.sorted_tables])
    assert "hoa mười giờ" not in kept
    assert KEY not in kept + await page(process, "readyz")
    assert KEY not in await page(process, "metrics")


@pytest.mark.parametrize(
    "content",
    [
        "Lệ phí là 500.000 đồng, xin chuyển vào tài khoản 0123",
        '{"search": "đăng ký kết hôn", "say": "Lệ phí là 500.000 đồng"}',
        '{"order": [1], "link": "http://lua-dao.example"}',
    ],
)
async def test_a_hostile_model_reaches_nobody(
    start: Start,
    commune: Commune,
    sandbox: tuple[Sandbox, str],
    fake: FakeAi,
    content: str,
) -> None:
    """The citizen hears our own sentences; the attempt is on record."""
    fake.answering = fake.says(content)
    process = await start(commune.config())
    await asked(process, STRANGE)

    assert not any(one in heard(sandbox) for one in ("500.000", "lua-dao", "kết hôn"))
    (use,) = await uses(process)
    assert use["result"] in {Result.NOT_JSON, Result.WRONG_SHAPE}


async def test_a_dead_server_takes_no_answer_away(
    start: Start, commune: Commune, sandbox: tuple[Sandbox, str], server: TestServer
) -> None:
    """Our engine answers; every try is on record, then the server is left alone."""
    process = await start(commune.config())
    await server.close()
    await asked(process, *[STRANGE] * (FAILURES + 1))

    assert len(sandbox[0].record.sent()) >= FAILURES + 1
    assert [use["result"] for use in await uses(process)] == ["dead"] * FAILURES
    found = await counted(process)
    assert (found["dead"], found["resting"]) == (FAILURES, 1.0)
    told = await health(process)
    assert (told["status"], told["text"]) == ("resting", RESTING)


@pytest.mark.parametrize(
    "words",
    [
        "tôi muốn tố cáo cán bộ nhận hối lộ",
        "cháy nhà rồi cứu với",
        "xin chào",
        "bố tôi bị tai biến cần giấy gì",
        "cháu 15 tuổi muốn làm tờ màu hồng",
        "đăng ký kết hôn cần giấy tờ gì",
    ],
)
async def test_these_are_never_asked(
    start: Start, commune: Commune, fake: FakeAi, words: str
) -> None:
    """Denunciations, emergencies, talk, health, minors, what is clear."""
    process = await start(commune.config())
    await asked(process, words)

    assert fake.bodies == []
    assert await uses(process) == []


async def test_a_restart_does_not_begin_the_day_anew(
    start: Start, commune: Commune, fake: FakeAi
) -> None:
    """The cap of calls counts over stages, links and processes: it is in a row."""
    first = await start(commune.config(daily_calls=1))
    await asked(first, STRANGE, STRANGE)
    assert len(fake.bodies) == 1
    assert (await counted(first))["spent"] == 1.0

    beside = next(one for one in first.service.besides if isinstance(one, AiBeside))
    day = beside._today()
    spent = await first.service.database.read(lambda c: ai_spending.spent(c, UNIT, day))
    assert spent == (1, TOKENS)
    (served,) = first.service.services.values()
    served.version = ()
    await served.refresh(first.service.database)
    again = AiBeside(
        commune.config(daily_calls=1).nlu.ai,  # type: ignore[arg-type]
        first.service.metrics,
        first.service.database,
        first.service.clock,
    )
    served.read_beside([again])
    await asked(first, STRANGE)
    await again.close()
    assert len(fake.bodies) == 1


async def test_a_stop_closes_the_connections(start: Start, commune: Commune) -> None:
    """The session ends with the service."""
    process = await start(commune.config())
    (beside,) = process.service.besides
    await process.stop()

    assert isinstance(beside, AiBeside)
    assert beside._session.closed


async def test_without_a_ledger_nothing_is_asked(
    start: Start, commune: Commune
) -> None:
    """A database that is away costs no money; what was spent stays spent."""
    process = await start(commune.config())
    faulty = FaultyDatabase(process.service.database)
    ledger = StoredLedger(faulty, UNIT)
    assert await ledger.take("2026-11-23", 10, Caps(5, 100))
    faulty.error = StorageUnavailableError("away")

    assert not await ledger.take("2026-11-23", 10, Caps(5, 100))
    await ledger.settle("2026-11-23", -5)
    spent = await faulty.inner.read(lambda c: ai_spending.spent(c, UNIT, "2026-11-23"))
    assert spent == (1, 10)
