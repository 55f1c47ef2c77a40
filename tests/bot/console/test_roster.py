"""Can the roster be kept with a finger: shifts, leave, swaps, files, the sheet?"""

from __future__ import annotations

import io
import re

import aiohttp
from openpyxl import load_workbook

from handlers.staff.permissions import Role
from storage.tables import roster_shift, staff_leave
from tests.bot.console.support import Desk, Visitor

DAY = "2026-11-24"
SHIFT = f"/console/roster/shift?day={DAY}&part=sang&channel=hotline&field=any"


def hidden(text: str, name: str) -> str:
    """Return the value of a hidden field."""
    found = re.search(rf'name="{name}" value="([^"]*)"', text)
    assert found is not None, text[:1500]
    return found[1]


async def give(browser: Visitor, holder: str, **more: str) -> str:
    """Give the morning of the hotline to somebody; return the page that follows."""
    form = await browser.get(SHIFT)
    told = {"csrf": form.csrf, "seen": hidden(form.text, "seen"), "day": DAY}
    told |= {"part": "sang", "channel": "hotline", "field": "any", "holder": holder}
    return (await browser.send("/console/roster/shift", told | more)).text


async def test_a_duty_is_given_seen_and_taken_out(desk: Desk) -> None:
    """What the head writes, everybody sees; only the head has the form."""
    head, officer = await desk.as_role(Role.HEAD), await desk.as_role(Role.OFFICER)
    assert "điều cần xem" in (await head.get("/console/roster")).text
    page = await give(head, "officer", deputy="head", until="2026-11-26")
    assert page.count("Trần Văn Cán") >= 3
    seen = await officer.get(f"/console/roster?day={DAY}")
    assert "thay: Lê Thị Chánh" in seen.text
    assert "/console/roster/shift" not in seen.text
    assert "Trần Văn Cán" in (await officer.get("/console/roster?view=month")).text
    form = await head.get(SHIFT)
    told = {"day": DAY, "part": "sang", "channel": "hotline", "csrf": form.csrf}
    await head.send("/console/roster/clear", told)

    assert len(await desk.rows(roster_shift)) == 2


async def test_a_duty_that_cannot_be_keeps_what_was_chosen(desk: Desk) -> None:
    """Yesterday, nobody, the same person twice; and who was second is told."""
    head = await desk.as_role(Role.HEAD)
    await desk.hire("officer", Role.OFFICER)
    for who, more in (
        ("officer", {"day": "2026-11-20"}),
        ("", {}),
        ("officer", {"deputy": "officer"}),
    ):
        page = await give(head, who, **more)
        assert 'role="alert"' in page
        assert "thanthien" not in page.partition('role="alert"')[2][:600]
    form = await head.get(SHIFT)
    await give(head, "head")
    told = {"csrf": form.csrf, "seen": "", "day": DAY, "part": "sang"}
    told |= {"channel": "hotline", "holder": "officer"}
    late = await head.send("/console/roster/shift", told)
    assert late.status == 409


async def test_leave_of_ones_own_and_of_nobody_else(desk: Desk) -> None:
    """An officer records own leave, and hears which duties are left to others."""
    head, officer = await desk.as_role(Role.HEAD), await desk.as_role(Role.OFFICER)
    await give(head, "officer")
    page = "/console/roster/leave"
    own = await officer.post(page, {"first": DAY})
    assert "Còn 1 ca cần người trực" in own.text
    other = await officer.post(page, {"first": DAY, "staff": "head"})
    assert other.status == 400
    assert "dành cho chính người liên quan" in other.text
    bad = await officer.post(page, {"first": "32/13/2026"})
    assert "32/13/2026" in bad.text
    told = {"id": hidden(own.text, "id"), "csrf": own.csrf}
    await officer.send("/console/roster/leave/withdraw", told)

    assert await desk.rows(staff_leave) == []


async def test_a_swap_is_asked_and_taken(desk: Desk) -> None:
    """The duty changes hands when the colleague says yes, and not before."""
    head = await desk.as_role(Role.HEAD)
    first = await desk.as_role(Role.OFFICER, "mot")
    second = await desk.as_role(Role.OFFICER, "hai")
    await give(head, "mot")
    page = "/console/roster/swaps"
    shift = (await desk.rows(roster_shift))[0]["shift_id"]
    asked = await first.post(page, {"shift": shift, "asked": "hai"})
    assert "Rút lời nhờ" in asked.text
    waiting = await second.get(page)
    told = {"id": hidden(waiting.text, "id"), "csrf": waiting.csrf, "answer": "yes"}
    done = await second.send("/console/roster/swaps/settle", told)
    again = await second.send("/console/roster/swaps/settle", told)

    assert "đã nhận" in done.text
    assert again.status == 400
    assert (await desk.rows(roster_shift))[0]["holder"] == "hai"


async def test_a_spreadsheet_is_looked_at_then_written(desk: Desk) -> None:
    """Refused lines are named; the export is the same table; the sheet is proved."""
    head = await desk.as_role(Role.HEAD)
    lines = f"Ngày;Buổi;Người trực\n{DAY};Sáng;head\n{DAY};Chiều;ai do\n"
    form = aiohttp.FormData()
    form.add_field("csrf", (await head.get("/console/roster/files")).csrf)
    form.add_field("file", lines.encode(), filename="truc.csv")
    shown = await head.send("/console/roster/files", form)
    assert "Dòng 3" in shown.text
    assert await desk.rows(roster_shift) == []
    told = {"csrf": shown.csrf, "parcel": hidden(shown.text, "parcel")}
    assert "thêm 1" in (await head.send("/console/roster/files/put", told)).text
    async with head.http.get(f"{desk.base}/console/roster/export.xlsx") as answer:
        book = load_workbook(io.BytesIO(await answer.read()))
    assert [c.value for c in list(book.worksheets[0].rows)[1]][4] == "head"
    sheet = await head.post("/console/roster/sheet", page="/console/roster/files")
    assert "Lê Thị Chánh" in sheet.text
    assert "attachment" in sheet.headers["Content-Disposition"]


async def test_the_standby_and_odd_addresses(desk: Desk) -> None:
    """The chain is written in order; nonsense in the address is today."""
    head = await desk.as_role(Role.HEAD)
    await desk.hire("officer", Role.OFFICER)
    chain = [("standby", "head"), ("standby", ""), ("standby", "officer")]
    page = await head.post("/console/roster/standby", chain, page="/console/roster")
    assert "Lê Thị Chánh → Trần Văn Cán" in page.text
    for odd in ("day=abc", "day=9999-12-31", "day=0001-01-01&view=month", "view=x"):
        assert (await head.get(f"/console/roster?{odd}")).status == 200
    assert (await head.get("/console/roster/shift?day=x&part=y")).status == 400
