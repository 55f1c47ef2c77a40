"""Do staff carry out from the console what citizens ask about their data?"""

from __future__ import annotations

import io
import json
import re
import zipfile
from typing import Any

import pytest

from handlers.cases.case import Source
from handlers.staff.cases.record import Report, open_for
from handlers.staff.permissions import Role
from storage import consent
from storage.tables import (
    consent_event,
    evidence_entry,
    person,
    person_minor,
    vault_item,
)
from tests.bot.console.desk_people import commune
from tests.bot.console.support import UNIT, Desk, Visitor

PHONE = "0912345678"
WORDS = "xin xóa dữ liệu của tôi, gọi số 0987654321"
DONE = 200


async def asked(desk: Desk, kind: str = "du_lieu_xoa") -> str:
    """Record a request at the counter; return its code."""
    report = Report(
        kind=kind,
        text=WORDS,
        source=Source.VISIT,
        received_at=desk.clock.now(),
        name="Nguyễn Thị Lụa",
        phone=PHONE,
    )
    return (await open_for(commune(desk).room, report)).case.code


async def log(desk: Desk) -> list[dict[str, Any]]:
    """Return the leaves about data of people."""
    rows = await desk.rows(evidence_entry)
    found = [json.loads(row["leaf"]) for row in rows]
    return [one for one in found if ":person:" in one["tag"] or "privacy" in one["tag"]]


@pytest.fixture
async def head(desk: Desk) -> Visitor:
    """The browser of the head of the office."""
    return await desk.as_role(Role.HEAD)


async def test_a_request_from_list_to_erasure(desk: Desk, head: Visitor) -> None:
    """Listed with its times, looked at masked, handed over, corrected, erased."""
    code = await asked(desk)
    page = f"/console/privacy/{code}"
    assert code in (await head.get("/console/privacy")).text
    told = await head.get(page)
    assert "Thực hiện trước" in told.text

    seen = await head.post(f"{page}/preview", page=page)
    assert (seen.status, "0987654321" in seen.text) == (DONE, False)
    assert "Luật Lưu trữ" in seen.text
    async with head.http.post(
        f"{head.base}{page}/export", data={"csrf": told.csrf}
    ) as answer:
        box = zipfile.ZipFile(io.BytesIO(await answer.read()))
    assert WORDS in box.read("du-lieu.json").decode()

    empty = await head.post(
        f"{page}/correct", {"wrong": "Lụa", "right": " "}, page=page
    )
    assert (empty.status, "Chưa ghi điều đúng" in empty.text) == (400, True)
    await head.post(f"{page}/correct", {"wrong": "Lụa", "right": "Lụ"}, page=page)
    kinds = [row["kind"] for row in await desk.rows(vault_item)]
    assert kinds.count("staff:correction") == 1

    sure = await head.post(f"{page}/erase", page=page)
    assert "không lấy lại được" in sure.text
    assert [row["erased_at"] for row in await desk.rows(person)] == [None]
    gone = await head.post(f"{page}/erase", {"sure": "1"}, page=page)
    assert f"đã xóa theo yêu cầu {code}" in gone.text
    assert await desk.rows(vault_item) == []
    assert "đã được xóa" in (await head.get(page)).text
    tags = {one["tag"]: one["data"] for one in await log(desk)}
    for tag in ("shown", "exported", "corrected"):
        assert tags[f"staff:person:{tag}"]["by"] == "head"
    erased = tags["system:person:erased"]
    assert (erased["by"], erased["why"]) == ("head", f"request:{code}")


async def test_a_withdrawal_at_the_counter_counts_at_once(
    desk: Desk, head: Visitor
) -> None:
    """It is written with who wrote it; what the law rests on cannot be withdrawn."""
    code = await asked(desk, "du_lieu_rut")
    page = f"/console/privacy/{code}"
    said = {"purpose": "learning", "said": "no"}
    await head.post(f"{page}/consent", said, page=page)
    (row,) = await desk.rows(consent_event)
    assert (row["purpose"], row["is_given"], row["by"]) == ("learning", False, "head")

    law = {"purpose": "case_handling", "said": "no"}
    refused = await head.post(f"{page}/consent", law, page=page)
    assert (refused.status, "làm theo luật" in refused.text) == (400, True)
    child = {"purpose": "learning", "said": "yes", "guardian": "1"}
    refused = await head.post(f"{page}/consent", child, page=page)
    assert refused.status == 400
    assert len(await desk.rows(consent_event)) == 1
    assert (await head.post(f"{page}/erase", page=page)).status == 404


async def test_the_papers(desk: Desk) -> None:
    """An administrator sees the rules and gets the papers, but reads nobody's words."""
    code, admin = await asked(desk), await desk.as_role(Role.ADMIN)
    page = await admin.get("/console/privacy-papers")
    assert "730 ngày" in page.text
    register = await admin.get("/console/privacy-papers/register")
    assert "Hồ sơ hoạt động xử lý" in register.text
    breach = await admin.get("/console/privacy-papers/breach?found=2026-11-25T08:30")
    assert "08:30 ngày 28/11/2026" in breach.text
    wrong = await admin.get("/console/privacy-papers/breach?found=9999-12-31T23:59")
    assert wrong.status == 400
    assert (await admin.get(f"/console/privacy/{code}")).status == 403


async def test_what_is_for_machines_is_not_shown(desk: Desk, head: Visitor) -> None:
    """No salt and no hash stands among the words that people read."""
    code = await asked(desk)
    page = f"/console/privacy/{code}"
    seen = await head.post(f"{page}/preview", page=page)

    words = seen.text.split("Mới nhất")[1].split("</section>")[0]
    assert re.findall(r"[0-9a-f]{16,}", words) == []
    assert "08:00 · Nội dung hồ sơ" in words


async def test_a_wrong_note_of_a_child_is_taken_back(desk: Desk, head: Visitor) -> None:
    """Staff who saw a paper say so; the log keeps that they did."""
    code = await asked(desk)
    page = f"/console/privacy/{code}"
    (who,) = [row["person_id"] for row in await desk.rows(person)]
    grown = desk.clock.now_ms() + 10**10
    await desk.house.database.write(
        lambda c: consent.note_minor(c, UNIT, who, grown, grown)
    )
    seen = await head.post(f"{page}/preview", page=page)
    assert "được ghi là trẻ em" in seen.text
    await head.post(f"{page}/not-minor", page=page)
    assert await desk.rows(person_minor) == []
    assert (await log(desk))[-1]["data"] == {"by": "head", "minor": False}
