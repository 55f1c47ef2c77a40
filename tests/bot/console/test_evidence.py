"""Can an officer file papers, build a dossier and take it, and others check the log?"""

from __future__ import annotations

import io
import zipfile
from pathlib import Path

import aiohttp
import pytest
from playwright.async_api import Browser

from bot import dossier_job
from bot.erasure import erase
from handlers.staff.permissions import Role
from storage import dossier
from storage.fires import Fire
from storage.tables import dossier_job as job_table
from storage.tables import dossier_paper, evidence_entry, person
from storage.vault import Vault
from tests.bot.chromium import Watch, browser
from tests.bot.console.eyes import carry, context, look
from tests.bot.console.support import UNIT, Answer, Desk, Visitor

__all__ = ["browser"]
JPEG = b"\xff\xd8\xff\xe0" + bytes(200)
ROW = "/console/evidence/row/IV.3.d"


def form(**more: str) -> dict[str, str]:
    """Return what an officer types."""
    told = {"title": "Ảnh wifi tại Trung tâm", "day": "2026-11-20", "number": ""}
    return told | {"note": "", "place": "", "until": ""} | more


async def upload(
    visitor: Visitor, fields: dict[str, str], *files: bytes, row: str = ROW
) -> Answer:
    """Send the form of a row with files."""
    page = await visitor.get(row)
    data = aiohttp.FormData()
    for name, value in {"csrf": page.csrf, **fields}.items():
        data.add_field(name, value)
    for content in files:
        data.add_field("file", content, filename="IMG_1.jpg", content_type="image/jpeg")
    return await visitor.send(row, data)


async def test_a_paper_is_filed_looked_at_and_taken_back(desk: Desk) -> None:
    """Two photos at once are two papers; the log says who; a reason is needed."""
    officer = await desk.as_role(Role.OFFICER)
    filed = await upload(officer, form(), JPEG, JPEG + b"2")
    rows = await desk.rows(dossier_paper)
    shown = await officer.get(f"/console/evidence/paper/{rows[0]['paper_id']}")
    removing = f"/console/evidence/paper/{rows[0]['paper_id']}/remove"
    silent = await officer.post(removing, {"reason": " "})
    gone = await officer.post(removing, {"reason": "nộp nhầm", "destroy": "yes"})
    after = await officer.get(f"/console/evidence/paper/{rows[0]['paper_id']}")
    tags = [row["tag"] for row in await desk.rows(evidence_entry)]

    assert (filed.status, "Ảnh wifi tại Trung tâm (2)" in filed.text) == (200, True)
    assert [row["criterion"] for row in rows] == ["IV.3.d", "IV.3.d"]
    assert shown.headers["Content-Type"] == "image/jpeg"
    assert b"wifi" not in b"".join(row["sealed"] for row in rows)
    assert (silent.status, gone.status, after.status) == (400, 200, 404)
    assert tags.count("staff:paper:filed") == 2
    assert tags.count("staff:paper:removed") == 1


WRONG = (
    (form(title=""), JPEG, "chưa đủ"),
    (form(day="2027-01-01"), JPEG, "đến hôm nay"),
    (form(), b"MZ program", "chưa nhận được tệp"),
    (form(), b"", "chưa chọn tệp"),
)


async def test_what_is_wrong_is_said_and_kept(desk: Desk) -> None:
    """Nothing is written, and what was typed stays in the form."""
    officer = await desk.as_role(Role.OFFICER)
    for fields, content, words in WRONG:
        answer = await upload(officer, fields | {"note": "ghi chú dài"}, content)

        assert (answer.status, words in answer.text) == (400, True)
        assert "ghi chú dài" in answer.text
    assert await desk.rows(dossier_paper) == []


async def test_a_dossier_is_built_and_taken(desk: Desk) -> None:
    """A process of its own builds it; the page then offers it and knows the rows."""
    officer = await desk.as_role(Role.OFFICER)
    await upload(officer, form(), JPEG)
    days = {"first": "2026-01-01", "last": "2026-11-23", "as_of": ""}
    waiting = await officer.post(
        "/console/evidence/build", days, page="/console/evidence"
    )
    await dossier_job.all_done()
    (done,) = await desk.rows(job_table)
    page = await officer.get("/console/evidence")
    url = f"{desk.base}/console/evidence/build/{done['job_id']}"
    async with officer.http.get(url) as answer:
        archive = zipfile.ZipFile(io.BytesIO(await answer.read()))
    row = await officer.get(ROW)
    left = await someone_leaves(desk, officer, url)

    assert left == (1, 404)
    assert "Dạ, đang lập hồ sơ" in waiting.text
    assert (done["state"], done["done"] == done["total"]) == ("done", True)
    assert "Tải về" in page.text
    assert "minh-chung/4.3.d/4.3.d-01.jpg" in archive.namelist()
    assert "Đã đủ" in row.text


async def someone_leaves(desk: Desk, officer: Visitor, url: str) -> tuple[int, int]:
    """Erase a citizen; return how many files went, and what the link says."""
    house = desk.service.installation
    who = Vault(UNIT, house.ring.unit(UNIT)).create("a" * 32)
    key = {"person_id": who.person_id, "wrapped_key": who.wrapped_key}
    row = {"unit_id": UNIT, "created_at": desk.clock.now_ms(), **key}
    await desk.service.database.write(lambda c: c.execute(person.insert(), row))
    folder = house.files_folder / f"{UNIT}.dossier"
    before = sum(path.is_file() for path in folder.rglob("*"))
    await erase(house, UNIT, who.person_id)
    after = sum(path.is_file() for path in folder.rglob("*"))
    async with officer.http.get(url) as answer:
        return before - after, answer.status


async def test_the_clock_destroys_old_dossiers(desk: Desk) -> None:
    """After a day it is gone without anybody opening a page."""
    now = desk.clock.now_ms()
    told = {"state": "done", "step": "pack", "done": 1, "total": 1, "asked_by": "a"}
    days = {"first_day": "2026-01-01", "last_day": "2026-11-23", "size": 5}
    for name, age in (("new", 23), ("old", 25)):
        at = now - age * 3_600_000
        row = {"unit_id": UNIT, "job_id": name, "file_mac": "ab" * 16, "as_of": at}
        row |= {"asked_at": at, "updated_at": at, "summary": None, **told, **days}
        await desk.service.database.write(
            lambda c, row=row: dossier.add_job(c, row)  # type: ignore[misc]
        )
    fire = Fire(UNIT, "dossiers", "x")
    done = [await desk.service.timekeeper.dossiers(fire) for _ in range(2)]
    kept = {row["job_id"]: row["file_mac"] for row in await desk.rows(job_table)}

    assert done == ["destroyed 1", "destroyed 0"]
    assert kept == {"new": "ab" * 16, "old": None}
    assert "dossiers" in {job.name for job in desk.service.timekeeper.firing.jobs}


async def test_the_auditor_checks_and_files_nothing(desk: Desk) -> None:
    """The log is checked on the spot; the list of Điều 13 comes as a paper."""
    officer = await desk.as_role(Role.OFFICER)
    await upload(officer, form(place="board", until="2026-11-22"), JPEG)
    auditor = await desk.as_role(Role.AUDITOR)
    checked = await auditor.post("/console/evidence/verify", page="/console/evidence")
    listed = await auditor.get("/console/evidence/published?period=2026-Q4")
    async with auditor.http.get(
        f"{desk.base}/console/evidence/published/2026-Q4.pdf"
    ) as answer:
        pdf = await answer.read()
    row = await auditor.get(ROW)

    assert "Đúng: đã kiểm" in checked.text
    assert "mới 3 ngày, quy định ít nhất 30 ngày" in listed.text
    assert pdf.startswith(b"%PDF-")
    assert 'type="file"' not in row.text


@pytest.mark.browser
@pytest.mark.parametrize(("width", "scheme"), [("phone", "light"), ("desk", "dark")])
async def test_the_pages_of_evidence_are_for_everybody(
    desk: Desk, browser: Browser, tmp_path: Path, width: str, scheme: str
) -> None:
    """WCAG rules hold, nothing scrolls sideways, nothing is fetched from outside."""
    await desk.hire("both", Role.OFFICER, Role.LEADER)
    both = desk.browser()
    await both.log_in("both")
    await upload(both, form(place="board", until="2026-11-22"), JPEG)
    (paper,) = await desk.rows(dossier_paper)
    window = await context(browser, width, scheme)
    page = await window.new_page()
    watch = Watch(page, desk.base)
    await carry(desk, both, window)
    pages = {
        "all": "/console/evidence",
        "row": ROW,
        "remove": f"/console/evidence/paper/{paper['paper_id']}/remove",
        "published": "/console/evidence/published?period=2026-Q4",
    }
    faults: dict[str, list[str]] = {}
    for name, path in pages.items():
        await page.goto(desk.base + path)
        faults[name] = await look(page, f"evidence-{name}-{width}-{scheme}", tmp_path)

    assert {name: found for name, found in faults.items() if found} == {}
    assert watch.faults == []
