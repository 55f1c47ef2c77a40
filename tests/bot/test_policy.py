"""May we write, as what, and when? Every channel, age, author and priority."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.policy import (
    LOCAL,
    WEEKLY_CAP,
    WINDOWS,
    Allow,
    Delay,
    Refuse,
    Request,
    decide,
    is_reply,
)
from handlers.model import STAFF_CHANNELS, Channel
from storage.outbox import Priority

NOON = datetime(2026, 11, 23, 5, 0, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
DAY = timedelta(days=1)
HOURS = timedelta(hours=1)
ZALO, FACEBOOK = Channel.ZALO, Channel.FACEBOOK
ANSWERS = (Priority.REPLY, Priority.STAFF, Priority.CASE)
OURS = (Priority.LETTER, Priority.BULK)

PLAIN, AS_HUMAN = Allow(), Allow(human_agent=True)
NO_ZALO, NO_FACEBOOK = Refuse("zalo_window_7d"), Refuse("facebook_window_24h")

TABLE = [
    (ZALO, timedelta(0), PLAIN, PLAIN),
    (ZALO, 48 * HOURS, PLAIN, PLAIN),
    (ZALO, 48 * HOURS + MINUTE, PLAIN, PLAIN),
    (ZALO, 7 * DAY, PLAIN, PLAIN),
    (ZALO, 7 * DAY + MINUTE, NO_ZALO, NO_ZALO),
    (ZALO, 365 * DAY, NO_ZALO, NO_ZALO),
    (ZALO, None, NO_ZALO, NO_ZALO),
    (FACEBOOK, timedelta(0), PLAIN, PLAIN),
    (FACEBOOK, 24 * HOURS, PLAIN, PLAIN),
    (FACEBOOK, 24 * HOURS + MINUTE, NO_FACEBOOK, AS_HUMAN),
    (FACEBOOK, 7 * DAY, NO_FACEBOOK, AS_HUMAN),
    (FACEBOOK, 7 * DAY + MINUTE, NO_FACEBOOK, NO_FACEBOOK),
    (FACEBOOK, None, NO_FACEBOOK, NO_FACEBOOK),
]


def request(
    channel: Channel = ZALO,
    priority: Priority = Priority.REPLY,
    *,
    human: bool = False,
    age: timedelta | None = timedelta(0),
    now: datetime = NOON,
    **more: Any,
) -> Request:
    """Return a request of an age."""
    last = None if age is None else now - age
    known = {"opted_out": False, **more}
    return Request(channel, priority, human, last, **known)


@pytest.mark.parametrize("priority", Priority)
@pytest.mark.parametrize(("channel", "age", "machine", "person"), TABLE)
def test_the_window_of_each_platform(
    channel: Channel,
    age: timedelta | None,
    machine: Allow | Refuse,
    person: Allow | Refuse,
    priority: Priority,
) -> None:
    """By day the age of the last word decides, for machine and person apart."""
    told = request(channel, priority, age=age)
    typed = request(channel, priority, human=True, age=age)

    assert decide(told, NOON) == machine
    assert decide(typed, NOON) == person


def test_every_channel_has_a_window_with_a_source() -> None:
    """No platform of ours is without its rule and the page it comes from."""
    assert set(WINDOWS) == set(Channel) - STAFF_CHANNELS
    assert all("PLATFORMS.md" in window.source for window in WINDOWS.values())


@pytest.mark.parametrize("channel", sorted(STAFF_CHANNELS))
def test_our_own_people_have_no_window(channel: Channel) -> None:
    """Staff are told at any hour, however long ago somebody wrote there."""
    assert decide(request(channel, Priority.STAFF, age=None), NOON) == PLAIN


@pytest.mark.parametrize("priority", ANSWERS)
@pytest.mark.parametrize(
    "binding",
    [
        {"opted_out": True},
        {"celebrations_stopped": True},
        {"started_by_us": WEEKLY_CAP},
        {"now": datetime(2026, 11, 23, 18, 0, tzinfo=UTC)},
    ],
)
def test_an_answer_is_never_held_back(
    priority: Priority, binding: dict[str, Any]
) -> None:
    """Night, caps and opting out do not bind what the citizen asked for."""
    told = {"now": NOON} | binding

    assert is_reply(priority)
    assert decide(request(priority=priority, **told), told["now"]) == PLAIN


@pytest.mark.parametrize("priority", OURS)
@pytest.mark.parametrize("human", [False, True])
def test_who_opted_out_hears_nothing_we_start(
    priority: Priority,
    human: bool,
) -> None:
    """Neither a machine nor a person writes first to somebody who said stop."""
    told = request(priority=priority, human=human, opted_out=True)

    assert decide(told, NOON) == Refuse("opted_out")


@pytest.mark.parametrize("priority", OURS)
def test_stopped_celebrations_are_refused(priority: Priority) -> None:
    """A stop of celebrations ends what we start, with a code of its own."""
    told = request(priority=priority, celebrations_stopped=True)

    assert decide(told, NOON) == Refuse("celebrations_stopped")


@pytest.mark.parametrize("priority", OURS)
def test_the_weekly_cap_delays(priority: Priority) -> None:
    """The third message of ours in a week waits a day and is asked again."""
    below = request(priority=priority, started_by_us=WEEKLY_CAP - 1)
    full = request(priority=priority, started_by_us=WEEKLY_CAP)

    assert decide(below, NOON) == PLAIN
    assert decide(full, NOON) == Delay(NOON + DAY, "weekly_cap")


@pytest.mark.parametrize("priority", OURS)
@pytest.mark.parametrize(
    ("local", "until"),
    [
        ("2026-11-23T21:59:59", None),
        ("2026-11-23T22:00:00", "2026-11-24T06:00:00"),
        ("2026-11-23T23:59:59", "2026-11-24T06:00:00"),
        ("2026-11-24T00:00:00", "2026-11-24T06:00:00"),
        ("2026-11-24T05:59:59", "2026-11-24T06:00:00"),
        ("2026-11-24T06:00:00", None),
        ("2026-12-31T23:00:00", "2027-01-01T06:00:00"),
    ],
)
def test_nothing_we_start_arrives_at_night(
    priority: Priority, local: str, until: str | None
) -> None:
    """From 22:00 to 06:00 in Việt Nam our own messages wait for the morning."""
    now = datetime.fromisoformat(local).replace(tzinfo=LOCAL)
    verdict = decide(request(priority=priority, now=now), now.astimezone(UTC))

    if until is None:
        assert verdict == PLAIN
    else:
        morning = datetime.fromisoformat(until).replace(tzinfo=LOCAL)
        assert verdict == Delay(morning, "quiet_hours")


def test_a_closed_window_is_told_before_the_night_is_over() -> None:
    """Opting out is final at night too; it is no delay."""
    night = datetime(2026, 11, 23, 18, 0, tzinfo=UTC)
    told = request(priority=Priority.BULK, now=night, opted_out=True)

    assert decide(told, night) == Refuse("opted_out")


@given(
    st.sampled_from(sorted(WINDOWS)),
    st.sampled_from(Priority),
    st.booleans(),
    st.integers(0, 30 * 86_400),
    st.booleans(),
    st.integers(0, 5),
    st.datetimes(datetime(2026, 1, 1), datetime(2030, 1, 1), timezones=st.just(UTC)),  # noqa: DTZ001  hypothesis wants naive bounds
)
def test_any_request_gets_a_sane_verdict(
    channel: Channel,
    priority: Priority,
    human: bool,
    seconds: int,
    stopped: bool,
    started: int,
    now: datetime,
) -> None:
    """A delay lies ahead, a tag is only for people, an answer is never delayed."""
    told = request(
        channel,
        priority,
        human=human,
        age=timedelta(seconds=seconds),
        now=now,
        opted_out=stopped,
        started_by_us=started,
    )

    verdict = decide(told, now)

    if isinstance(verdict, Delay):
        assert verdict.until > now
        assert not is_reply(priority)
        assert verdict.until - now <= DAY
    if isinstance(verdict, Allow) and verdict.human_agent:
        assert human
        assert channel is FACEBOOK
    if isinstance(verdict, Allow):
        assert seconds <= 7 * 86_400
