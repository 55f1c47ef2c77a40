"""Can an officer read a case, answer it, move it on, and is nothing lost or leaked?"""

from __future__ import annotations

import json
import re

import aiohttp
from sqlalchemy import update

from handlers.staff.permissions import Role
from handlers.staff.sealed.words import words_context
from storage import evidence, sealed
from storage.evidence import Entry
from storage.tables import conversation, evidence_entry, outbox, received_file
from tests.bot.console.desk_people import commune, writes
from tests.bot.console.support import UNIT, Desk
from tests.handlers.files.samples import jpeg

ONCE = "ab" * 16
ENTRY, WORDS = "e" * 32, "lời tố cáo thử"


def version(page: str) -> str:
    """Return the version that the page's forms carry."""
    found = re.search(r'name="version" value="(\d+)"', page)
    assert found is not None
    return found[1]


async def test_a_day_of_an_officer(desk: Desk) -> None:
    """New, taken, answered, closed: each step is told and the list follows."""
    here, officer = commune(desk), await desk.as_role(Role.OFFICER)
    vault = await here.citizen("ba Tư")
    await writes(desk, vault, "đèn đường hỏng trước nhà văn hóa")
    case = await here.reports(vault)
    url = f"/console/cases/{case.code}"
    assert case.code in (await officer.get("/console/cases")).text

    page = await officer.get(url)
    assert "đèn đường hỏng" in page.text
    assert "Trợ lý hiểu: phản ánh" in page.text
    seen = {"version": version(page.text)}
    done = await officer.post(f"{url}/step/take", seen, page=url)
    assert done.status == 200, done.text
    assert "Tin đang được gửi" in done.text
    told = {"text": "Đã thay bóng đèn.", "as": "answer", "version": version(done.text)}
    done = await officer.post(f"{url}/reply", told, page=url)
    assert "Đã trả lời" in done.text
    assert "Đã thay bóng đèn." in done.text
    step = {"version": version(done.text)}
    done = await officer.post(f"{url}/step/close", step, page=url)
    assert "Đã kết thúc" in done.text
    assert case.code in (await officer.get("/console/cases?tab=done")).text
    assert {row["kind"] for row in await desk.rows(outbox)} == {"case"}


async def test_words_of_strangers_stay_words(desk: Desk) -> None:
    """Markup in messages, names and notes is shown, never run."""
    here, officer = commune(desk), await desk.as_role(Role.OFFICER)
    evil = "<script>alert(1)</script><img src=x onerror=alert(2)>"
    told = {
        "kind": "phan_anh",
        "source": "telephone",
        "text": evil,
        "name": evil,
        "address": '"><svg onload=alert(3)>',
    }
    page = await officer.post("/console/cases/new", told)
    assert page.status == 200
    note = {"text": evil, "version": version(page.text)}
    url = page.url.removeprefix(desk.base)
    page = await officer.post(f"{url}/step/note", note, page=url)
    vault = await here.citizen("ba Tư")
    await writes(desk, vault, evil)
    talk = await officer.get(f"/console/cases/talks/{vault.person_id}/facebook")
    for shown in (page.text, talk.text):
        assert "&lt;script&gt;alert(1)" in shown
        assert "<script>alert" not in shown
        assert "<img src=x" not in shown
        assert "<svg onload" not in shown
    found = await officer.get("/console/cases?q=%3Cscript%3Ealert%281%29")
    assert "<script>alert" not in found.text


async def test_who_comes_second_loses_nothing(desk: Desk) -> None:
    """A form of an older version does nothing, and its words come back."""
    here, officer = commune(desk), await desk.as_role(Role.OFFICER)
    other = await desk.as_role(Role.OFFICER, "canbo02")
    case = await here.reports(await here.citizen("ba Tư"))
    url = f"/console/cases/{case.code}"
    old = version((await officer.get(url)).text)
    await other.post(f"{url}/step/take", {"version": old}, page=url)
    told = {"text": "Em xin trả lời.", "as": "answer", "version": old}
    answer = await officer.post(f"{url}/reply", told, page=url)

    assert answer.status == 409
    assert "Em xin trả lời." in answer.text
    assert f'href="{url}"' in answer.text
    assert "Đã trả lời" not in (await officer.get(url)).text


async def test_a_mistake_keeps_what_was_typed(desk: Desk) -> None:
    """No hint speaks of commands; the step stays open with its words."""
    here, officer = commune(desk), await desk.as_role(Role.OFFICER)
    case = await here.reports(await here.citizen("ba Tư"))
    url = f"/console/cases/{case.code}"
    told = {"text": "Xin thêm ngày.", "extension": "khong_co"}
    told["version"] = version((await officer.get(url)).text)
    page = await officer.post(f"{url}/step/extend", told, page=url)

    assert page.status == 400
    assert "Xin thêm ngày." in page.text
    assert "thanthien" not in page.text


async def test_a_number_is_masked_until_somebody_asks(desk: Desk) -> None:
    """The full number costs a line in the log."""
    here, officer = commune(desk), await desk.as_role(Role.OFFICER)
    case = await here.reports(await here.citizen("ba Tư"))
    url = f"/console/cases/{case.code}"
    page = await officer.get(url)
    assert "0912345678" not in page.text
    assert "678" in page.text
    shown = await officer.post(f"{url}/contact", page=url)
    assert "0912345678" in shown.text
    tags = [row["tag"] for row in await desk.rows(evidence_entry)]
    assert tags.count("staff:contact:shown") == 1
    assert tags.count("staff:case:read") == 1


async def test_words_in_a_talk_silence_the_bot_until_it_is_handed_back(
    desk: Desk,
) -> None:
    """A person's words leave once, however often the form is sent."""
    here, officer = commune(desk), await desk.as_role(Role.OFFICER)
    vault = await here.citizen("ba Tư")
    await writes(desk, vault, "cho tôi gặp cán bộ")
    url = f"/console/cases/talks/{vault.person_id}/facebook"
    told = {"text": "Chào bác ạ.", "talk": "1", "once": "a" * 32}
    page = await officer.post(url, told, page=url)
    again = await officer.post(url, told, page=url)
    assert (page.status, again.status) == (200, 200)
    sends = await desk.rows(outbox)
    assert [(row["human"], row["kind"]) for row in sends] == [(True, "reply")]
    assert "trợ lý im lặng" in again.text
    assert (await desk.rows(conversation))[0]["muted_until"] is not None

    late = await officer.post(f"{url}/return", {"talk": "1"}, page=url)
    assert late.status == 409
    page = await officer.post(f"{url}/return", {"talk": "2"}, page=url)
    assert "Trợ lý đang trả lời" in page.text
    assert (await desk.rows(conversation))[0]["muted_until"] is None


async def test_after_the_window_the_page_says_what_to_do(desk: Desk) -> None:
    """No box to write in, and why; an answer waits for the next contact."""
    here, officer = commune(desk), await desk.as_role(Role.OFFICER)
    vault = await here.citizen("ba Tư")
    case = await here.reports(vault)
    here.passes(days=8)
    officer = desk.browser()
    await officer.log_in("officer")
    url = f"/console/cases/{case.code}"
    page = await officer.get(url)
    assert "chưa cho gửi tin" in page.text
    assert "Chỉ nhắn thêm" not in page.text
    told = {"text": "Đã sửa xong.", "as": "answer", "version": version(page.text)}
    page = await officer.post(f"{url}/reply", told, page=url)
    assert "tự gửi khi người dân nhắn lại" in page.text
    assert "chờ người dân nhắn lại" in page.text


async def test_a_leader_approves_what_an_officer_wrote(desk: Desk) -> None:
    """The draft waits on the leader's list, and leaves with their yes alone."""
    here, officer = commune(desk), await desk.as_role(Role.OFFICER)
    leader = await desk.as_role(Role.LEADER)
    case = await here.reports(await here.citizen("ba Tư"), "kien_nghi")
    url = f"/console/cases/{case.code}"
    told = {"text": "Xã xin tiếp thu.", "as": "answer"}
    told["version"] = version((await officer.get(url)).text)
    page = await officer.post(f"{url}/reply", told, page=url)
    assert "Chờ lãnh đạo duyệt" in page.text
    assert "Duyệt và gửi" not in page.text
    assert "Chờ anh/chị duyệt (1)" in (await leader.get("/console/cases")).text
    page = await leader.get(url)
    draft = re.search(r'name="draft" value="(\d+)"', page.text)
    assert draft is not None
    yes = {"version": version(page.text), "draft": draft[1]}
    refused = await officer.post(f"{url}/step/approve", yes, page=url)
    assert refused.status == 400
    page = await leader.post(f"{url}/step/approve", yes, page=url)
    assert "Đã trả lời" in page.text


async def test_a_ready_sentence_joins_what_is_typed(desk: Desk) -> None:
    """A template is put behind the words; nothing is sent."""
    here, officer = commune(desk), await desk.as_role(Role.OFFICER)
    case = await here.reports(await here.citizen("ba Tư"))
    url = f"/console/cases/{case.code}"
    told = {"text": "Chào bác.", "template": "xin_loi_cham"}
    page = await officer.post(f"{url}/template", told, page=url)
    assert "Chào bác.\nEm xin lỗi vì đã trả lời chậm" in page.text
    assert await desk.rows(outbox) == []


async def test_colleagues_see_each_other(desk: Desk) -> None:
    """Whoever opens a page that another has open is told."""
    here, officer = commune(desk), await desk.as_role(Role.OFFICER)
    head = await desk.as_role(Role.HEAD)
    case = await here.reports(await here.citizen("ba Tư"))
    url = f"/console/cases/{case.code}"
    first = await officer.get(url)
    assert "Đang cùng xem" not in first.text
    assert "Đang cùng xem: Trần Văn Cán" in (await head.get(url)).text
    moved = await officer.get(f"{url}/here?version=0")
    assert "Lê Thị Chánh" in moved.text
    assert "vừa có thay đổi" in moved.text


async def test_sealed_words_ask_for_a_reason(desk: Desk) -> None:
    """Nobody else comes near; without a reason nothing opens."""
    officer = await desk.as_role(Role.OFFICER)
    handler = await desk.as_role(Role.SEALED_HANDLER)
    assert (await officer.get("/console/cases/sealed")).status == 403
    page = await handler.get("/console/cases/sealed")
    assert "Không có tin niêm phong nào" in page.text
    home = await handler.get("/console/")
    assert 'href="/console/cases/sealed"' in home.text
    csrf = (await handler.get("/console/account")).csrf
    path = "/console/cases/sealed/" + "0" * 32
    assert (await handler.send(path, {"csrf": csrf})).status == 400
    told = {"csrf": csrf, "reason": "tiep_nhan"}
    assert (await handler.send(path, told)).status == 404


async def test_a_picture_goes_with_the_words(desk: Desk) -> None:
    """Sealed, and named in the talk; a program is refused and the words stay."""
    here, officer = commune(desk), await desk.as_role(Role.OFFICER)
    vault = await here.citizen("ba Tư")
    url = f"/console/cases/talks/{vault.person_id}/facebook"
    shown = await officer.get(url)

    def form(data: bytes, name: str) -> aiohttp.FormData:
        made = aiohttp.FormData()
        for key, value in (("csrf", shown.csrf), ("text", "Ảnh đây ạ."), ("talk", "1")):
            made.add_field(key, value)
        made.add_field("file", data, filename=name)
        return made

    bad = await officer.send(url, form(b"MZ" + bytes(500), "anh.jpg"))
    assert bad.status == 400
    assert "Ảnh đây ạ." in bad.text
    assert await desk.rows(received_file) == []
    good = await officer.send(url, form(jpeg(), "anh.jpg"))
    assert "[tệp kèm: anh.jpg]" in good.text, good.text
    kept = await desk.rows(received_file)
    assert [row["media_type"] for row in kept] == ["image/jpeg"]
    picture = await officer.get(f"/console/cases/file/{kept[0]['file_id']}")
    assert picture.status == 200
    assert picture.headers["Content-Type"] == "image/jpeg"


async def test_a_file_goes_behind_the_answer_that_ends_a_case(desk: Desk) -> None:
    """Words first, then the picture, in one step; a draft for a leader takes none."""
    here, officer = commune(desk), await desk.as_role(Role.OFFICER)
    vault = await here.citizen("ba Tư")
    case = await here.reports(vault)
    url = f"/console/cases/{case.code}"

    async def answered(data: bytes) -> str:
        shown, made = await officer.get(url), aiohttp.FormData()
        told = {"csrf": shown.csrf, "text": "Đã thay bóng ạ.", "as": "answer"}
        for key, value in (told | {"version": "1", "once": ONCE}).items():
            made.add_field(key, value)
        made.add_field("file", data, filename="anh.jpg")
        return (await officer.send(f"{url}/reply", made)).text

    assert "Đã thay bóng ạ." in await answered(b"MZ" + bytes(500))
    assert await desk.rows(received_file) == []
    page = await answered(jpeg())
    assert "Dạ, đã làm." in page
    assert "[tệp kèm: anh.jpg]" in page
    sends = await desk.rows(outbox)
    assert sends[-1]["cause"] == f"say:{ONCE}"
    assert [row["media_type"] for row in await desk.rows(received_file)] == [
        "image/jpeg"
    ]


async def test_a_sealed_entry_is_read_for_a_reason_and_ended(desk: Desk) -> None:
    """The reason stands in the log as a code; its words nowhere else."""
    handler = await desk.as_role(Role.SEALED_HANDLER)
    box = desk.house.units[UNIT].vault.keys.sealed.box
    said = {"messages": [{"at": "2026-11-23T01:00:00.000Z", "text": WORDS}]}
    words = json.dumps(said | {"files": []}).encode()
    row = {
        "unit_id": UNIT,
        "entry_id": ENTRY,
        "person_mac": None,
        "day": "2026-11-23",
        "sealed": box.seal(words, words_context(UNIT, ENTRY)),
        "contact": None,
    }
    await desk.house.database.write(lambda c: sealed.add(c, row))
    page = "/console/cases/sealed"
    shown = await handler.get(page)
    assert WORDS not in shown.text
    path = f"{page}/{ENTRY}"
    opened = await handler.post(path, {"reason": "tiep_nhan"}, page=page)
    assert WORDS in opened.text
    leaves = [
        json.loads(one["leaf"])["data"]
        for one in await desk.rows(evidence_entry)
        if one["tag"] == "staff:sealed:read"
    ]
    assert leaves == [{"by": "sealed-handler", "reason": "tiep_nhan"}]
    done = await handler.post(f"{path}/close", {"how": "closed"}, page=page)
    assert "đã ghi nhận kết thúc" in done.text
    again = await handler.send(f"{path}/close", {"csrf": shown.csrf, "how": "closed"})
    assert again.status == 400


async def test_each_message_says_how_far_it_got(desk: Desk) -> None:
    """Planned, sent, seen, unknown, refused: why, and what to do."""
    here, officer = commune(desk), await desk.as_role(Role.OFFICER)
    vault = await here.citizen("ba Tư")
    url = f"/console/cases/talks/{vault.person_id}/facebook"
    told = {"text": "Chào bác ạ.", "talk": "1"}
    page = await officer.post(url, told, page=url)
    assert "đang chờ gửi" in page.text
    send = (await desk.rows(outbox))[0]["row_id"]

    async def now(state: str, code: str | None = None) -> str:
        change = update(outbox).values(state=state, code=code)
        await desk.house.database.write(lambda c: c.execute(change))
        return (await officer.get(url)).text

    assert "đã gửi" in await now("accepted")
    assert "chưa rõ đã tới chưa" in await now("unknown", "timeout")
    assert "xin gọi điện" in await now("refused", "facebook_window_24h")
    assert "(mã 551)" in await now("refused", "551")
    at = desk.clock.now_ms()
    seen = Entry(UNIT, desk.house.ids.new(), at, "platform:message:seen", send)
    await desk.house.database.write(lambda c: evidence.append(c, [seen.row()]))
    assert "đã gửi, đã xem" in await now("accepted")
