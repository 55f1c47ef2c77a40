"""Do unanswered questions become answers, and approved words a better reader?"""

from __future__ import annotations

import asyncio
import re

from sqlalchemy import Connection

from handlers.lessons import lesson_rows
from handlers.model import Lesson, LessonSource
from handlers.staff.permissions import Role
from storage import learning, people
from storage.tables import lesson_candidate, lesson_example
from storage.vault import Vault
from tests.bot.console.support import UNIT, Desk, Visitor

BIRTH = "1.001193"
WORDS = "làm giấy trẻ con mới đẻ"


async def said(
    desk: Desk, text: str, label: str = "", source: str = LessonSource.UNANSWERED
) -> str:
    """Let a citizen leave a candidate; return its id."""
    gate = desk.gate
    vault = Vault(UNIT, gate.keys)

    def work(connection: Connection) -> str:
        one = Lesson(text, label, LessonSource(source), is_right=bool(label))
        own = vault.create(gate.ids.new())
        shared = {"unit_id": UNIT, "person_id": own.person_id}
        people.add_person(
            connection,
            shared | {"wrapped_key": own.wrapped_key, "created_at": 1},
            shared | {"channel": "zalo", "id_mac": text, "sealed_id": b"x"},
        )
        rows = lesson_rows(one, own, gate.ids, gate.now_ms())
        people.add_items(connection, [rows[0]])
        learning.add_candidates(connection, [rows[1]])
        return str(rows[1]["lesson_id"])

    return await gate.database.write(work)


async def decide(browser: Visitor, lesson_id: str, **told: str) -> str:
    """Approve as the form does; return the page that follows."""
    page = f"/console/learning/item?id={lesson_id}"
    form = {"id": lesson_id, "gap": "1", "text": WORDS, **told}
    return (await browser.post("/console/learning/item", form, page=page)).text


async def test_a_gap_becomes_a_name_that_works_at_once(desk: Desk) -> None:
    """The head picks the procedure; the same words are understood right away."""
    lesson_id = await said(desk, WORDS)
    browser = await desk.as_role(Role.HEAD)
    assert WORDS in (await browser.get("/console/gaps")).text
    shown = await browser.get(f"/console/learning/item?id={lesson_id}&q=khai+sinh")
    assert f'value="code:{BIRTH}"' in shown.text

    page = await decide(browser, lesson_id, label=f"code:{BIRTH}", alias="1")
    assert "hiểu ngay" in page
    reader = desk.house.units[UNIT].services.reader
    assert reader.parse(WORDS).candidates[0].code == BIRTH
    assert await desk.rows(lesson_candidate) == []
    assert len(await desk.rows(lesson_example)) == 1


async def test_an_officer_approves_rejects_and_may_not_train(desk: Desk) -> None:
    """Words with somebody's number are refused and stay; what is rejected is gone."""
    browser = await desk.as_role(Role.OFFICER)
    first = await said(desk, WORDS, BIRTH, LessonSource.PICKED)
    second = await said(desk, "hỏi chuyện khác hẳn")
    assert WORDS in (await browser.get("/console/learning")).text
    bad = await decide(browser, first, label=f"code:{BIRTH}", text="gọi 0912345678")
    assert "0912345678" in bad
    assert "chưa dùng được" in bad
    assert "Xin chọn một thủ tục" in await decide(browser, second, label="")
    await decide(browser, first, label=f"code:{BIRTH}")
    page = f"/console/learning/item?id={second}"
    await browser.post("/console/learning/reject", {"id": second}, page=page)

    assert await desk.rows(lesson_candidate) == []
    gone = await browser.get(page)
    assert gone.status == 404
    csrf = (await browser.get("/console/learning/taught")).csrf
    for path in ("train", "live", "back"):
        answer = await browser.send(f"/console/learning/{path}", {"csrf": csrf})
        assert answer.status == 403


async def test_teach_train_and_go_back(desk: Desk) -> None:
    """A taught sentence is trained, measured, put in force by hand, and rolled back."""
    browser = await desk.as_role(Role.ADMIN)
    page = "/console/learning/taught"
    told = {"text": "làm giấy cho đứa nhỏ mới lọt lòng", "code": BIRTH}
    assert "đã ghi" in (await browser.post(page, told)).text
    word = {"word": "gksinh", "means": "giấy khai sinh"}
    listed = (await browser.post(page, word)).text
    assert "nghĩa là “giấy khai sinh”" in listed
    bad = await browser.post(page, {"text": "abc xyz", "code": "khong-co"})
    assert bad.status == 400

    models = "/console/learning/models"
    await browser.post("/console/learning/train", {"hold": "1"}, page=models)
    under_way = [t for t in asyncio.all_tasks() if t.get_name() == f"train {UNIT}"]
    await asyncio.gather(*under_way)  # the page waits some seconds only
    trained = await browser.get(models)
    assert "đang chờ" in trained.text, trained.text
    model = re.search(r'name="model" value="([^"]+)"', trained.text)
    assert model is not None
    live = await browser.post(
        "/console/learning/live", {"model": model[1]}, page=models
    )
    assert "đang dùng" in live.text
    assert desk.service.services[UNIT].model_id == model[1]
    asked = await browser.post("/console/learning/back", page=models)
    assert desk.service.services[UNIT].model_id == model[1]
    sure = {"csrf": asked.csrf, "sure": "1"}
    back = await browser.send("/console/learning/back", sure)
    assert "dữ liệu gốc" in back.text
    assert desk.service.services[UNIT].model_id is None


async def test_a_list_does_not_wake_itself(desk: Desk) -> None:
    """That a list was read is proved under "lesson"; no list listens to that."""
    browser = await desk.as_role(Role.OFFICER)
    for path in ("/console/gaps", "/console/learning"):
        assert "live:lesson" not in (await browser.get(path)).text


async def test_a_gap_becomes_a_question_and_answer(desk: Desk) -> None:
    """The new entry is written from the gap, then offered for its words."""
    gap = await said(desk, "chợ phiên họp ngày nào")
    browser = await desk.as_role(Role.HEAD)
    shown = await browser.get(f"/console/learning/item?id={gap}")
    link = re.search(r'href="(/console/catalogue/new[^"]+)"', shown.text)
    assert link is not None
    page = link[1].replace("&amp;", "&")
    form = await browser.get(page)
    assert 'value="XA-01"' in form.text
    told = {"code": "XA-01", "gap": gap, "name": "Chợ phiên", "summary": "Ngày 2, 7."}
    back = await browser.post("/console/catalogue/new", told, page=page)

    assert f"id={gap}" in back.url
    assert 'value="code:XA-01"' in back.text
