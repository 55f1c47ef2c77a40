"""Does a citizen hear who is on duty, as published, and no more than that?"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

import pytest

from handlers.citizen.on_duty import LOCAL, is_asked, moment
from handlers.citizen.promise import FIRST_LOOK
from handlers.model import Channel, Tag
from handlers.ports import OnDuty, Phone
from scheduler.office_hours import WeeklyHours
from tests.handlers.citizen.talk import (
    MONDAY_8,
    MONDAY_20,
    UNIT,
    Clock,
    Talk,
    data,
    services,
    tags,
    titles,
    words,
)

NAMED = OnDuty(
    "an", "Nguyễn Thị An", "Công chức Văn phòng", "0220 111", True, MONDAY_20
)
UNNAMED = replace(NAMED, name="", title="", phone="")
STANDBY = replace(NAMED, is_shift=False)


@dataclass(slots=True)
class Board:
    """A roster that a test writes by channel; it notes what it is asked."""

    by_channel: dict[str, OnDuty] = field(default_factory=dict)
    asked: list[datetime] = field(default_factory=list)

    def on_duty(self, at: datetime, channel: str, field: str = "") -> OnDuty | None:
        """Return who was written down."""
        del field
        self.asked.append(at)
        return self.by_channel.get(channel)


def talk(board: Board | None, at: datetime = MONDAY_8) -> Talk:
    """Return a citizen on Zalo of a commune with this roster."""
    return Talk(replace(services(clock=Clock(at)), roster=board), at=at)


def both(found: OnDuty = NAMED) -> Board:
    """Return a roster with somebody at Zalo and at the telephone."""
    return Board({"zalo": found, "hotline": found})


@pytest.mark.parametrize(
    "text",
    [
        "ai đang trực",
        "ai dang truc vay",
        "gọi ai trực",
        "hôm nay ai trực",
        "tối nay ai trực zalo ạ",
        "cho hỏi cán bộ nào đang trực",
        "số điện thoại người trực",
        "ai trực đường dây nóng",
        "xin lịch trực tuần này",
        "trực hôm nay là ai",
        "mai ai trực?",
    ],
)
def test_who_is_on_duty_is_asked(text: str) -> None:
    """Usual ways of asking, with and without marks."""
    assert is_asked(text)


@pytest.mark.parametrize(
    "text",
    [
        "ai nộp trực tiếp được",
        "nộp trực tuyến thì gặp ai",
        "số hồ sơ trực tuyến của tôi",
        "cơ quan trực thuộc gọi là gì, ai quản",
        "gọi điện trực tiếp cho chủ tịch",
        "làm khai sinh",
        "",
        "ai trực " + "dài " * 60,
    ],
)
def test_other_questions_are_not(text: str) -> None:
    """Words that only begin alike, and long stories, are read as usual."""
    assert not is_asked(text)


def test_names_as_published() -> None:
    """Name, title and the published number; the public numbers of the commune too."""
    outcome = talk(both()).says("ai đang trực")

    said = words(outcome)
    assert "Trả lời tin nhắn: Nguyễn Thị An, Công chức Văn phòng" in said
    assert "Đường dây nóng: Nguyễn Thị An, Công chức Văn phòng, số 0220 111" in said
    assert "lúc này (08:00 ngày 23/11)" in said
    assert "Trực ban: 0220 0000 000" in said
    assert "Gặp cán bộ" in titles(outcome)
    assert data(outcome, Tag.GUIDED)["topic"] == "lich_truc"


def test_who_is_not_published_is_not_named() -> None:
    """Somebody is there; who, stays with the commune."""
    said = words(talk(both(UNNAMED)).says("ai đang trực"))

    assert "Trả lời tin nhắn: cán bộ trực của xã" in said
    assert "An" not in said
    assert "số 0220 111" not in said


@pytest.mark.parametrize("board", [None, Board(), both(STANDBY)])
def test_nobody_has_a_shift(board: Board | None) -> None:
    """No roster, a gap, or only the standby chain: no name is invented or given."""
    said = words(talk(board).says("ai đang trực"))

    assert "chưa có lịch trực" in said
    assert "An" not in said
    assert "Giờ làm việc: thứ Hai đến thứ Sáu" in said


def test_the_channel_of_the_citizen() -> None:
    """On Facebook it is the shift of Facebook."""
    board = Board({"facebook": NAMED})
    here = talk(board)
    here.channel = Channel.FACEBOOK

    assert "Nguyễn Thị An" in words(here.says("ai đang trực"))
    assert "chưa có lịch trực" in words(talk(board).says("ai đang trực"))


@pytest.mark.parametrize(
    ("text", "day", "hour", "said"),
    [
        ("ai đang trực", 23, 8, "lúc này (08:00 ngày 23/11)"),
        ("hôm nay ai trực", 23, 8, "lúc này (08:00 ngày 23/11)"),
        ("chiều nay ai trực", 23, 15, "chiều ngày 23/11"),
        ("toi nay ai truc", 23, 19, "tối ngày 23/11"),
        ("đêm nay ai trực", 23, 23, "đêm ngày 23/11"),
        ("mai ai trực", 24, 9, "sáng ngày 24/11"),
        ("tối mai gọi ai trực", 24, 19, "tối ngày 24/11"),
    ],
)
def test_when_is_meant(text: str, day: int, hour: int, said: str) -> None:
    """Tonight and tomorrow are asked of the roster, and named in the answer."""
    found = moment(text, MONDAY_8)

    assert found.at == datetime(2026, 11, day, hour, tzinfo=LOCAL)
    assert found.words == said
    board = both()
    assert said in words(talk(board).says(text))
    assert found.at in board.asked


def test_an_emergency_comes_first() -> None:
    """Whoever writes of a fire gets the numbers, not a roster."""
    assert "113" in words(talk(both()).says("cháy nhà"))
    assert tags(talk(both()).says("cháy nhà"))


def test_a_published_duty_phone_joins_the_numbers() -> None:
    """The hotline's number of this shift is told and can be tapped, once."""
    outcome = talk(both()).says("số điện thoại xã")

    assert "Trực đường dây nóng: 0220 111" in words(outcome)
    unit = replace(UNIT, phones=(Phone("Trực ban", "0220.111"),))
    known = Talk(replace(services(unit=unit), roster=both()))
    assert "Trực đường dây nóng" not in words(known.says("số điện thoại xã"))


def test_out_of_hours_the_shift_looks() -> None:
    """In the evening with a shift no opening is promised, but that somebody looks."""
    outcome = talk(both(), MONDAY_20).taps("#canbo")

    assert "Nguyễn Thị An, Công chức Văn phòng đang trong ca trực" in words(outcome)
    assert outcome.handover is not None
    assert outcome.handover.due == MONDAY_20 + FIRST_LOOK
    unnamed = talk(both(UNNAMED), MONDAY_20).taps("#canbo")
    assert "cán bộ trực đang trong ca trực" in words(unnamed)


def test_out_of_hours_without_a_shift_the_opening_is_told() -> None:
    """The standby chain is no promise to a citizen."""
    outcome = talk(both(STANDBY), MONDAY_20).taps("#canbo")

    assert "đầu giờ làm việc thứ Tư, ngày 25/11, 07:30" in words(outcome)
    assert outcome.handover is not None
    assert outcome.handover.due > MONDAY_20 + timedelta(hours=24)


def test_a_shift_without_published_hours() -> None:
    """Hours not published, a shift written: somebody looks soon."""
    base = services(hours=WeeklyHours.parse({}))
    outcome = Talk(replace(base, roster=both())).taps("#canbo")

    assert "đang trong ca trực" in words(outcome)
