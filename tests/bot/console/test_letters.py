"""Do the pages of letters write, show, approve and stop as their people may?"""

from __future__ import annotations

import io
import re
import zipfile
from typing import Any

import aiohttp

from handlers.staff.permissions import Role
from storage import apologies
from storage.tables import case_record, letter, person
from tests.bot.console.support import UNIT, Desk, Visitor

NEW = "/console/letters/new/ket_hon"
COUPLE = {"chong": "Nguyễn Văn Tám", "vo": "Trần Thị Lụa", "ngay": "20/11/2026"}
MARK = re.compile(r'name="mark" value="(\d+)"')


async def draft(browser: Visitor) -> str:
    """Keep a wedding letter; return where it is shown."""
    answer = await browser.post(NEW, COUPLE | {"keep": "1"})
    assert answer.status == 200, answer.text
    return f"/console{answer.url.partition('/console')[2]}"


async def act(browser: Visitor, url: str, step: str) -> int:
    """Take a step on the page of a letter; return the status."""
    page = await browser.get(url)
    found = MARK.search(page.text)
    mark = found[1] if found else "1"
    answer = await browser.post(f"{url}/{step}", {"mark": mark}, page=url)
    return answer.status


async def test_a_letter_is_written_checked_and_approved(desk: Desk) -> None:
    """An officer writes, the leader approves in the queue, the register has it."""
    officer, leader = await desk.as_role(Role.OFFICER), await desk.as_role(Role.LEADER)
    url = await draft(officer)
    page = await officer.get(url)
    assert "Trần Thị Lụa" in page.text
    assert "Trình duyệt" in page.text
    assert await act(officer, url, "write/check") == 200
    queue = await leader.get("/console/letters/approve")
    wanted = re.search(r'name="letter" value="([^"]+)"', queue.text)
    assert wanted is not None
    done = await leader.post("/console/letters/approve", {"letter": wanted[1]})
    assert "đã duyệt và ký 1 thư" in done.text
    book = await leader.get("/console/letters/book")
    assert "1/2026" in book.text
    assert "Phạm Văn Lãnh" in book.text
    assert await act(officer, url, "schedule") == 200
    assert [row["state"] for row in await desk.rows(letter)] == ["scheduled"]


async def test_what_was_typed_stays_when_something_is_missing(desk: Desk) -> None:
    """A missing name is told on the form, which keeps the other one."""
    officer = await desk.as_role(Role.OFFICER)
    answer = await officer.post(NEW, {"chong": "Nguyễn Văn Tám", "keep": "1"})
    assert answer.status == 400
    assert "thiếu dữ liệu bắt buộc" in answer.text
    assert 'value="Nguyễn Văn Tám"' in answer.text
    assert await desk.rows(letter) == []


async def test_the_preview_keeps_nothing_and_hides_names_in_its_address(
    desk: Desk,
) -> None:
    """Words, check and picture are shown; no row, and no name in an address."""
    officer = await desk.as_role(Role.OFFICER)
    answer = await officer.post(NEW, COUPLE | {"look": "1"})
    found = re.search(r'src="(/console/letters/preview.png\?t=[^"]+)"', answer.text)
    assert found is not None
    assert "Câu chữ, xưng hô đều đạt" in answer.text
    assert (await officer.get(found[1])).headers["Content-Type"] == "image/png"
    assert (await officer.get(found[1][:-8])).status == 404
    assert await desk.rows(letter) == []
    other = await desk.as_role(Role.HEAD)
    assert (await other.get(found[1])).status == 404


async def test_an_old_page_is_told_so(desk: Desk) -> None:
    """Who approves what was edited meanwhile gets 409 and a way to the newest."""
    officer, leader = await desk.as_role(Role.OFFICER), await desk.as_role(Role.LEADER)
    url = await draft(officer)
    await act(officer, url, "write/check")
    seen = await leader.get(url)
    mark = MARK.search(seen.text)
    assert mark is not None
    form = await officer.get(f"{url}/edit")
    now = MARK.search(form.text)
    assert now is not None
    told = COUPLE | {"ngay": "21/11/2026", "mark": now[1], "keep": "1"}
    assert (await officer.post(f"{url}/edit", told)).status == 200
    late = await leader.post(f"{url}/lead/approve", {"mark": mark[1]}, page=url)
    assert late.status == 409
    assert url in late.text


async def test_condolence_asks_for_a_second_look(desk: Desk) -> None:
    """Without the tick it is kept back on the form, with it a draft is made."""
    officer = await desk.as_role(Role.OFFICER)
    dead = {"nguoi_mat": "Lê Văn Thọ", "tuoi": "85", "keep": "1"}
    path = "/console/letters/new/chia_buon"
    assert (await officer.post(path, dead)).status == 400
    assert (await officer.post(path, dead | {"sure": "1"})).status == 200
    assert len(await desk.rows(letter)) == 1


async def test_the_leader_stops_celebration(desk: Desk) -> None:
    """The list says so to everybody, and only the leader has the switch."""
    leader, officer = await desk.as_role(Role.LEADER), await desk.as_role(Role.OFFICER)
    page = "/console/letters"
    answer = await leader.post(f"{page}/stop", {"stop": "1"}, page=page)
    assert "đã dừng mọi lời chúc mừng" in answer.text
    seen = await officer.get(page)
    assert "đang dừng mọi lời chúc mừng" in seen.text
    assert "/console/letters/stop" not in seen.text


async def test_papers_and_templates_open(desk: Desk) -> None:
    """PDF and picture of a letter, the kinds and their trial, the book as a file."""
    officer = await desk.as_role(Role.OFFICER)
    url = await draft(officer)
    types = [
        (await officer.get(f"{url}/{name}")).headers["Content-Type"]
        for name in ("letter.pdf", "card.png")
    ]
    assert types == ["application/pdf", "image/png"]
    tried = await officer.get("/console/letters/templates?try=chia_buon")
    assert "đạt mọi trường hợp thử" in tried.text
    book = await officer.get("/console/letters/book/export.csv")
    assert book.status == 200
    assert (await officer.get("/console/letters/one/khong-co")).status == 404


async def _signed(desk: Desk, officer: Visitor) -> str:
    leader = await desk.as_role(Role.LEADER)
    url = await draft(officer)
    await act(officer, url, "write/check")
    await act(leader, url, "lead/approve")
    await act(officer, url, "schedule")
    return url


async def test_a_letter_goes_on_paper_and_its_receipt_is_noted(desk: Desk) -> None:
    """The parcel holds the sheet and the letter; then it was handed over."""
    officer = await desk.as_role(Role.OFFICER)
    url = await _signed(desk, officer)
    page = "/console/letters/print"
    wanted = {"letter": url.rpartition("/")[2]}
    shown = await officer.get(page)
    data = [("csrf", shown.csrf), *wanted.items()]
    async with officer.http.post(officer.base + page, data=data) as answer:
        box = zipfile.ZipFile(io.BytesIO(await answer.read()))
    assert box.namelist() == ["00-so-giao-nhan.pdf", "01-thu-so-1.pdf"]
    assert all(box.read(name).startswith(b"%PDF") for name in box.namelist())
    assert await act(officer, url, "write/handed") == 200
    assert [row["state"] for row in await desk.rows(letter)] == ["delivered"]


async def test_an_overdue_case_gets_its_apology_once(desk: Desk) -> None:
    """The proposal fills in code and old date, and goes from the list when written."""
    officer = await desk.as_role(Role.OFFICER)
    code = await _overdue(desk)
    chosen = await officer.get("/console/letters/new")
    assert code in chosen.text
    path = f"/console/letters/new/xin_loi_qua_han?case={code}"
    form = await officer.get(path)
    assert f'value="{code}"' in form.text
    told = {
        "ten": "Nguyễn Văn Tám",
        "ma_hs": code,
        "ly_do": "hệ thống gặp sự cố",
        "ngay_hen_moi": "30/11/2026",
        "cong_chuc": "Trần Văn Cán",
        "case": code,
        "keep": "1",
    }
    assert (await officer.post(path.partition("?")[0], told)).status == 200
    (row,) = await desk.rows(letter)
    assert (row["source"], row["person_id"]) == ("apology", "p-tam")
    assert code not in (await officer.get("/console/letters/new")).text


FILE = (
    "Họ tên người nhận;Tuổi;Điện thoại người nhận\n"
    "Cụ Lê Văn Thọ;90;0912000111\n"
    ";80;\n"
    "Cụ Lê Văn Thọ;90;0912000111\n"
)


async def _looked(officer: Visitor) -> str:
    shown = await officer.get("/console/letters/import")
    form = aiohttp.FormData({"csrf": shown.csrf, "kind": "chuc_tho"})
    form.add_field("file", FILE.encode(), filename="chuc-tho.csv")
    answer = await officer.send("/console/letters/import", form)
    assert answer.status == 200, answer.text
    return answer.text


async def test_a_file_is_looked_at_before_drafts_are_made(desk: Desk) -> None:
    """Good rows become drafts once, bad and double ones are named by their number."""
    officer = await desk.as_role(Role.OFFICER)
    text = await _looked(officer)
    assert "Lưu 1 thư nháp" in text
    assert "Dòng 3" in text
    assert "Dòng 4" in text
    assert await desk.rows(letter) == []
    parcel = re.search(r'name="parcel" value="([^"]+)"', text)
    token = re.search(r'name="csrf" value="([^"]+)"', text)
    assert parcel is not None
    assert token is not None
    told = {"csrf": token[1], "kind": "chuc_tho", "parcel": parcel[1]}
    for _ in range(2):
        done = await officer.send("/console/letters/import/put", told)
        assert "đã lưu 1 thư nháp" in done.text
    assert [row["source"] for row in await desk.rows(letter)] == ["import"]


async def _overdue(desk: Desk) -> str:
    """Write an overdue case of a known person, with its proposal."""
    service, now = desk.service, desk.clock.now_ms()
    vault = service.units[UNIT].vault.create("p-tam")
    code = "PA-261101-0001"
    columns = {column.name: column for column in case_record.columns}
    raw = {
        "unit_id": UNIT,
        "case_id": "c-tam",
        "code": code,
        "kind": "phan_anh",
        "person_id": "p-tam",
        "channel": "zalo",
    }
    full = {
        name: raw.get(name, _filler(column, now)) for name, column in columns.items()
    }
    proposal = {
        "unit_id": UNIT,
        "case_id": "c-tam",
        "number": 1,
        "code": code,
        "kind": "phan_anh",
        "due_date": "2026-11-16",
        "is_law": False,
        "reason": "",
        "person_id": "p-tam",
        "state": "proposed",
        "proposed_to": "",
        "version": 1,
        "proposed_at": now,
    }
    whole = {
        "unit_id": UNIT,
        "person_id": "p-tam",
        "wrapped_key": vault.wrapped_key,
        "created_at": now,
    }
    await service.database.write(
        lambda c: (
            c.execute(person.insert(), whole),
            c.execute(case_record.insert(), full),
            apologies.propose(c, proposal),
        )
    )
    return code


def _filler(column: Any, now: int) -> Any:
    if column.nullable:
        return None
    return {int: now, bool: False, bytes: b"x"}.get(column.type.python_type, "x")
