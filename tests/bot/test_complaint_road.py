"""Does a complaint lie in one place only, reach the citizen's hand, and then go?"""

from __future__ import annotations

import io
import re
from collections.abc import AsyncIterator, Mapping

import aiohttp
import pypdfium2  # type: ignore[import-untyped]  # it has no stubs
import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer
from docx import Document
from structlog.testing import capture_logs

from bot.complaint_papers import LIFE, paper_id
from bot.public.complaint_page import ComplaintPages
from storage import complaint_papers, people, tables
from storage.sqlite import SqliteDatabase
from tests.bot.conftest import Build
from tests.bot.sealed_road import MARK, entries, found_in, hears, keys_of, writes
from tests.bot.support import UNIT, Road, World, eventually
from tests.handlers.citizen.complaint.asking import ANSWERS

BEGUN = ("#menu:khieunai", "#don:begin")
STORY = f"Quyet dinh so 12 tra ho so cua toi {MARK}"
UPTO_STORY = (*BEGUN, *list(ANSWERS.values())[:5], STORY)
WHOLE = (*UPTO_STORY, *list(ANSWERS.values())[6:])


@pytest.fixture
async def road(sqlite_database: SqliteDatabase, build: Build) -> Road:
    """A road whose commune writes complaints with people."""
    made = await build(sqlite_database, respond=hears)
    await made.start()
    return made


@pytest.fixture
async def pages(road: Road) -> ComplaintPages:
    """The pages, not served yet."""
    return ComplaintPages(road.units, road.database, road.clock)


@pytest.fixture
async def url(pages: ComplaintPages) -> AsyncIterator[str]:
    """The address of a server of these pages."""
    app = web.Application()
    pages.add_routes(app)
    async with TestServer(app) as server:
        yield str(server.make_url("/don-khieu-nai/"))


async def handled(road: Road, *texts: str) -> None:
    """Let LANH write, each time after the last was handled."""
    for text in texts:
        await writes(road, text)
        await eventually(road.is_inbox_done)


async def with_mark(road: Road) -> set[str]:
    """Return the tables that tell it, to whoever has all keys but the sealed one."""
    return await road.database.inner.read(lambda c: found_in(c, keys_of(c, road)))


async def secret_of(world: World) -> str:
    """Return the secret that the citizen was sent."""

    def found() -> str:
        said = " ".join(text for _, text in world.sent())
        match = re.search(r"/don-khieu-nai/([0-9a-f]{32})", said)
        return match[1] if match else ""

    return str(await eventually(found))


async def get(address: str) -> tuple[int, bytes, Mapping[str, str]]:
    """Fetch a page."""
    async with aiohttp.ClientSession() as session, session.get(address) as answer:
        return answer.status, await answer.read(), answer.headers


async def post(address: str) -> int:
    """Press a button."""
    async with aiohttp.ClientSession() as session, session.post(address) as answer:
        return answer.status


async def test_while_it_is_told_it_lies_in_the_draft_alone(road: Road) -> None:
    """No item, no raw body, no lesson: nobody reads it before it is handed in."""
    await handled(road, *UPTO_STORY)

    assert await with_mark(road) == {"conversation"}
    assert await road.rows(tables.case_record, kind="khieu_nai") != []
    assert await road.rows(tables.handover) == []


async def test_the_paper_is_fetched_by_its_link(
    road: Road, world: World, url: str
) -> None:
    """PDF and Word hold the words; the page, which platforms fetch, holds none."""
    await handled(road, *WHOLE, "#don:send")
    address = url + await secret_of(world)
    status, page, headers = await get(address)
    _, pdf, _ = await get(f"{address}/don-khieu-nai.pdf")
    _, docx, saved = await get(f"{address}/don-khieu-nai.docx")

    assert status == 200
    assert MARK.encode() not in page
    assert ANSWERS["name"].encode() not in page
    assert headers["Cache-Control"] == "no-store"
    assert "noindex" in headers["X-Robots-Tag"]
    assert headers["Referrer-Policy"] == "no-referrer"
    assert MARK in pypdfium2.PdfDocument(pdf)[0].get_textpage().get_text_range()
    read = Document(io.BytesIO(docx)).paragraphs
    assert any(MARK in one.text for one in read)
    assert "attachment" in saved["Content-Disposition"]


async def test_it_goes_on_request_or_after_seven_days(
    road: Road, world: World, url: str, pages: ComplaintPages
) -> None:
    """A link too old leads nowhere even before the sweep, which then deletes."""
    await handled(road, *WHOLE, "#don:send")
    address = url + await secret_of(world)
    road.clock.advance(ms=round(LIFE.total_seconds() * 1000) + 1000)
    status, page, _ = await get(address)
    assert status == 410
    assert "không còn ở đây" in page.decode()
    assert len(await road.rows(tables.vault_item, kind=complaint_papers.KIND)) == 1

    assert await pages.sweep() == 1
    assert await road.rows(tables.vault_item, kind=complaint_papers.KIND) == []


async def test_the_citizen_may_delete_it_at_once(
    road: Road, world: World, url: str
) -> None:
    """After that there is nothing, under any of the addresses."""
    await handled(road, *WHOLE, "#don:send")
    address = url + await secret_of(world)

    assert await post(f"{address}/xoa") == 200
    assert await road.rows(tables.vault_item, kind=complaint_papers.KIND) == []
    for rest in ("", "/don-khieu-nai.pdf", "/don-khieu-nai.docx"):
        assert (await get(f"{address}{rest}"))[0] == 410


async def test_an_erasure_takes_it(road: Road, world: World, url: str) -> None:
    """It is an item of the person's vault, so key and bytes go."""
    await handled(road, *WHOLE, "#don:send")
    address = url + await secret_of(world)
    (person,) = await road.rows(tables.person)
    person_id = person["person_id"]
    await road.database.write(lambda c: people.erase(c, UNIT, person_id, 1))

    assert (await get(f"{address}/don-khieu-nai.pdf"))[0] == 410


async def test_the_secret_stands_in_no_column_and_no_log(
    road: Road, world: World, url: str
) -> None:
    """Only the message to the citizen has it; a fault of ours does not log it."""
    await handled(road, *WHOLE, "#don:send")
    secret = await secret_of(world)
    (item,) = await road.rows(tables.vault_item, kind=complaint_papers.KIND)
    damaged = {"sealed": b"x" * 64, "item_id": item["item_id"]}
    await road.database.write(
        lambda c: c.execute(
            tables.vault_item.update()
            .values(**damaged)
            .where(tables.vault_item.c.item_id == item["item_id"])
        )
    )
    with capture_logs() as logs:
        status, said, _ = await get(f"{url}{secret}/don-khieu-nai.pdf")

    assert (status, secret in str(logs)) == (503, False)
    assert "xin lỗi" in said.decode()
    assert item["item_id"] == paper_id(road.ring.unit(UNIT), secret)
    assert secret not in str(item)


async def test_a_guessed_secret_leads_nowhere(url: str) -> None:
    """A page that says so kindly; other shapes are no address."""
    assert (await get(f"{url}{'0' * 32}"))[0] == 410
    assert (await get(f"{url}quen"))[0] == 404


async def test_what_was_told_moves_when_it_is_a_denunciation(road: Road) -> None:
    """The draft goes to the sealed queue, whole, and is nowhere else."""
    await handled(road, *UPTO_STORY, f"toi to cao ong ay {MARK}")

    (entry,) = await entries(road)
    assert STORY in entry.lines[0].text
    assert ANSWERS["accused"] in entry.lines[0].text
    assert await with_mark(road) == set()
