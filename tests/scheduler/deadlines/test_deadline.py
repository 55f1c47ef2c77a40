"""Do deadlines keep what the law and good sense say of all of them?"""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scheduler.calendar.shipped import shipped
from scheduler.calendar.working_days import WorkCalendar
from scheduler.deadlines import book
from scheduler.deadlines.deadline import Deadline, deadline
from scheduler.deadlines.pause import Pause
from scheduler.deadlines.rule import Mode, Rule, Unit
from scheduler.errors import NoExtensionError, NoPauseError, NoWorkingDayError
from scheduler.moments import LOCAL, local_day
from scheduler.office_hours import WeeklyHours

COUNTRY = WorkCalendar(shipped())
HOURS = WeeklyHours.parse(
    {"t2-t6": ["07:30-11:30", "13:30-17:00"], "t7": ["07:30-11:30"]}
)
RULES = [rule for some in book.shipped().versions.values() for rule in some]
FORWARD = [rule for rule in RULES if not rule.is_before]
COUNTED = [
    rule for rule in FORWARD if rule.last.term.unit in (Unit.DAYS, Unit.WORKING_DAYS)
]
DAYS = st.dates(date(2026, 1, 1), date(2035, 12, 31))
TIMES = st.times()


def on(rule: Rule, at: date | datetime, **more: object) -> Deadline:
    """Return a deadline on the country's calendar with usual office hours."""
    return deadline(rule, at, COUNTRY, HOURS, **more)  # type: ignore[arg-type]


def rule(code: str, day: date = date(2026, 11, 20)) -> Rule:
    """Return a shipped rule as it was on a day."""
    return book.shipped().rule(code, day)


def end(found: Deadline) -> date:
    """Return the date of a deadline that has one."""
    assert found.date is not None
    return found.date


@given(st.sampled_from(FORWARD), DAYS, st.integers(0, 40))
def test_later_in_later_due(one: Rule, day: date, days: int) -> None:
    """Who comes later is never due earlier."""
    assert end(on(one, day)) <= end(on(one, day + timedelta(days=days)))


@given(st.sampled_from(COUNTED), DAYS, TIMES)
def test_a_clock_of_the_law_knows_no_hour(one: Rule, day: date, at: time) -> None:
    """At night, at noon or without a time: the same day of receipt, the same end."""
    found = on(one, datetime.combine(day, at, LOCAL))

    assert found.date == on(one, day).date
    assert found.at is None


@given(st.sampled_from(COUNTED), DAYS)
def test_office_hours_do_not_move_a_day(one: Rule, day: date) -> None:
    """A Saturday morning at the desk, or no hours at all, changes no day of the law."""
    assert deadline(one, day, COUNTRY).date == end(on(one, day))


@given(st.sampled_from(COUNTED), DAYS)
def test_it_ends_on_a_working_day_and_in_time(one: Rule, day: date) -> None:
    """The end is worked, and is the last day counted or the first worked one after."""
    last, term = end(on(one, day)), one.last.term

    assert COUNTRY.is_working(last)
    if term.unit is Unit.WORKING_DAYS:
        assert COUNTRY.count(day, last) == term.amount
    else:
        assert last == COUNTRY.roll(day + timedelta(days=term.amount))


@given(st.sampled_from(COUNTED), DAYS)
def test_an_extension_is_never_shorter(one: Rule, day: date) -> None:
    """Each extension of each rule ends later than the term without it."""
    for extension in one.extensions:
        granted = [extension.code] * extension.times
        assert end(on(one, day, extensions=granted)) >= end(on(one, day))


@given(st.sampled_from(COUNTED), DAYS, st.integers(0, 80), st.integers(0, 40))
def test_a_pause_gives_back_its_days(
    one: Rule, day: date, after: int, days: int
) -> None:
    """A calendar term moves by as many days as were suspended within it."""
    if not one.pauses or not one.is_in_force(day):
        return
    start = max(day + timedelta(days=after + 1), date(2026, 7, 1))
    pause = Pause(start, start + timedelta(days=days), one.pauses[0].code)
    found = end(on(one, day, pauses=[pause]))
    raw = day + timedelta(days=one.last.term.amount)

    if start > raw:
        assert found == end(on(one, day))
    else:
        assert found == COUNTRY.roll(raw + timedelta(days=days))


@given(st.sampled_from(COUNTED), DAYS, st.integers(1, 20), st.integers(1, 20))
def test_pauses_that_overlap_count_once(
    one: Rule, day: date, first: int, second: int
) -> None:
    """Two suspensions of the same days take no more than their union."""
    if not one.pauses:
        return
    start, reason = max(day, date(2026, 7, 1)), one.pauses[0].code
    pauses = [
        Pause(start, start + timedelta(days=number), reason)
        for number in (first, second)
    ]
    longest = max(pauses, key=lambda pause: pause.end or start)

    assert on(one, day, pauses=pauses).date == on(one, day, pauses=[longest]).date


@given(st.sampled_from(RULES), DAYS, TIMES)
def test_the_steps_lie_in_order(one: Rule, day: date, at: time) -> None:
    """Steps are sorted, end with the deadline, and each says how it was counted."""
    found = on(one, datetime.combine(day, at, LOCAL))
    dates = [step.date or date.max for step in found.steps]

    assert dates == sorted(dates)
    assert found.date in dates
    assert len(found.steps) == len(one.steps) + 1
    assert all(step.working and step.basis and step.name for step in found.steps)


@given(DAYS, TIMES)
def test_seventy_two_hours(day: date, at: time) -> None:
    """Hours of the law run day and night, from the instant."""
    detected = datetime.combine(day, at, LOCAL)
    found = on(rule("su_co_dlcn"), detected.astimezone(UTC))

    assert found.at == detected + timedelta(hours=72)
    assert found.date == local_day(detected) + timedelta(days=3)


@given(DAYS)
def test_the_weekly_reception_is_in_this_week_or_the_next_worked(day: date) -> None:
    """The last working day of a week: after it in that week nobody works."""
    last = end(on(rule("tiep_dan_chu_tich"), day))
    rest = range(1, 7 - last.weekday())

    assert last >= day
    assert COUNTRY.is_working(last)
    assert not any(COUNTRY.is_working(last + timedelta(days=n)) for n in rest)


@pytest.mark.parametrize(
    ("code", "extensions"),
    [
        ("khieu_nai_giai_quyet", ["phuc_tap", "phuc_tap"]),
        ("khieu_nai_giai_quyet", ["phuc_tap", "vung_sau"]),
        ("to_cao_giai_quyet", ["phuc_tap", "dac_biet_phuc_tap"]),
        ("to_cao_giai_quyet", ["dac_biet_phuc_tap"] * 3),
        ("phan_anh_chuyen", ["phuc_tap"]),
    ],
)
def test_extensions_the_law_does_not_give(code: str, extensions: list[str]) -> None:
    """Twice, two kinds at once, too often or unknown: refused by name."""
    with pytest.raises(NoExtensionError) as caught:
        on(rule(code), date(2026, 11, 20), extensions=extensions)

    assert code in str(caught.value)


@pytest.mark.parametrize(
    ("code", "pause"),
    [
        ("phan_anh_chuyen", Pause(date(2026, 12, 1), None, "tam_dinh_chi")),
        ("khieu_nai_giai_quyet", Pause(date(2026, 12, 1), None, "nghi_phep")),
        ("khieu_nai_giai_quyet", Pause(date(2026, 6, 30), None, "tam_dinh_chi")),
        (
            "khieu_nai_giai_quyet",
            Pause(date(2026, 12, 2), date(2026, 12, 1), "tam_dinh_chi"),
        ),
    ],
)
def test_pauses_the_law_does_not_give(code: str, pause: Pause) -> None:
    """No such reason, before the law allowed it, or ended before it began: refused."""
    with pytest.raises(NoPauseError):
        on(rule(code), date(2026, 11, 20), pauses=[pause])


def test_while_suspended_there_is_no_date() -> None:
    """An open suspension leaves the day open, and says since when."""
    pause = Pause(date(2026, 12, 1), None, "tam_dinh_chi")
    found = on(rule("khieu_nai_giai_quyet"), date(2026, 11, 20), pauses=[pause])

    assert found.date is None
    assert "01/12/2026, đang tạm dừng" in found.steps[0].working


def test_a_promise_is_called_one() -> None:
    """What the law does not set is the commune's own, and not yet confirmed."""
    found = on(rule("phan_anh_tra_loi"), date(2026, 3, 2))

    assert all(step.promise for step in found.steps)
    assert any("cam kết của xã" in note for note in found.notes)
    assert any("chưa được đối chiếu" in note for note in found.notes)


def test_the_law_is_no_promise() -> None:
    """A clear rule in a year with its notice has nothing to warn of."""
    found = on(rule("khieu_nai_gui_qd"), date(2026, 3, 2))

    assert not found.steps[0].promise
    assert found.notes == ()


def test_an_open_swap_is_told_where_it_matters() -> None:
    """Whether 23/11 is worked moves one term, and the other day is named."""
    moved = on(rule("dlcn_tiep_nhan"), date(2026, 11, 20)).notes
    same = on(rule("khieu_nai_giai_quyet"), date(2026, 11, 2)).notes
    step = on(rule("phan_anh_tra_loi"), date(2026, 11, 20)).notes

    assert len(moved) == 1
    assert moved[0].endswith("Nếu được xác nhận, hạn là ngày 26/11/2026.")
    assert same == ()
    assert step[-1].endswith("một bước ở giữa đổi ngày.")


def test_a_year_without_its_notice_is_told() -> None:
    """A term that reaches into 2027 stands on days that may still change."""
    notes = on(rule("phan_anh_chuyen"), date(2026, 12, 30)).notes

    assert len(notes) == 1
    assert "2027" in notes[0]


def test_extensions_are_told_in_the_working() -> None:
    """What was granted stands in the line that explains the day."""
    found = on(rule("dlcn_xoa"), date(2026, 3, 2), extensions=["gia_han", "ben_xu_ly"])

    assert found.steps[-1].working == (
        "20 ngày, gia hạn thành 30 ngày (phải qua bên xử lý), gia hạn thêm 20 ngày"
        " (gia hạn) kể từ ngày 02/03/2026, không tính ngày đó"
    )


def test_an_office_that_never_opens_again() -> None:
    """A calendar without working days ends in an error, not in a loop."""
    first = date(2026, 3, 1)
    closed = WorkCalendar(
        shipped(), frozenset(first + timedelta(days=n) for n in range(8000))
    )

    with pytest.raises(NoWorkingDayError):
        deadline(rule("phan_anh_chuyen"), first, closed)


def test_every_total_is_longer_than_its_term() -> None:
    """A total that replaces a term is in its unit and larger."""
    for one in RULES:
        for extension in one.extensions:
            if extension.mode is Mode.TOTAL:
                assert extension.term.unit is one.last.term.unit
                assert extension.term.amount > one.last.term.amount
