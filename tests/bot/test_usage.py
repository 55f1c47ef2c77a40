"""Are procedures counted as they were wanted, by day and nobody?"""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from bot.clock import to_ms
from bot.usage import SLOTS, usage_rows
from handlers.model import Event, Outcome, Tag

EVENT = {"unit_id": "xa", "event_id": "0af"}
LATE = to_ms(datetime(2026, 11, 23, 18, 30, tzinfo=UTC))
"""01:30 on the 24th in the commune."""


def shown(via: str, code: str = "1.001193") -> Event:
    """A procedure was shown."""
    return Event(Tag.PROCEDURE_SHOWN, {"code": code, "via": via})


@pytest.mark.parametrize(
    ("event", "sign"),
    [
        (shown("picked"), "tap"),
        (shown("search"), "answer"),
        (shown("elsewhere"), "answer"),
        (Event(Tag.FEEDBACK_WRONG, {"code": "1.001193", "reason": "x"}), "wrong"),
    ],
)
def test_what_counts(event: Event, sign: str) -> None:
    """A tap, an answer, a complaint: one each, on the local day, without a person."""
    (row,) = usage_rows(EVENT, Outcome(events=(event,)), LATE)

    assert row == {
        "unit_id": "xa",
        "day": "2026-11-24",
        "code": "1.001193",
        "sign": sign,
        "slot": row["slot"],
        "count": 1,
    }
    assert 0 <= row["slot"] < SLOTS


@pytest.mark.parametrize(
    "event",
    [
        shown("button"),
        shown("follow_up"),
        Event(Tag.FEEDBACK_WRONG, {"code": "", "reason": "none_of_these"}),
        Event(Tag.GUIDED, {"topic": "menu"}),
    ],
)
def test_what_does_not_count(event: Event) -> None:
    """Going on about the same procedure, or about none, says nothing new."""
    assert usage_rows(EVENT, Outcome(events=(event,)), LATE) == []


def test_several_matters_count_each() -> None:
    """Two procedures in one answer are two counts; the same twice is a count of two."""
    events = (shown("search"), shown("search", "2"), shown("search"))
    rows = usage_rows(EVENT, Outcome(events=events), LATE)

    assert {(row["code"], row["count"]) for row in rows} == {("1.001193", 2), ("2", 1)}
