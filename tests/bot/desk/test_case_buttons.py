"""Do the buttons of a topic do what the life cycle of the case allows, and no more?"""

from __future__ import annotations

import pytest

from bot.desk.case_step import room_of
from bot.desk.sources import Sources
from bot.desk.ticket import UnitDesk
from handlers.cases.actions import Act as CaseAct
from handlers.cases.actions import Action, Classify, Close
from handlers.staff.cases.act import act
from handlers.staff.cases.file import opened
from handlers.staff.desk_list import steps
from storage import tables
from tests.bot.desk.support import HOA, MAI, TUAN, WAIT, Office, listed
from tests.bot.support import UNIT, Row

ANSWER = "Dạ, xã đã cho sửa đèn ở ngõ 5 ạ."


async def case(office: Office) -> Row:
    """Return the only case."""
    (row,) = await office.rows(tables.case_record)
    return row


async def elsewhere(office: Office, by: str, step: Action) -> None:
    """Let somebody make a step at the command line or in the console."""
    service = office.service
    sources = Sources(service.database, service.clock, office.opened.ids)
    room = room_of(sources, UnitDesk(service.units[UNIT], listed()), by)
    await act(room, (await case(office))["code"], step)


async def posted(office: Office, kind: str = "") -> str:
    """Let bà Lành wait, perhaps with a matter of another kind; return its id."""
    await office.citizen(WAIT)
    await office.round()
    if kind:
        await elsewhere(office, "tuan", Classify(kind))
    return str((await case(office))["case_id"])


async def acts(office: Office) -> list[str]:
    """Return the steps in the history of the case."""
    found = await office.rows(tables.case_history)
    return [row["action"] for row in sorted(found, key=lambda row: row["seq"])]


async def answered(office: Office, officer: object, text: str = ANSWER) -> None:
    """Let an officer press Trả lời and reply to the question."""
    await office.tap(officer, "Trả lời", office.card.place)
    prompt = next(
        one
        for one in reversed(office.sandbox.room.group)
        if "lời giải quyết" in one.text
    )
    await office.reply(officer, text, prompt)


async def test_take_accepts_the_case_and_the_citizen_hears_of_it(
    office: Office,
) -> None:
    """Nhận: owner and state change, the card says who, the citizen by when."""
    await posted(office, "phan_anh")
    await office.tap(MAI, "Nhận")

    found = await case(office)
    assert (found["owner"], found["state"]) == ("mai", "accepted")
    assert "đã có mai nhận" in office.card.text
    assert "đã nhận xử lý" in office.heard()[-1]
    titles = [b["text"] for line in office.card.buttons for b in line]
    assert titles == ["Trả lời", "Chuyển", "Đóng"]


async def test_an_answer_is_the_answer_of_the_case(office: Office) -> None:
    """Trả lời and words: the case is answered, the citizen reads it, once."""
    ref = await posted(office, "phan_anh")
    await answered(office, MAI)

    assert (await case(office))["state"] == "answered"
    assert [text for text in office.heard() if ANSWER in text] == office.heard()[-1:]
    assert "staff:case:answered" in await office.tags(ref)
    assert await acts(office) == ["open", "classify", "accept", "answer"]


async def test_words_beside_are_no_answer(office: Office) -> None:
    """A reply to the card asks the citizen something; the case goes on."""
    await posted(office, "phan_anh")
    await office.reply(MAI, "Dạ, bác cho xin số nhà ạ?", office.card)

    assert any("số nhà" in text for text in office.heard())
    found = await case(office)
    assert (found["owner"], found["state"]) == ("mai", "classified")


async def test_a_leader_approves_before_it_leaves(office: Office) -> None:
    """Where the kind demands it: draft, notice with buttons, approval, then sent."""
    await posted(office, "kien_nghi")
    await answered(office, MAI)
    assert ANSWER not in "".join(office.heard())
    assert "chờ lãnh đạo duyệt" in office.card.text
    await office.round()
    await office.tap(MAI, "Duyệt và gửi")
    assert ANSWER not in "".join(office.heard())
    await office.tap(HOA, "Duyệt và gửi")

    assert ANSWER in office.heard()[-1]
    assert (await case(office))["state"] == "answered"
    assert (await acts(office))[-3:] == ["draft", "approve", "answer"]


async def test_a_leader_sends_a_draft_back_with_a_reason(office: Office) -> None:
    """Trả lại asks for words; the officer hears them and may draft anew."""
    await posted(office, "kien_nghi")
    await answered(office, MAI)
    await office.round()
    await office.tap(HOA, "Trả lại")
    prompt, _ = office.button("Trả lại")
    await office.reply(HOA, "Xin nêu rõ ngày sửa xong.", prompt)

    assert (await acts(office))[-1] == "reject"
    assert ANSWER not in "".join(office.heard())


async def test_an_old_draft_cannot_be_approved(office: Office) -> None:
    """The words a leader was shown are the words that leave, or none."""
    await posted(office, "kien_nghi")
    await answered(office, MAI)
    await office.round()
    line, _ = office.button("Duyệt và gửi")
    await answered(office, MAI, "Dạ, xã xin trả lời khác ạ.")
    await office.tap(HOA, "Duyệt và gửi", line.place)

    assert "approve" not in await acts(office)


async def test_a_case_is_passed_to_a_member(office: Office) -> None:
    """Chuyển shows colleagues; the one chosen owns the case."""
    await posted(office, "phan_anh")
    await office.tap(MAI, "Chuyển")
    with pytest.raises(AssertionError):  # a leader works on no case
        office.button(HOA.name)
    await office.tap(MAI, TUAN.name)

    assert (await case(office))["owner"] == "tuan"
    assert "nhờ tuan xem giúp" in "".join(office.said())


async def test_who_has_no_case_passes_none_on(office: Office) -> None:
    """Only whoever owns it, or a leader of work, passes a case on."""
    await posted(office, "phan_anh")
    await office.tap(MAI, "Nhận")
    await office.tap(TUAN, "Chuyển")
    await office.tap(TUAN, TUAN.name)

    assert (await case(office))["owner"] == "mai"


async def test_what_is_not_answered_is_not_closed(office: Office) -> None:
    """Đóng hands the talk back and says what is missing; the case stays open."""
    await posted(office)
    await office.tap(MAI, "Nhận")
    await office.tap(MAI, "Đóng")
    assert (await case(office))["state"] == "accepted"
    assert (await office.handover())["state"] == "taken"
    (talk,) = await office.rows(tables.conversation)
    assert talk["muted_until"] is None
    await answered(office, MAI)
    await office.tap(MAI, "Đóng")

    assert (await case(office))["state"] == "closed"
    assert (await office.handover())["state"] == "closed"
    assert "khép hồ sơ" in office.heard()[-1]


async def test_a_stale_press_is_told_and_the_card_is_true_again(
    office: Office,
) -> None:
    """The case moved on elsewhere: nothing is changed, the card shows how it is."""
    await posted(office, "phan_anh")
    await elsewhere(office, "tuan", Classify("gop_y"))
    before = await acts(office)
    line, data = office.button("Nhận")
    await office.tap(TUAN, "Nhận")
    line.buttons = [[{"text": "Nhận", "callback_data": data}]]
    await office.tap(MAI, "Nhận")

    assert await acts(office) == [*before, "take", "accept"]
    assert "tuan" in office.card.text
    assert all("Nhận" not in b["text"] for row in office.card.buttons for b in row)


async def test_a_step_in_the_console_redraws_the_card(office: Office) -> None:
    """Taken and answered at the desk: the card in the group says by whom, once."""
    ref = await posted(office, "phan_anh")
    service = office.service
    sources = Sources(service.database, service.clock, office.opened.ids)
    room = room_of(sources, UnitDesk(service.units[UNIT], listed()), "tuan")
    for step, text in ((CaseAct.TAKE, ""), (CaseAct.ANSWER, ANSWER)):
        version = (await opened(room, ref)).case.version
        await steps.make(room, ref, steps.Asked(step, version, text))
        await office.round()
        assert "tuan" in office.card.text
    assert "đã trả lời" in office.card.text
    sends = len(await office.rows(tables.outbox))
    await office.round()

    assert len(await office.rows(tables.outbox)) == sends
    assert await office.rows(tables.desk_card) == []


async def test_a_case_that_ended_elsewhere_closes_its_topic(office: Office) -> None:
    """The console closed it: hand-over, card, topic and the bot's silence end too."""
    await posted(office)
    await office.reply(MAI, ANSWER, office.card)
    await elsewhere(office, "tuan", Close())
    await office.round()

    assert (await office.handover())["state"] == "closed"
    assert next(iter(office.sandbox.room.topics.values())).is_closed
    assert office.card.buttons == []
    (talk,) = await office.rows(tables.conversation)
    assert talk["muted_until"] is None


async def test_what_is_for_the_head_stays_out_of_the_group(office: Office) -> None:
    """Of a matter that officers may not read only that more was written is told."""
    await posted(office, "phan_anh")
    await office.tap(MAI, "Nhận")
    await office.reply(MAI, "Bác ở ngõ nào ạ?", office.card)
    await office.citizen("xin xem thêm giúp ạ")
    await office.round()
    assert "xem thêm giúp" in office.sandbox.room.group[-1].text
    await elsewhere(office, "hoa", Classify("du_lieu_xoa"))
    await office.citizen("chuyện nhà tôi kể riêng")
    await office.round()

    texts = [one.text for one in office.sandbox.room.group]
    assert not any("kể riêng" in text for text in texts)
    assert (await case(office))["code"] in texts[-1]
