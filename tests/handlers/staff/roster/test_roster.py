"""Are shifts, leave and swaps written by who may, with proof, and never lost?"""

from __future__ import annotations

import asyncio
from datetime import date, timedelta
from typing import Any

import pytest

from handlers.staff.people import errors as people_errors
from handlers.staff.people.departure import leave as depart
from handlers.staff.permissions import Role
from handlers.staff.roster import errors, leave, swaps, view
from handlers.staff.roster.model import ANY, Leave, Part, Shift, Slot, SwapState
from handlers.staff.roster.shifts import clear_shifts, set_shifts, set_standby
from storage import staff
from storage.tables import roster_shift
from tests.handlers.staff.office import StaffOffice

TODAY = date(2026, 11, 23)
MORNING = Slot(TODAY, Part.SANG, "zalo")
AFTERNOON = Slot(TODAY, Part.CHIEU, "zalo")


@pytest.fixture
async def team(staff_office: StaffOffice) -> StaffOffice:
    """Three officers, and a head who keeps the roster."""
    for staff_id in ("an", "binh", "cuc"):
        await staff_office.hire(staff_id)
    await staff_office.hire("dung", Role.HEAD)
    return staff_office


async def written(office: StaffOffice) -> dict[Slot, Shift]:
    """Return the shifts of this month."""
    found = await view.seen(office.desk, TODAY, TODAY + timedelta(days=30))
    return {shift.slot: shift for shift in found.plan.shifts}


async def shift_id(office: StaffOffice, slot: Slot) -> str:
    """Return the id of a shift."""
    return (await written(office))[slot].shift_id


async def test_shifts_are_set_and_changed(team: StaffOffice) -> None:
    """Set again, a shift has new people and its old id; the same does nothing."""
    one = Shift(MORNING, "an", "binh", "0220 111")
    assert await set_shifts(team.desk, [one, Shift(AFTERNOON, "cuc")]) == 2
    before = await shift_id(team, MORNING)
    assert await set_shifts(team.desk, [one]) == 0
    assert await set_shifts(team.desk, [Shift(MORNING, "binh", "an")]) == 1

    found = await written(team)
    assert set(found) == {MORNING, AFTERNOON}
    assert found[MORNING] == Shift(MORNING, "binh", "an", "", before)
    assert (await team.tags())[-3:] == ["staff:shift:set"] * 3
    assert (await team.proofs())[-1][1] == {
        "by": "cli",
        "day": "2026-11-23",
        "part": "sang",
        "channel": "zalo",
        "field": "any",
        "holder": "binh",
        "deputy": "an",
        "phone": False,
    }


async def test_a_published_phone_is_sealed_in_storage(team: StaffOffice) -> None:
    """Even a number that is published lies sealed, bound to its duty."""
    await set_shifts(team.desk, [Shift(MORNING, "an", phone="0220 3812 345")])
    (row,) = await team.rows(roster_shift)

    assert b"3812" not in row["sealed"]
    assert (await written(team))[MORNING].phone == "0220 3812 345"


@pytest.mark.parametrize(
    ("shift", "error"),
    [
        (Shift(Slot(date(2026, 11, 22), Part.SANG), "an"), errors.PastDayError),
        (Shift(Slot(date(2028, 1, 1), Part.SANG), "an"), errors.BadSlotError),
        (Shift(Slot(TODAY, Part.SANG, "fax"), "an"), errors.BadSlotError),
        (Shift(Slot(TODAY, Part.SANG, ANY, "nau_an"), "an"), errors.BadSlotError),
        (Shift(MORNING, "an", "an"), errors.SamePersonError),
        (Shift(MORNING, "ai-do"), people_errors.MemberUnknownError),
        (Shift(MORNING, "an", phone="abc"), people_errors.BadContactError),
    ],
)
async def test_what_cannot_be_a_shift(
    team: StaffOffice, shift: Shift, error: type[Exception]
) -> None:
    """A day gone by, an unknown channel or person: refused, with the rest undone."""
    with pytest.raises(error):
        await set_shifts(team.desk, [Shift(AFTERNOON, "cuc"), shift])

    assert await written(team) == {}


async def test_who_left_gets_no_shift(team: StaffOffice) -> None:
    """Neither as holder nor as deputy."""
    await depart(team.desk, "an")

    with pytest.raises(people_errors.MemberLeftError):
        await set_shifts(team.desk, [Shift(MORNING, "cuc", "an")])


async def test_shifts_are_taken_out(team: StaffOffice) -> None:
    """Once; then there is none to take out."""
    await set_shifts(team.desk, [Shift(MORNING, "an")])

    assert await clear_shifts(team.desk, [MORNING, AFTERNOON]) == 1
    assert await written(team) == {}
    with pytest.raises(errors.ShiftMissingError):
        await clear_shifts(team.desk, [MORNING])
    assert (await team.tags())[-1] == "staff:shift:cleared"


async def test_officers_do_not_write_the_roster(team: StaffOffice) -> None:
    """The head does; an officer asks."""
    assert await set_shifts(team.as_("dung"), [Shift(MORNING, "an")]) == 1
    for work in (
        set_shifts(team.as_("an"), [Shift(MORNING, "binh")]),
        clear_shifts(team.as_("an"), [MORNING]),
        set_standby(team.as_("an"), ["an"]),
    ):
        with pytest.raises(people_errors.NotAllowedError):
            await work


async def test_the_standby_chain(team: StaffOffice) -> None:
    """In order, each once, everybody known; a new chain replaces the old."""
    await set_standby(team.desk, ["dung", "an"])
    await set_standby(team.desk, ["an", "binh"])

    found = await view.seen(team.desk, TODAY, TODAY)
    assert found.plan.standby == ("an", "binh")
    with pytest.raises(errors.SamePersonError):
        await set_standby(team.desk, ["an", "an"])
    with pytest.raises(people_errors.MemberUnknownError):
        await set_standby(team.desk, ["ai-do"])


async def test_leave_names_the_shifts_it_leaves(team: StaffOffice) -> None:
    """Who records leave is told which shifts others must take."""
    await set_shifts(team.desk, [Shift(MORNING, "an"), Shift(AFTERNOON, "cuc", "an")])
    found, left = await leave.record(
        team.as_("an"), Leave("an", TODAY, TODAY, Part.CHIEU)
    )

    assert [shift.slot for shift in left] == [AFTERNOON]
    assert await leave.listed(team.desk, TODAY) == [found]
    assert await leave.withdraw(team.as_("an"), found.leave_id) == found
    assert await leave.listed(team.desk, TODAY) == []
    assert (await team.tags())[-2:] == [
        "staff:leave:recorded",
        "staff:leave:withdrawn",
    ]


@pytest.mark.parametrize(
    ("first", "last"),
    [
        (date(2026, 11, 25), date(2026, 11, 24)),
        (date(2026, 11, 20), date(2026, 11, 22)),
        (date(2026, 11, 23), date(2027, 11, 24)),
    ],
)
async def test_leave_that_cannot_be(team: StaffOffice, first: date, last: date) -> None:
    """Backwards, over already, or longer than a year."""
    with pytest.raises(errors.BadLeaveError):
        await leave.record(team.desk, Leave("an", first, last))


async def test_leave_is_ones_own(team: StaffOffice) -> None:
    """Another officer may neither record nor withdraw it; the head may."""
    mine = Leave("an", TODAY, TODAY)

    with pytest.raises(errors.NotYoursError):
        await leave.record(team.as_("binh"), mine)
    found, _ = await leave.record(team.as_("dung"), mine)
    with pytest.raises(errors.NotYoursError):
        await leave.withdraw(team.as_("binh"), found.leave_id)
    assert len(await leave.listed(team.desk, TODAY)) == 1
    with pytest.raises(errors.LeaveMissingError):
        await leave.withdraw(team.desk, "0" * 32)


async def test_leave_is_seen_with_the_days_it_touches(team: StaffOffice) -> None:
    """A view of some days holds the leave that overlaps them, no other."""
    for first, last in ((-3, 0), (2, 4), (9, 9)):
        days = (TODAY + timedelta(days=first), TODAY + timedelta(days=last))
        await leave.record(team.desk, Leave("an", *days))
    found = await view.seen(team.desk, TODAY, TODAY + timedelta(days=3))

    assert [one.first.day for one in found.plan.leave] == [20, 25]


async def test_a_shift_is_given_away(team: StaffOffice) -> None:
    """Asked by the holder, accepted by the asked: the shift has a new holder."""
    await set_shifts(team.desk, [Shift(MORNING, "an", "binh")])
    asked = await swaps.ask(team.as_("an"), await shift_id(team, MORNING), "binh")
    done = await swaps.accept(team.as_("binh"), asked)

    assert done.state is SwapState.ACCEPTED
    shift = (await written(team))[MORNING]
    assert (shift.holder, shift.deputy) == ("binh", None)
    assert (await team.tags())[-2:] == [
        "staff:shift:swap_asked",
        "staff:shift:swap_ended",
    ]


async def test_two_shifts_change_hands(team: StaffOffice) -> None:
    """An exchange moves both or none."""
    await set_shifts(team.desk, [Shift(MORNING, "an"), Shift(AFTERNOON, "binh")])
    mine, theirs = [await shift_id(team, slot) for slot in (MORNING, AFTERNOON)]
    asked = await swaps.ask(team.as_("an"), mine, "binh", theirs)
    await swaps.accept(team.as_("binh"), asked)
    found = await written(team)

    assert (found[MORNING].holder, found[AFTERNOON].holder) == ("binh", "an")


async def test_an_exchange_of_a_shift_that_moved_on_moves_nothing(
    team: StaffOffice,
) -> None:
    """When one of the shifts has another holder by now, both stay."""
    await set_shifts(team.desk, [Shift(MORNING, "an"), Shift(AFTERNOON, "binh")])
    mine, theirs = [await shift_id(team, slot) for slot in (MORNING, AFTERNOON)]
    asked = await swaps.ask(team.as_("an"), mine, "binh", theirs)
    await set_shifts(team.desk, [Shift(AFTERNOON, "cuc")])

    with pytest.raises(errors.SwapEndedError):
        await swaps.accept(team.as_("binh"), asked)
    found = await written(team)
    assert (found[MORNING].holder, found[AFTERNOON].holder) == ("an", "cuc")
    ((swap, _),) = await swaps.listed(team.desk)
    assert swap.state is SwapState.ASKED


@pytest.mark.parametrize(
    ("by", "state"),
    [
        ("binh", SwapState.REFUSED),
        ("an", SwapState.WITHDRAWN),
        ("dung", SwapState.REFUSED),
    ],
)
async def test_a_request_ends_without_a_swap(
    team: StaffOffice, by: str, state: SwapState
) -> None:
    """Refused by the asked or the head, or withdrawn by the asker; then it is over."""
    await set_shifts(team.desk, [Shift(MORNING, "an")])
    asked = await swaps.ask(team.as_("an"), await shift_id(team, MORNING), "binh")

    assert (await swaps.refuse(team.as_(by), asked)).state is state
    assert (await written(team))[MORNING].holder == "an"
    with pytest.raises(errors.SwapEndedError):
        await swaps.accept(team.as_("binh"), asked)


async def test_who_may_ask_and_answer(team: StaffOffice) -> None:
    """Only the holder asks, only the asked accepts; the head may do both."""
    await set_shifts(team.desk, [Shift(MORNING, "an"), Shift(AFTERNOON, "cuc")])
    mine, theirs = [await shift_id(team, slot) for slot in (MORNING, AFTERNOON)]

    with pytest.raises(errors.NotYoursError):
        await swaps.ask(team.as_("binh"), mine, "binh")
    with pytest.raises(errors.NotYoursError, match="binh"):
        await swaps.ask(team.as_("an"), mine, "binh", theirs)
    with pytest.raises(errors.SamePersonError):
        await swaps.ask(team.as_("an"), mine, "an")
    asked = await swaps.ask(team.as_("dung"), mine, "binh")
    with pytest.raises(errors.NotYoursError):
        await swaps.accept(team.as_("cuc"), asked)
    await swaps.accept(team.as_("dung"), asked)
    with pytest.raises(errors.SwapMissingError):
        await swaps.accept(team.as_("binh"), "0" * 32)
    with pytest.raises(errors.ShiftMissingError):
        await swaps.ask(team.as_("an"), "0" * 32, "binh")


async def test_a_swap_of_yesterday_is_too_late(team: StaffOffice) -> None:
    """A shift gone by stays whose it was."""
    await set_shifts(team.desk, [Shift(MORNING, "an")])
    asked = await swaps.ask(team.as_("an"), await shift_id(team, MORNING), "binh")
    team.clock.advance(timedelta(days=1))

    with pytest.raises(errors.PastDayError):
        await swaps.accept(team.as_("binh"), asked)


async def test_of_two_who_accept_one_gets_it(team: StaffOffice) -> None:
    """Two requests for one shift accepted at the same moment: one holds."""
    await set_shifts(team.desk, [Shift(MORNING, "an")])
    mine = await shift_id(team, MORNING)
    requests = {
        who: await swaps.ask(team.as_("an"), mine, who) for who in ("binh", "cuc")
    }
    done: list[Any] = await asyncio.gather(
        *(swaps.accept(team.as_(who), request) for who, request in requests.items()),
        return_exceptions=True,
    )

    lost = [one for one in done if isinstance(one, errors.SwapEndedError)]
    (won,) = [one for one in done if not isinstance(one, BaseException)]
    assert len(lost) == 1
    assert (await written(team))[MORNING].holder == won.asked


async def test_every_change_moves_the_head(team: StaffOffice) -> None:
    """Shifts, leave and the chain all tell copies in memory that they are old."""
    heads = []

    async def note() -> None:
        desk = team.desk
        heads.append(await desk.database.read(lambda c: staff.head(c, desk.unit_id)))

    await note()
    await set_shifts(team.desk, [Shift(MORNING, "an")])
    await note()
    found, _ = await leave.record(team.desk, Leave("an", TODAY, TODAY))
    await note()
    await leave.withdraw(team.desk, found.leave_id)
    await note()
    await set_standby(team.desk, ["an"])
    await note()

    assert heads == sorted(set(heads))
