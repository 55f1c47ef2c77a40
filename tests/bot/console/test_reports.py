"""Does every figure of a report open a list of its own length, on page and in file?"""

from __future__ import annotations

import csv
import io
import re
from html import unescape

import pytest

from handlers.staff.permissions import Role
from tests.bot.console.support import Desk, Visitor
from tests.handlers.staff.reports.made import code, fill

FIGURE = re.compile(
    r'<td role="cell" class="number"[^>]*>'
    r'<a href="(/console/reports/(?:entries|procedures)[^"]+)">(\d+)</a>'
)
COUNT = re.compile(r'<caption>[^<]*<span class="small">\((\d+)\)')


@pytest.fixture
async def leader(desk: Desk) -> Visitor:
    """Somebody of the leaders, on the invented autumn."""
    await desk.service.database.write(lambda c: fill(c, desk.house.ids))
    return await desk.as_role(Role.LEADER)


async def test_each_figure_opens_as_many_lines(leader: Visitor) -> None:
    """The list behind a number has that number of lines, in every table."""
    page = await leader.get("/console/reports?period=2026-Q4")
    found = {unescape(url): int(text) for url, text in FIGURE.findall(page.text)}

    assert page.status == 200
    assert len(found) > 15
    for url, number in found.items():
        listed = await leader.get(url)
        assert listed.status == 200, url
        assert COUNT.findall(listed.text) == [str(number)], url


async def test_what_is_sealed_is_in_no_figure(leader: Visitor) -> None:
    """Neither the page nor any file names its kind or counts it."""
    for path in ("", "/export.csv", "/entries?from=2026-11-18&to=2026-11-18"):
        text = (await leader.get(f"/console/reports{path}")).text
        assert "tố cáo" not in text.lower(), path
    listed = await leader.get("/console/reports/entries?from=2026-11-18&to=2026-11-18")
    assert COUNT.findall(listed.text) == ["1"]


async def test_files_say_what_the_page_says(leader: Visitor) -> None:
    """One line a figure, with names instead of codes."""
    file = await leader.get("/console/reports/export.csv?period=2026-11")
    rows = list(csv.reader(io.StringIO(file.text.removeprefix("\ufeff"))))

    assert ["Chung", "tháng 11/2026", "Tiếp nhận", "4"] in rows
    assert ["Theo kênh", "Facebook", "Quá hạn", "1"] in rows
    assert "bao-cao-2026-11.csv" in file.headers["Content-Disposition"]
    listed = await leader.get(
        "/console/reports/entries/export.csv?figure=late&from=2026-11-01&to=2026-11-30"
    )
    assert code(2) in listed.text
    assert code(1) not in listed.text


async def test_nonsense_in_an_address_is_told_kindly(leader: Visitor) -> None:
    """No period, no day, no figure breaks a page."""
    asked = {
        "?period=2026-13": 400,
        "?period=x": 400,
        "/entries?figure=x&by=y": 200,
        "/entries?from=x": 404,
        "/entries?from=2026-12-01&to=2026-11-01": 404,
        "/export.exe": 404,
    }
    for path, status in asked.items():
        assert (await leader.get(f"/console/reports{path}")).status == status, path


async def test_an_auditor_sees_figures_and_opens_no_case(desk: Desk) -> None:
    """Times and codes, without a way to anybody's words."""
    await desk.service.database.write(lambda c: fill(c, desk.house.ids))
    auditor = await desk.as_role(Role.AUDITOR)
    listed = await auditor.get("/console/reports/entries?figure=open")

    assert code(4) in listed.text
    assert "/console/cases/" not in listed.text


async def test_online_results_are_entered_published_and_proven(desk: Desk) -> None:
    """The head enters a month; wrong numbers stay on the page, a stale form is told."""
    head, path = await desk.as_role(Role.HEAD), "/console/reports/online"
    page = f"{path}?period=2026-10"
    told = {"received": "1.200", "online": "900", "finished": "1100", "in_time": "1095"}
    sent = {"period": "2026-10", "version": "0"} | told
    wrong = await head.post(path, sent | {"online": "1300"}, page=page)
    assert wrong.status == 400
    assert 'value="1300"' in wrong.text
    done = await head.post(path, sent, page=page)
    assert "75 %" in done.text
    assert "99,5 %" in done.text
    stale = await head.post(path, sent, page=page)
    assert stale.status == 409
    assert "1.200" in stale.text
    sheet = "/console/reports/published"
    where = {"period": "2026-10", "place": "board"}
    shown = await head.post(sheet, where, page=f"{sheet}?period=2026-10")
    assert "Niêm yết tại trụ sở" in shown.text
    empty = {"period": "2026-09", "place": "board"}
    refused = await head.post(sheet, empty, page=f"{sheet}?period=2026-10")
    assert refused.status == 400
    quarter = await head.get(f"{sheet}?period=2026-Q4")
    assert "Cả kỳ" in quarter.text


async def test_only_the_head_enters_results(desk: Desk) -> None:
    """A leader reads them."""
    leader = await desk.as_role(Role.LEADER)
    page = await leader.get("/console/reports/online")

    assert page.status == 200
    assert "Chánh văn phòng là người nhập" in page.text
