"""Does a commune's own calendar file move hours, deadlines and the clock's facts?"""

from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest

from bot.config import Unit, parse_config
from bot.deadlines import calendar_of, deadlines_of
from bot.errors import ConfigError
from bot.own_hours import fingerprint, hours
from tests.bot.support import UNIT, document, platforms

SWAP = """
swaps:
- {rest: "2026-12-31", worked: "2027-01-09", confirmed: true, source: "Thông báo thử"}
"""
MORNING = datetime(2026, 12, 31, 2, 0, tzinfo=UTC)
"""09:00 in the commune, a Thursday."""


def unit(folder: Path, text: str = "", name: str = "lich.yml") -> Unit:
    """Return a unit whose file holds a text; without a text it names none."""
    raw: dict[str, Any] = document(platforms(), "http://127.0.0.1:9")
    raw["units"][UNIT]["office_hours"] = {"t2-t6": ["07:30-11:30"]}
    if text:
        (folder / "lich.yml").write_text(text, encoding="utf-8")
        raw["units"][UNIT]["calendar_file"] = name
    return parse_config(raw, {}, folder).units[UNIT]


def test_a_swap_of_the_file_counts_everywhere(tmp_path: Path) -> None:
    """Nobody is at the desk on the day of rest, and terms skip it."""
    plain, own = unit(tmp_path), unit(tmp_path, SWAP)

    assert hours(plain).is_open(MORNING)
    assert not hours(own).is_open(MORNING)
    assert hours(own).spans(date(2027, 1, 9))
    assert not calendar_of(own).is_working(date(2026, 12, 31))
    received = datetime(2026, 12, 30, 2, 0, tzinfo=UTC)
    due = [
        deadlines_of(one, hours(one)).due("phan_anh_chuyen", received).date
        for one in (plain, own)
    ]
    assert due[0] != due[1]


def test_a_changed_file_is_another_calendar(tmp_path: Path) -> None:
    """The clock sees that and counts running terms again."""
    own = unit(tmp_path, SWAP)
    before = fingerprint(own)
    assert before != fingerprint(unit(tmp_path))
    (tmp_path / "lich.yml").write_text(SWAP.replace("2026-12-31", "2026-12-30"))

    assert fingerprint(own) != before


@pytest.mark.parametrize(
    "text",
    ["[", "swaps: 1", "nghi: []", "swaps: [{rest: hôm nay}]", "notices: [{nam: 2027}]"],
)
def test_a_file_with_a_slip_stops_the_start(tmp_path: Path, text: str) -> None:
    """The key is named; nothing is passed over in silence."""
    with pytest.raises(ConfigError, match=f"units.{UNIT}.calendar_file"):
        unit(tmp_path, text)


def test_a_file_that_is_not_there_stops_the_start(tmp_path: Path) -> None:
    """A path misspelt is a holiday lost."""
    with pytest.raises(ConfigError, match="calendar_file"):
        unit(tmp_path, SWAP, "khac.yml")
