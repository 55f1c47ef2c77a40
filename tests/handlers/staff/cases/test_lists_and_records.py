"""Are cases listed, recorded for those who came or phoned, and counted anew?"""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import Connection

from handlers.cases import actions
from handlers.cases.case import Ended, Source, State
from handlers.cases.errors import (
    BadPhoneError,
    BadTimeError,
    CaseError,
    GuidanceOnlyError,
    PersonErasedError,
    TextMissingError,
    UnknownKindError,
)
from handlers.staff.cases.act import act
from handlers.staff.cases.listing import Filter, listed
from handlers.staff.cases.recompute import left, recompute, some
from handlers.staff.cases.record import Report, open_for, phone_of
from handlers.staff.cases.show import show, status
from handlers.staff.cases.telling import Told
from storage.erasure import erase_person
from storage.tables import case_message, identity, outbox, person
from tests.handlers.staff.cases.commune import Commune


def phoned(commune: Commune, **changes: Any) -> Report:
    """Return what somebody said on the telephone an hour ago."""
    report = Report(
        kind="phan_anh",
        text="cống tắc trước cổng chợ",
        source=Source.TELEPHONE,
        received_at=commune.clock.now() - timedelta(hours=1),
        name="Nguyễn Thị Lành",
        phone="+84 912.345.678",
    )
    return replace(report, **changes)


async def test_somebody_who_phoned_gets_the_same_clocks(commune: Commune) -> None:
    """Counted from when they phoned; who recorded it stands in the history."""
    made = await open_for(commune.room, phoned(commune))
    shown = await show(commune.room, made.case.code)

    assert shown.texts["phone"] == "0912345678"
    assert shown.texts["name"] == "Nguyễn Thị Lành"
    assert shown.history[0].by == "canbo01"
    assert made.case.source is Source.TELEPHONE
    assert made.case.received_at < commune.clock.now()
    assert made.case.code in made.receipt
    assert "30/11/2026" in made.receipt
    assert (await commune.tags())[0] == "staff:case:recorded"


async def test_the_same_phone_is_the_same_person(commune: Commune) -> None:
    """However it is written; somebody without a phone is always somebody new."""
    first = await open_for(commune.room, phoned(commune))
    again = await open_for(commune.room, phoned(commune, phone="0912 345 678"))
    nobody = await open_for(commune.room, phoned(commune, phone=""))

    assert first.case.person_id == again.case.person_id
    assert nobody.case.person_id != first.case.person_id
    assert {row["channel"] for row in await commune.rows(identity)} == {"desk"}


async def test_people_who_phoned_are_told_by_people(commune: Commune) -> None:
    """Nothing can be sent; staff see that they have to call."""
    made = await open_for(commune.room, phoned(commune))
    await act(commune.room, made.case.code, actions.Classify("phan_anh"))
    done = await act(commune.room, made.case.code, actions.Accept())

    assert [one.how for one in done.told] == [Told.BY_HAND]
    assert [row["state"] for row in await commune.rows(case_message)] == ["by_hand"]
    assert await commune.rows(outbox) == []


async def test_erasing_somebody_who_phoned(commune: Commune) -> None:
    """The same erasure: key gone, words gone, the case ends, codes stay."""
    made = await open_for(commune.room, phoned(commune))

    def work(connection: Connection) -> None:
        unit_id, person_id = commune.room.unit_id, made.case.person_id
        erase_person(connection, unit_id, person_id, commune.clock.now_ms(), {})

    await commune.room.database.write(work)

    (row,) = await commune.rows(person)
    assert row["wrapped_key"] is None
    shown = await show(commune.room, made.case.code)
    assert shown.file.case.state is State.ERASED
    assert shown.texts == {}
    assert {clock.ended for clock in shown.file.case.clocks} == {Ended.VOID}
    with pytest.raises(PersonErasedError):
        await act(commune.room, made.case.code, actions.Take())
    assert await listed(commune.room, Filter()) == []


async def test_what_cannot_be_recorded(commune: Commune) -> None:
    """Tomorrow, years ago, no words, a bad phone, a denunciation."""
    now = commune.clock.now()
    refused: list[tuple[Report, type[CaseError]]] = [
        (phoned(commune, received_at=now + timedelta(minutes=1)), BadTimeError),
        (phoned(commune, received_at=now - timedelta(days=500)), BadTimeError),
        (phoned(commune, text=" "), TextMissingError),
        (phoned(commune, phone="12"), BadPhoneError),
        (phoned(commune, kind="to_cao"), GuidanceOnlyError),
        (phoned(commune, kind="khieu_nai"), GuidanceOnlyError),
        (phoned(commune, kind="khac"), UnknownKindError),
    ]
    for report, error in refused:
        with pytest.raises(error):
            await open_for(commune.room, report)

    assert await commune.rows(person) == []


@pytest.mark.parametrize(
    ("text", "phone"),
    [
        ("0912 345 678", "0912345678"),
        ("+84-912-345-678", "0912345678"),
        ("84912345678", "0912345678"),
        ("(0220) 3812.345", "02203812345"),
        ("  ", ""),
    ],
)
def test_phones_have_one_form(text: str, phone: str) -> None:
    """Blanks, dots, the country's number: all the same phone."""
    assert phone_of(text) == phone


async def test_lists_by_urgency_owner_state_and_kind(commune: Commune) -> None:
    """What is due first comes first; each filter narrows, sealed kinds never show."""
    lanh = await commune.citizen("lanh")
    slow = await commune.reports(lanh, "kien_nghi")
    quick = await commune.reports(lanh, "yeu_cau_thong_tin")
    await act(commune.room, slow.code, actions.Take())
    await act(commune.room, slow.code, actions.Classify("kien_nghi"))

    async def codes(**wanted: Any) -> list[str]:
        found = await listed(commune.room, Filter(**wanted))
        return [one.case.code for one in found]

    assert await codes() == [quick.code, slow.code]
    assert await codes(owner="canbo01") == [slow.code]
    assert await codes(owner="on_duty") == [quick.code]
    assert await codes(state="classified") == [slow.code]
    assert await codes(kind="yeu_cau_thong_tin") == [quick.code]
    assert await codes(due_in_days=0) == []
    assert await codes(due_in_days=3) == [quick.code]
    assert await codes(is_overdue=True) == []
    commune.passes(days=8)
    (late,) = await listed(commune.room, Filter(is_overdue=True))
    assert (late.case.code, late.is_overdue) == (quick.code, True)
    assert len(await listed(commune.room, Filter(), limit=1)) == 1
    with pytest.raises(CaseError, match="nowhere"):
        await codes(state="nowhere")
    with pytest.raises(UnknownKindError):
        await codes(kind="khac")


async def test_an_officer_sees_no_rights_over_data(commune: Commune) -> None:
    """Roles narrow a list as they narrow a look."""
    lanh = await commune.citizen("lanh")
    await commune.reports(lanh, "du_lieu_xoa")
    report = await commune.reports(lanh)

    officer = await listed(commune.as_("canbo01", "officer"), Filter())
    head = await listed(commune.as_("vanphong", "head"), Filter())
    assert [one.case.code for one in officer] == [report.code]
    assert len(head) == 2


async def test_a_new_holiday_moves_what_is_open(commune: Commune) -> None:
    """Open cases get a new day with a trail and the citizen hears; others stay."""
    lanh = await commune.citizen("lanh")
    case = await commune.reports(lanh)
    done = await commune.reports(lanh, "ho_tro")
    await act(commune.room, done.code, actions.Answer("Dạ, mai ạ."))
    room = commune.with_holidays([date(2026, 11, 26)])
    moved = await recompute(room, "nghi-bu")

    assert [one.case.code for one in moved] == [case.code]
    (proof,) = await commune.proofs("system:case:recomputed")
    assert (proof["due_was"], proof["due"]) == ("2026-11-30", "2026-12-01")
    assert "01/12/2026" in moved[0].told[0].text
    assert await recompute(room, "nghi-bu") == []


async def test_a_long_recount_is_made_in_batches(commune: Commune) -> None:
    """Who comes next goes on; a batch that was not marked is made again harmlessly."""
    names = ("lanh", "may", "nga")
    made = [await commune.reports(await commune.citizen(one)) for one in names]
    room = commune.with_holidays([date(2026, 11, 26)])
    assert await left(room, "lich-moi") == 3

    first = await some(room, "lich-moi", "calendar", 1)
    assert ([one.case.code for one in first.moved], first.left) == ([made[0].code], 2)
    assert await left(room, "lich-moi") == 2
    await recompute(room, "calendar")  # its process dies before it marks the place
    other = commune.with_holidays([date(2026, 11, 26)])
    for wanted in (0, 0):
        again = await some(other, "lich-moi", "calendar", 2)
        assert (again.moved, again.left) == ((), wanted)
    assert len(await commune.proofs("system:case:recomputed")) == 3
    back = await some(commune.room, "lich-cu", "calendar")
    assert (len(back.moved), back.left) == (3, 0)


async def test_the_state_in_a_citizens_words(commune: Commune) -> None:
    """Code, state and day; nothing of what was written."""
    case = await commune.reports(await commune.citizen("lanh"))
    text = await status(commune.room, case.code)

    assert case.code in text
    assert "mới tiếp nhận" in text
    assert "30/11/2026" in text
