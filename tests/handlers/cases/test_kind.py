"""Are the kinds whole: every clock a rule, guidance kept out, every error named?"""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

import pytest

from bot.deadlines import UnitDeadlines
from handlers.cases.case import Goal
from handlers.cases.errors import BadKindsError, UnknownKindError
from handlers.cases.kind import CaseKind, promises, read, shipped
from scheduler.calendar.shipped import shipped as holidays
from scheduler.calendar.working_days import WorkCalendar
from scheduler.deadlines import book
from scheduler.office_hours import WeeklyHours

AT = datetime(2026, 11, 25, 2, 0, tzinfo=UTC)
HOURS = WeeklyHours.parse({"t2-t6": ["07:30-11:30", "13:30-17:00"]})
RECORD: dict[str, Any] = {
    "code": "thu_nghiem",
    "letters": "XX",
    "name": "việc thử",
    "office": "Văn phòng",
    "basis": [
        {"text": "Luật thử", "valid_from": "2026-01-01", "valid_to": "2026-06-30"}
    ],
    "clocks": [{"goal": "answer", "rule": "phan_anh_tra_loi"}],
    "in_chat": True,
    "roles": ["officer"],
    "requires": ["what"],
}


def changed(**fields: Any) -> dict[str, Any]:
    """Return the record with other fields; None takes one away."""
    return {k: v for k, v in {**RECORD, **fields}.items() if v is not None}


@pytest.mark.parametrize("kind", list(shipped()), ids=lambda kind: kind.code)
def test_every_clock_has_its_rule(kind: CaseKind) -> None:
    """Each clock is counted by the real rules on the real calendar, to a date."""
    deadlines = UnitDeadlines(WorkCalendar(holidays()), HOURS)

    for clock in kind.clocks:
        due = deadlines.due(clock.rule, AT, goal=clock.step)
        assert due.date is not None
        assert due.at is not None
        assert due.at > AT


@pytest.mark.parametrize("kind", list(shipped()), ids=lambda kind: kind.code)
def test_every_pause_is_one_of_its_rules(kind: CaseKind) -> None:
    """A lawful reason of a kind is known to the rule of its answer."""
    rules = book.read(promises())
    answer = next((c for c in kind.clocks if c.goal is Goal.ANSWER), None)
    known = answer and {p.code for p in rules.rule(answer.rule, AT.date()).pauses}

    assert kind.pauses <= (known or set())


def test_complaints_and_denunciations_are_only_guided() -> None:
    """They have no clock, no chat; the second is sealed to its handlers alone."""
    complaint, denunciation = shipped().get("khieu_nai"), shipped().get("to_cao")

    assert complaint.is_guidance
    assert denunciation.is_guidance
    assert not complaint.in_chat
    assert not denunciation.in_chat
    assert denunciation.is_sealed
    assert denunciation.roles == {"sealed_handler"}
    assert "to_cao" not in shipped().listed(None)
    assert "to_cao" not in shipped().listed(["sealed_handler", "leader"])
    assert "HD" not in shipped().letters


def test_what_is_no_law_is_called_a_promise() -> None:
    """Every term of promises.yml is the commune's own and not confirmed."""
    rules = book.read(promises())
    own = [rules.rule(str(one["code"]), AT.date()) for one in promises()]

    assert own
    assert all(rule.last.promise and not rule.verified for rule in own)
    assert all(step.promise for rule in own for step in rule.steps)


def test_the_law_on_a_day() -> None:
    """The basis is that of the day of receipt; before it there is none."""
    kind = read([RECORD]).get("thu_nghiem")

    assert kind.basis_on(date(2026, 6, 30)) == "Luật thử"
    assert kind.basis_on(date(2026, 7, 1)) == ""
    assert "155/2026" in shipped().get("khieu_nai").basis_on(date(2026, 7, 1))


@pytest.mark.parametrize(
    "record",
    [
        changed(letters=None),
        changed(letters="X"),
        changed(letters="xx"),
        changed(roles=[]),
        changed(clocks=[]),
        changed(clocks=[{"goal": "sing", "rule": "x"}]),
        changed(guidance=True),
        changed(also={"answer": ["nowhere"]}),
        changed(strange=1),
        changed(basis=[{"text": "x", "valid_from": "32/13"}]),
        "not a record",
    ],
)
def test_a_bad_record_is_named(record: Any) -> None:
    """What cannot be a kind stops the start instead of a citizen's message."""
    with pytest.raises(BadKindsError):
        read([record])


def test_no_two_kinds_have_one_code() -> None:
    """A code given twice is refused, and so is a file that holds no list."""
    with pytest.raises(BadKindsError, match="thu_nghiem"):
        read([RECORD, RECORD])
    with pytest.raises(BadKindsError):
        read({})


def test_an_unknown_kind_is_named() -> None:
    """Asking for a kind that does not exist says so."""
    with pytest.raises(UnknownKindError, match="khong_co"):
        shipped().get("khong_co")
