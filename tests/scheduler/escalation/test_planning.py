"""Are the steps of a case in order, in working time, and none after its end?"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handlers.cases.case import Clock, Goal
from handlers.cases.kind import shipped as kinds
from handlers.cases.moments import end_of, local_day, to_ms
from scheduler.errors import BadDataError
from scheduler.escalation import chain as chains
from scheduler.escalation.chain import Chain
from scheduler.escalation.planning import Wish, moved, wanted
from scheduler.escalation.work_time import WorkTime
from scheduler.moments import LOCAL
from scheduler.office_hours import WeeklyHours
from tests.scheduler.escalation.people import CALENDAR, HOURS

WORK = WorkTime(CALENDAR, HOURS)
CHAIN = chains.shipped().of("phan_anh")
START = datetime(2026, 11, 25, 2, 0, tzinfo=UTC)
INSTANTS = st.integers(0, 400 * 24 * 60).map(lambda m: START + timedelta(minutes=m))


def clock(
    start: datetime = START, day: date = date(2026, 12, 2), **changes: Any
) -> Clock:
    """Return a running clock of the answer to the end of a day."""
    made = Clock(Goal.ANSWER, "r", is_law=False, started_at=start, date=day, at=None)
    return replace(made, **({"at": end_of(day)} | changes))


@st.composite
def clocks(draw: st.DrawFn) -> Clock:
    """Return a clock of days or of hours, running or not."""
    start = draw(INSTANTS)
    goal = draw(st.sampled_from(Goal))
    if draw(st.booleans()):
        day = CALENDAR.roll(local_day(start) + timedelta(days=draw(st.integers(0, 60))))
        made = clock(start, day, goal=goal)
    else:
        at = start + timedelta(minutes=draw(st.integers(1, 3000)))
        made = clock(start, local_day(at), at=at, goal=goal)
    if draw(st.integers(0, 4)) == 0:
        return replace(made, stopped_at=draw(INSTANTS))
    if draw(st.integers(0, 4)) == 0:
        return replace(made, at=None, date=None)
    return made


def local(wish: Wish) -> str:
    """Return a wish as people read it."""
    return f"{wish.step.name} {wish.due_at.astimezone(LOCAL):%d/%m %H:%M}"


def test_five_working_days() -> None:
    """Received on Wednesday 25/11, due on Wednesday 2/12: five steps, all at 07:30."""
    assert [local(wish) for wish in wanted(CHAIN, [clock()], WORK)] == [
        "due_soon 01/12 07:30",
        "due_today 02/12 07:30",
        "overdue_1 03/12 07:30",
        "overdue_3 07/12 07:30",
        "overdue_7 11/12 07:30",
    ]


def test_hours_of_the_hotline() -> None:
    """Four hours from 09:00: half are left at 11:00, and it ends at 15:00."""
    hotline = chains.shipped().of("duong_day_nong")
    at = datetime(2026, 11, 25, 8, 0, tzinfo=UTC)
    term = clock(day=date(2026, 11, 25), at=at, goal=Goal.ACKNOWLEDGE)

    assert [local(wish) for wish in wanted(hotline, [term], WORK)] == [
        "due_soon 25/11 11:00",
        "missed 25/11 15:00",
        "missed_1 26/11 07:30",
    ]


def test_nobody_is_told_at_tet() -> None:
    """An answer due on the last day before Tết 2027 is overdue when work begins."""
    found = wanted(CHAIN, [clock(day=date(2027, 2, 4))], WORK)
    told = {wish.step.name: wish.due_at for wish in found}

    assert CALENDAR.is_working(local_day(told["overdue_1"]))
    assert local_day(told["overdue_1"]) > date(2027, 2, 8)


def test_an_office_without_hours_has_the_usual_ones() -> None:
    """A unit that said nothing is told from 07:30 on weekdays."""
    work = WorkTime(CALENDAR, WeeklyHours())

    assert wanted(CHAIN, [clock()], work) == wanted(CHAIN, [clock()], WORK)


@given(st.lists(clocks(), max_size=4), st.sampled_from([k.code for k in kinds()]))
def test_steps_are_in_order_and_at_work(running: list[Clock], kind: str) -> None:
    """Each clock's steps rise, fall into office hours, and none is before its start."""
    found = wanted(chains.shipped().of(kind), running, WORK)

    for number, one in enumerate(running):
        mine = [wish for wish in found if wish.number == number]
        instants = [wish.due_at for wish in mine]
        assert instants == sorted(instants)
        assert [wish.rank for wish in mine] == sorted({wish.rank for wish in mine})
        if not one.is_running or one.at is None:
            assert mine == []
        for wish in mine:
            assert wish.due_at >= one.started_at
            is_soon = wish.step.left_permille or wish.step.on_day
            assert is_soon or HOURS.is_open(wish.due_at)


@given(st.lists(clocks(), min_size=1, max_size=3), INSTANTS)
def test_planning_again_moves_nothing(running: list[Clock], now: datetime) -> None:
    """A plan compared with itself asks for no change."""
    wishes = wanted(CHAIN, running, WORK)
    rows = moved("u", "c", [], wishes, now).add

    again = moved("u", "c", rows, wishes, now)
    assert (again.add, again.move) == ([], [])


@given(st.lists(clocks(), min_size=1, max_size=3), INSTANTS, st.data())
def test_nothing_is_due_after_the_end(
    running: list[Clock], now: datetime, data: st.DataObject
) -> None:
    """Once every clock stopped, no step is due; those that ran stay as they ran."""
    rows = moved("u", "c", [], wanted(CHAIN, running, WORK), now).add
    for row in rows:
        if data.draw(st.booleans()):
            row["state"] = "run"
    ended = [replace(one, stopped_at=now) for one in running]
    after = moved("u", "c", rows, wanted(CHAIN, ended, WORK), now)

    assert after.add == []
    left = {key_of(row) for row in rows if row["state"] == "due"}
    assert {key_of(row) for row in after.move} == left
    assert all(row["state"] == "moot" for row in after.move)


def key_of(row: dict[str, Any]) -> tuple[Any, ...]:
    """Return what names a step of a case."""
    return row["number"], row["step"], row["round"]


def kept(rows: Sequence[dict[str, Any]], change: Any) -> list[dict[str, Any]]:
    """Return the rows after a change of the plan."""
    found = {key_of(row): row for row in rows}
    found |= {key_of(row): row for row in [*change.move, *change.add]}
    return list(found.values())


def test_an_extension_moves_what_did_not_run_and_tells_again() -> None:
    """Told that it is due today, then extended: a second round of what ran."""
    first = clock()
    rows = moved("u", "c", [], wanted(CHAIN, [first], WORK), START).add
    for row in rows[:2]:
        row["state"] = "run"
    longer = clock(day=date(2026, 12, 16))
    now = datetime(2026, 12, 2, 3, 0, tzinfo=UTC)
    wishes = wanted(CHAIN, [longer], WORK)
    after = kept(rows, moved("u", "c", rows, wishes, now))

    due = {(row["step"], row["round"]): row for row in after if row["state"] == "due"}
    assert set(due) == {
        ("due_soon", 2),
        ("due_today", 2),
        ("overdue_1", 1),
        ("overdue_3", 1),
        ("overdue_7", 1),
    }
    assert {row["term_at"] for row in due.values()} == {
        to_ms(end_of(longer.date or START.date()))
    }


def test_a_pause_rests_and_a_resumption_goes_on() -> None:
    """While the term rests nothing is due; afterwards what did not run is again."""
    rows = moved("u", "c", [], wanted(CHAIN, [clock()], WORK), START).add
    resting = replace(clock(), at=None, date=None)
    paused = kept(rows, moved("u", "c", rows, wanted(CHAIN, [resting], WORK), START))
    assert {row["state"] for row in paused} == {"moot"}

    wishes = wanted(CHAIN, [clock(day=date(2026, 12, 9))], WORK)
    again = kept(paused, moved("u", "c", paused, wishes, START))
    assert {row["state"] for row in again} == {"due"}
    assert len(again) == len(rows)


@pytest.mark.parametrize("kind", [kind.code for kind in kinds()])
def test_every_kind_has_a_chain_that_keeps(kind: str) -> None:
    """A chain survives being frozen, and overdue answers always reach somebody."""
    found = chains.shipped().of(kind)

    assert chains.load(found.dump()) == found
    assert found.chain_id == chains.load(found.dump()).chain_id
    assert any(step.after_days for step in found.steps[Goal.ANSWER])


def test_shipped_kinds_are_kinds() -> None:
    """Kinds with steps of their own exist."""
    assert chains.shipped().own.keys() <= kinds().by_code.keys()


RUNGS = [{"name": "staff", "owner": True}, {"name": "head", "role": "head"}]
STEP = {"step": "a", "at_end": True, "tell": ["staff"]}


@pytest.mark.parametrize(
    "facts",
    [
        [],
        {"rungs": RUNGS, "default": {}},
        {"rungs": [{"name": "x"}], "default": {}, "kinds": {}},
        {"rungs": RUNGS * 2, "default": {}, "kinds": {}},
        {"rungs": RUNGS, "default": {"dance": []}, "kinds": {}},
        {"rungs": RUNGS, "default": [], "kinds": {}},
        {"rungs": RUNGS, "default": {"answer": [STEP, STEP]}, "kinds": {}},
        {"rungs": RUNGS, "default": {"answer": [STEP | {"tell": ["x"]}]}, "kinds": {}},
        {"rungs": RUNGS, "default": {"answer": [STEP | {"tell": []}]}, "kinds": {}},
        {"rungs": RUNGS, "default": {"answer": [STEP | {"left": 1}]}, "kinds": {}},
        {
            "rungs": RUNGS,
            "default": {"answer": [STEP | {"left_share": 1.5}]},
            "kinds": {},
        },
        {
            "rungs": RUNGS,
            "default": {"answer": [STEP, STEP | {"step": "b", "tell": ["head"]}]},
            "kinds": {},
        },
    ],
)
def test_what_is_wrong_in_the_data_is_refused(facts: Any) -> None:
    """An unknown rung, goal or key, a name twice, or a rung left out on the way."""
    with pytest.raises(BadDataError):
        chains.read(facts)


def test_a_chain_without_steps_asks_for_nothing() -> None:
    """A goal nobody planned for is silent."""
    assert wanted(Chain("x"), [clock()], WORK) == ()
