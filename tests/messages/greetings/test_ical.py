"""Can any calendar read the feed, whatever stands in it?"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

from hypothesis import given
from hypothesis import strategies as st

from messages.greetings.ical import LONGEST, Entry, escaped, feed, folded

AT = datetime(2027, 2, 6, 7, 30, tzinfo=timezone(timedelta(hours=7)))
MADE = datetime(2026, 11, 25, tzinfo=UTC)


@given(st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=300))
def test_a_folded_line_is_short_and_comes_back_whole(text: str) -> None:
    """No part has more than 75 octets; unfolding gives the same characters."""
    parts = list(folded(text))

    assert all(len(part.encode()) <= LONGEST for part in parts)
    assert parts[0] + "".join(part[1:] for part in parts[1:]) == text
    assert all(part.startswith(" ") for part in parts[1:])


def test_a_feed_holds_utc_stable_ids_and_escaped_words() -> None:
    """Instants are UTC; commas, semicolons and lines are escaped; lines end CRLF."""
    one = Entry(
        "a@x", AT, AT + timedelta(hours=2), "Tết, xuân; vui", "a\nb\\c", is_sure=True
    )
    text = feed("Lịch gửi xã Mẫu", [one], MADE)

    assert text.count("\r\n") == text.count("\n")
    for line in (
        "UID:a@x",
        "DTSTART:20270206T003000Z",
        "DTEND:20270206T023000Z",
        "DTSTAMP:20261125T000000Z",
        "SUMMARY:Tết\\, xuân\\; vui",
        "DESCRIPTION:a\\nb\\\\c",
        "STATUS:CONFIRMED",
    ):
        assert f"{line}\r\n" in text
    assert feed("Lịch gửi xã Mẫu", [one], MADE) == text


def test_no_control_character_gets_into_a_feed() -> None:
    """A line that would break out of its place cannot."""
    assert escaped("a\r\nBEGIN:VALARM\x00") == "a\\nBEGIN:VALARM"
