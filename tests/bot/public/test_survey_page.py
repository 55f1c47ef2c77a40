"""Can somebody at a counter say how it was, once, in peace, without a name?"""

from __future__ import annotations

import json
import re
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, cast

import aiohttp
import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer

from bot.public.survey_page import FROM_ONE, SurveyPages
from bot.runtime import UnitRuntime
from handlers.staff.reports.counters import choices, name_of
from storage.database import Database
from storage.keys import KeyRing
from storage.tables import evidence_entry, survey_answer, vault_item
from storage.vault import Vault
from tests.bot.support import Holder
from tests.conftest import FakeClock

UNIT = "thanh-ha"
PAGE = re.compile(r'name="page" value="([^"]+)"')


@dataclass(slots=True)
class Counter:
    """The page of a counter on a server, and what it wrote."""

    url: str
    http: aiohttp.ClientSession
    database: Database

    async def page(self, path: str = "quay-1") -> tuple[int, str]:
        """Open the question."""
        async with self.http.get(self.url + path) as answer:
            return answer.status, await answer.text()

    async def mark(self) -> str:
        """Return what a fresh page carries."""
        found = PAGE.search((await self.page())[1])
        assert found is not None
        return found[1]

    async def send(self, path: str = "quay-1", **told: str) -> tuple[int, str]:
        """Send an answer."""
        async with self.http.post(self.url + path, data=told) as answer:
            return answer.status, await answer.text()

    async def from_outside(self, address: str = "203.0.113.9") -> int:
        """Send an answer through the web server in front; return the status."""
        told = {"score": "1", "page": await self.mark()}
        headers = {"X-Forwarded-For": address}
        async with self.http.post(
            self.url + "quay-1", data=told, headers=headers
        ) as answer:
            return answer.status

    async def rows(self, table: Any) -> list[dict[str, Any]]:
        """Return all rows of a table."""
        return await self.database.read(
            lambda c: [dict(row) for row in c.execute(table.select()).mappings()]
        )


@pytest.fixture
async def counter(
    sqlite_database: Database, ring: KeyRing, clock: FakeClock
) -> AsyncIterator[Counter]:
    """The page of one commune."""
    vault = Vault(UNIT, ring.unit(UNIT))
    unit = UnitRuntime(UNIT, vault, cast("Any", Holder(UNIT)), {})
    app = web.Application()
    SurveyPages({UNIT: unit}, sqlite_database, clock).add_routes(app)
    async with TestServer(app) as server, aiohttp.ClientSession() as http:
        yield Counter(str(server.make_url("/khao-sat/")), http, sqlite_database)


async def test_a_score_with_words_is_kept_sealed_and_proven(counter: Counter) -> None:
    """The score is a number of nobody; the words open only with their own key."""
    words = "Chờ <lâu> quá, nhưng cán bộ nhiệt tình"
    status, text = await counter.send(score="2", words=words, page=await counter.mark())
    assert status == 200
    assert "xin lỗi và xin ghi nhận" in text
    (row,) = await counter.rows(survey_answer)
    assert (row["kind"], row["counter"], row["score"]) == ("counter", "quay-1", 2)
    (item,) = await counter.rows(vault_item)
    assert "nhiệt tình".encode() not in item["sealed"]
    assert (item["item_id"], item["person_id"]) == (row["item_id"], row["person_id"])
    leaves = [json.loads(one["leaf"]) for one in await counter.rows(evidence_entry)]
    assert sorted(leaf["tag"] for leaf in leaves) == [
        "citizen:rating:explained",
        "citizen:rating:given",
    ]
    assert not any("nhiệt tình" in json.dumps(leaf) for leaf in leaves)


async def test_a_page_is_good_for_one_answer(counter: Counter) -> None:
    """Sent twice it counts once, and the first answer stands."""
    mark = await counter.mark()
    for score in ("5", "1"):
        status, _ = await counter.send(score=score, page=mark)
        assert status == 200
    rows = await counter.rows(survey_answer)

    assert [row["score"] for row in rows] == [5]
    assert rows[0]["person_id"] is None
    assert len(await counter.rows(evidence_entry)) == 1


async def test_what_is_wrong_is_asked_again_with_words_kept(
    counter: Counter, clock: FakeClock
) -> None:
    """No face, a page of another counter, an invented or an old one: nothing counts."""
    mark = await counter.mark()
    status, text = await counter.send(words="đừng mất <lời> này", page=mark)
    assert status == 400
    assert "đừng mất &lt;lời&gt; này" in text
    assert (await counter.send("quay-2", score="5", page=mark))[0] == 400
    for page in ("", "x", "1.2.3", "ü.ü.ü"):
        assert (await counter.send(score="5", page=page))[0] == 400
    clock.advance(timedelta(hours=13))
    status, text = await counter.send(score="5", page=mark)
    assert status == 400
    assert 'value="5" required checked' in text
    assert await counter.rows(survey_answer) == []


async def test_bytes_that_are_no_form_are_told_kindly(counter: Counter) -> None:
    """Too much, or a broken form: the question again, and no fault of ours."""
    broken = {"Content-Type": "multipart/form-data; boundary=x"}
    for data, headers, wanted in (
        (b"words=" + b"a" * 20_000, {}, 413),
        (b"\xff\xfe", broken, 400),
    ):
        plain = {"Content-Type": "application/x-www-form-urlencoded"} | headers
        async with counter.http.post(
            counter.url + "quay-1", data=data, headers=plain
        ) as answer:
            assert answer.status == wanted
            assert "Chưa đọc được" in await answer.text()


async def test_one_address_cannot_fill_the_box(
    counter: Counter, clock: FakeClock
) -> None:
    """After so many in ten minutes one waits; then it goes on."""
    for _ in range(FROM_ONE):
        assert await counter.from_outside() == 200
    assert await counter.from_outside() == 429
    assert await counter.from_outside("203.0.113.10") == 200
    clock.advance(timedelta(minutes=10))
    assert await counter.from_outside() == 200


async def test_the_page_needs_nothing_and_keeps_nothing(counter: Counter) -> None:
    """No script, no cookie, five labelled faces."""
    async with counter.http.get(counter.url + "quay-1") as answer:
        text = await answer.text()
        assert "Set-Cookie" not in answer.headers
        assert answer.headers["Cache-Control"] == "no-store"
        assert "form-action 'self'" in answer.headers["Content-Security-Policy"]
    assert "<script" not in text
    assert text.count('type="radio"') == 5


async def test_only_known_counters_are_there(counter: Counter) -> None:
    """A code that is no counter's gets a kind 404; all of the list have names."""
    for path in ("quay-0", "quay-21", "quay-%3Cb%3E", "x", "quay-1?xa=khac"):
        status, text = await counter.page(path)
        assert status == 404, path
        assert "Dạ, xin lỗi" in text
    assert name_of("quay-ho-tich") == "Quầy Hộ tịch"
    assert name_of("quay-ho_tich") is None
    assert len({code for code, _ in choices()}) == len(choices()) > 40
