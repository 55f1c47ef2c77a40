"""Does each step of staff reach the table, the log and the citizen, in one go?"""

from __future__ import annotations

import asyncio

import pytest

from handlers.cases import actions
from handlers.cases.case import State
from handlers.cases.errors import (
    BadCodeError,
    BadOwnerError,
    CannotMergeError,
    NoDraftError,
    NoSuchCaseError,
    NotApprovedError,
    NotNowError,
    NotYoursError,
)
from handlers.staff.cases import answer, merge
from handlers.staff.cases.act import act
from handlers.staff.cases.show import show
from handlers.staff.cases.telling import Told
from storage.outbox import Priority
from storage.tables import (
    case_clock,
    case_history,
    case_message,
    case_record,
    notice,
    outbox,
    vault_item,
)
from tests.handlers.staff.cases.commune import REPORT, Commune

CLASSIFY = actions.Classify("phan_anh")


async def accepted(commune: Commune, code: str, kind: str = "phan_anh") -> None:
    """Classify and accept."""
    await act(commune.room, code, actions.Classify(kind))
    await act(commune.room, code, actions.Accept())


async def test_a_step_is_written_told_and_proved_together(commune: Commune) -> None:
    """Head, clocks, history with its proof, a send within the window: one change."""
    case = await commune.reports(await commune.citizen("lanh"))
    await act(commune.room, case.code, CLASSIFY)
    done = await act(commune.room, case.code.lower(), actions.Accept("sẽ xem"))

    assert [one.how for one in done.told] == [Told.QUEUED]
    assert "của bác" in done.told[0].text
    (head,) = await commune.rows(case_record)
    assert (head["state"], head["version"], head["owner"]) == ("accepted", 3, "canbo01")
    lines = await commune.rows(case_history)
    assert [line["action"] for line in lines] == ["open", "classify", "accept"]
    assert lines[2]["template"] == "cases.phan_anh.accepted"
    assert len(lines[2]["template_version"]) == 12
    (sent,) = await commune.rows(outbox)
    assert (sent["kind"], sent["priority"], sent["human"]) == (
        "case",
        Priority.CASE,
        False,
    )
    assert sent["cause"] == f"case:{head['case_id']}:3"
    (proof,) = await commune.proofs("bot:case:told")
    assert proof["send"] == sent["row_id"]
    assert proof["template"] == "cases.phan_anh.accepted"
    assert (await commune.tags()).count("staff:case:accepted") == 1


async def test_a_closed_window_keeps_the_message_for_the_next_contact(
    commune: Commune,
) -> None:
    """Facebook after 24 hours: staff see that it waits; the next contact frees it."""
    lanh = await commune.citizen("lanh")
    case = await commune.reports(lanh)
    commune.passes(hours=30)
    await act(commune.room, case.code, CLASSIFY)
    done = await act(commune.room, case.code, actions.Accept())

    assert [one.how for one in done.told] == [Told.WAITING]
    assert await commune.rows(outbox) == []
    (head,) = await commune.rows(case_record)
    assert head["is_waiting"]
    commune.passes(hours=1)
    assert await commune.writes(lanh) == 1
    (sent,) = await commune.rows(outbox)
    assert sent["priority"] == Priority.REPLY
    (head,) = await commune.rows(case_record)
    assert not head["is_waiting"]


async def test_words_of_a_person_may_go_for_seven_days(commune: Commune) -> None:
    """Facebook lets a person answer after a day, marked as such; not after a week."""
    case = await commune.reports(await commune.citizen("lanh"), "ho_tro")
    other = await commune.reports(await commune.citizen("muoi"), "ho_tro")
    commune.passes(days=3)
    done = await answer.answer(commune.room, case.code, "Dạ, mai xã mở cửa ạ.")
    assert [one.how for one in done.told] == [Told.QUEUED]
    (sent,) = await commune.rows(outbox)
    assert sent["human"]

    commune.passes(days=5)
    late = await answer.answer(commune.room, other.code, "Dạ, mai ạ.")
    assert [one.how for one in late.told] == [Told.WAITING]


async def test_an_answer_that_needs_a_leader(commune: Commune) -> None:
    """The draft stays inside, the approved words leave exactly as they were."""
    case = await commune.reports(await commune.citizen("lanh"), "kien_nghi")
    await accepted(commune, case.code, "kien_nghi")
    drafted = await answer.answer(commune.room, case.code, "Sẽ trồng cây quý I.")
    assert drafted.case.state is State.IN_PROGRESS
    assert drafted.told == ()
    with pytest.raises(NotApprovedError):
        await answer.send_approved(commune.room, case.code)
    await answer.reject(commune.as_("chutich", "leader"), case.code, "ghi rõ tháng")
    await answer.answer(commune.room, case.code, "Sẽ trồng cây tháng 2.")
    done = await answer.approve(commune.as_("chutich", "leader"), case.code)

    assert done.case.state is State.ANSWERED
    assert "Sẽ trồng cây tháng 2." in done.told[0].text
    assert "quý I" not in done.told[0].text
    kinds = [row["kind"] for row in await commune.rows(notice)]
    assert kinds.count("case_draft_waiting") == 2
    assert kinds.count("case_draft_rejected") == 1
    with pytest.raises(NoDraftError):
        await answer.send_approved(commune.room, case.code)


async def test_an_approved_answer_may_wait_to_be_sent(commune: Commune) -> None:
    """Approving and sending are two steps when the leader wants them to be."""
    case = await commune.reports(await commune.citizen("lanh"), "kien_nghi")
    await accepted(commune, case.code, "kien_nghi")
    await answer.answer(commune.room, case.code, "Sẽ làm.")
    held = await answer.approve(commune.room, case.code, send=False)
    assert held.case.state is State.IN_PROGRESS
    done = await answer.send_approved(commune.room, case.code)

    assert done.case.state is State.ANSWERED


async def test_two_at_once_make_two_steps(commune: Commune) -> None:
    """A step made meanwhile is no loss: the second is made on top of it."""
    case = await commune.reports(await commune.citizen("lanh"))
    await asyncio.gather(
        act(commune.as_("canbo01"), case.code, actions.Note("một")),
        act(commune.as_("canbo02"), case.code, actions.Note("hai")),
    )

    lines = await commune.rows(case_history)
    assert [line["seq"] for line in lines] == [1, 2, 3]
    (head,) = await commune.rows(case_record)
    assert head["version"] == 3


async def test_merged_citizens_hear_the_answer_of_the_other_case(
    commune: Commune,
) -> None:
    """Both are told of the merging's end, each under the code they know."""
    first = await commune.reports(await commune.citizen("lanh"))
    second = await commune.reports(await commune.citizen("muoi"))
    done = await merge.merge(commune.room, second.code, first.code)
    assert done.case.state is State.CLOSED
    assert first.code in done.told[0].text
    await accepted(commune, first.code)
    await answer.answer(commune.room, first.code, "Đã thay bóng.")

    texts = {
        line.seq: [one.text for one in shown.sent if one.seq == line.seq]
        for shown in [await show(commune.room, second.code)]
        for line in shown.history
    }
    assert any("Đã thay bóng." in text for told in texts.values() for text in told)
    assert any(second.code in text for told in texts.values() for text in told)
    with pytest.raises(CannotMergeError):
        await merge.merge(commune.room, first.code, second.code)


async def test_links_stand_on_both_sides(commune: Commune) -> None:
    """Whoever opens either case sees the other."""
    first = await commune.reports(await commune.citizen("lanh"))
    second = await commune.reports(await commune.citizen("muoi"))
    await merge.link(commune.room, first.code, second.code)

    one, two = (
        await show(commune.room, first.code),
        await show(commune.room, second.code),
    )
    assert [link.ref for link in one.file.case.links] == [second.case_id]
    assert [link.ref for link in two.file.case.links] == [first.case_id]


async def test_looking_is_proved_and_words_are_opened(commune: Commune) -> None:
    """Who looked at which case is in the log; notes are there for staff."""
    case = await commune.reports(await commune.citizen("lanh"))
    await act(commune.room, case.code, actions.Note("gọi điện lực", ("canbo02",)))
    shown = await show(commune.as_("canbo02"), case.code)

    assert shown.texts == {"text": REPORT, "phone": "0912345678"}
    assert shown.history[1].texts == {"text": "gọi điện lực"}
    assert await commune.proofs("staff:case:read") == [
        {"code": case.code, "by": "canbo02"}
    ]


async def test_no_word_lies_open(commune: Commune) -> None:
    """Neither report, note nor answer stands in any row of any table of cases."""
    case = await commune.reports(await commune.citizen("lanh"))
    await accepted(commune, case.code)
    await act(commune.room, case.code, actions.Note("ghi chú BÍ MẬT"))
    await answer.answer(commune.room, case.code, "trả lời BÍ MẬT")
    await act(commune.room, case.code, actions.Reopen("mở lại BÍ MẬT"))
    await act(commune.room, case.code, actions.Transfer("Sở BÍ MẬT"))

    tables = (case_record, case_clock, case_history, case_message, vault_item, notice)
    heap = "".join([repr(await commune.rows(table)) for table in tables])
    for tag in sorted(set(await commune.tags())):
        heap += repr(await commune.proofs(tag))
    for word in ("BÍ MẬT", "MẬT", REPORT, "0912345678"):
        assert word not in heap
        assert repr(word.encode())[2:-1] not in heap


async def test_refusals_change_nothing(commune: Commune) -> None:
    """A step that cannot be made leaves version, history and outbox as they were."""
    case = await commune.reports(await commune.citizen("lanh"))
    with pytest.raises(NotNowError):
        await act(commune.room, case.code, actions.Accept())
    with pytest.raises(NoSuchCaseError):
        await act(commune.room, "PA-991231-9999", actions.Take())
    with pytest.raises(BadCodeError):
        await act(commune.room, "hôm nay", actions.Take())
    with pytest.raises(BadOwnerError):
        commune.as_("bà Lành")

    (head,) = await commune.rows(case_record)
    assert head["version"] == 1
    assert await commune.rows(outbox) == []


async def test_roles_narrow_what_can_be_opened(commune: Commune) -> None:
    """Rights over personal data are not an officer's to see."""
    case = await commune.reports(await commune.citizen("lanh"), "du_lieu_xoa")
    with pytest.raises(NotYoursError):
        await show(commune.as_("canbo01", "officer"), case.code)
    shown = await show(commune.as_("vanphong", "head"), case.code)

    assert shown.file.case.code == case.code


async def test_a_long_answer_is_split_as_the_platform_needs(commune: Commune) -> None:
    """Every part is a send of its own, in order, under one cause."""
    case = await commune.reports(await commune.citizen("lanh"), "ho_tro")
    await answer.answer(commune.room, case.code, "Dạ, xã xin trả lời. " * 300)

    sends = await commune.rows(outbox)
    assert len(sends) > 1
    assert [row["position"] for row in sends] == list(range(len(sends)))
    assert len({row["cause"] for row in sends}) == 1
