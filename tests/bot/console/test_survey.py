"""Are opinions counted, their words read by few, and posters made for counters?"""

from __future__ import annotations

import re
from html import unescape

import pytest

from handlers.staff.permissions import Role
from storage.tables import evidence_entry
from tests.bot.console.support import Answer, Desk
from tests.handlers.staff.reports.made import code, fill

PAGE = re.compile(r'name="page" value="([^"]+)"')
LINK = re.compile(
    r'href="(/console/surveys/answers[^"]+)">(?:<span>.*?<strong>)?(\d+)<'
)
COUNT = re.compile(r'<caption>[^<]*<span class="small">\((\d+)\)')
WORDS = "Cán bộ <hướng dẫn> rõ"


@pytest.fixture
async def autumn(desk: Desk) -> Desk:
    """The invented autumn, and one answer with words by the front door."""
    await desk.service.database.write(lambda c: fill(c, desk.house.ids))
    citizen = desk.browser()
    page = PAGE.search((await citizen.get("/khao-sat/quay-3")).text)
    assert page is not None
    told = {"score": "4", "words": WORDS, "page": page[1]}
    assert (await citizen.send("/khao-sat/quay-3", told)).status == 200
    return desk


async def test_each_number_opens_as_many_answers(autumn: Desk) -> None:
    """Of November's three answers two were satisfied, two came from counters."""
    leader = await autumn.as_role(Role.LEADER)
    page = await leader.get("/console/surveys?period=2026-11")
    links = {unescape(url): number for url, number in LINK.findall(page.text)}

    assert "66,7 %" in page.text
    assert "Quầy số 3" in page.text
    assert len(links) > 8
    for url, number in links.items():
        assert COUNT.findall((await leader.get(url)).text) == [number], url


async def test_words_are_read_by_who_works_on_cases_and_proven(autumn: Desk) -> None:
    """A leader reads them, escaped; an auditor sees only that there are some."""
    address = "/console/surveys/answers?from=2026-11-01&to=2026-11-30"
    auditor = await autumn.as_role(Role.AUDITOR)
    page = await auditor.get(address)
    assert page.status == 200
    assert "hướng dẫn" not in page.text
    assert f"/console/cases/{code(1)}" not in page.text
    assert "staff:rating:read" not in await _tags(autumn)
    leader = await autumn.as_role(Role.LEADER)
    page = await leader.get(address)
    assert "Cán bộ &lt;hướng dẫn&gt; rõ" in page.text
    assert (await _tags(autumn)).count("staff:rating:read") == 1
    path = address.replace("answers?", "answers/export.csv?")
    file = await leader.get(path)
    assert "hướng dẫn" not in file.text
    assert "Quầy số 3" in file.text


async def test_posters_hold_the_address_and_only_known_counters(autumn: Desk) -> None:
    """A QR code for each counter that exists, with its address to read."""
    head = await autumn.as_role(Role.HEAD)
    page = await head.get("/console/surveys/posters?quay=quay-1&quay=mot-cua&quay=x")

    assert page.text.count('role="img"') == 2
    assert f"{autumn.base}/khao-sat/quay-1" in page.text
    assert "khao-sat/x" not in page.text


async def test_the_head_names_the_counters(autumn: Desk) -> None:
    """A new counter has a poster and a page, one taken away none; old names stay."""
    head = await autumn.as_role(Role.HEAD)
    url = "/console/surveys/counters"

    async def say(**told: str) -> Answer:
        page = await head.get(url)
        seen = page.text.partition('name="seen" value="')[2].partition('"')[0]
        return await head.post(url, {"seen": seen} | told, page=url)

    assert "Hộ tịch tầng 2" in (await say(name=" Hộ tịch  tầng 2 ")).text
    for name in ("hộ TỊCH tầng 2", "x", "?" * 61):
        assert (await say(name=name)).status == 400
    await say(code="quay-3", name="Nhà đất và xây dựng")
    posters = await head.get("/console/surveys/posters?quay=ho-tich-tang-2")
    assert f"{autumn.base}/khao-sat/ho-tich-tang-2" in posters.text
    assert "Nhà đất và xây dựng" in (await head.get("/khao-sat/quay-3")).text
    await say(code="quay-3", do="drop")
    assert (await head.get("/khao-sat/quay-3")).status == 404
    leader = await autumn.as_role(Role.LEADER)
    page = await leader.get("/console/surveys?period=2026-11")
    assert "Nhà đất và xây dựng" in page.text
    await say(code="quay-3", do="again")
    assert (await head.get("/khao-sat/quay-3")).status == 200
    assert (
        await head.post(url, {"seen": "", "name": "Quầy cũ"}, page=url)
    ).status == 409
    assert "staff:counters:changed" in await _tags(autumn)


async def _tags(desk: Desk) -> list[str]:
    return [row["tag"] for row in await desk.rows(evidence_entry)]
