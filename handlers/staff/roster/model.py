"""What is a shift, leave, a swap? Days and parts of a day are local."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time
from enum import StrEnum
from types import MappingProxyType
from typing import Final
from zoneinfo import ZoneInfo

LOCAL: Final = ZoneInfo("Asia/Ho_Chi_Minh")
ANY: Final = "any"
"""Every channel, or every field, that has no shift of its own."""


class Part(StrEnum):
    """A part of a day; together they leave no minute out (see PART_BEGINS)."""

    SANG = "sang"
    CHIEU = "chieu"
    TOI = "toi"
    NGOAI_GIO = "ngoai_gio"


PART_NAMES: Mapping[Part, str] = MappingProxyType(
    {
        Part.SANG: "Sáng",
        Part.CHIEU: "Chiều",
        Part.TOI: "Tối",
        Part.NGOAI_GIO: "Ngoài giờ",
    }
)
PART_BEGINS: Mapping[Part, time] = MappingProxyType(
    {
        Part.SANG: time(7),
        Part.CHIEU: time(12),
        Part.TOI: time(17, 30),
        Part.NGOAI_GIO: time(22),
    }
)
"""The last one ends when the first begins on the next day; that night is its own."""

POST_NAMES: Mapping[str, str] = MappingProxyType(
    {
        "hotline": "Đường dây nóng",
        "zalo": "Zalo",
        "facebook": "Facebook",
        "web": "Trang web",
        "counter": "Tại trụ sở",
        ANY: "Mọi kênh",
    }
)
"""Where somebody can be on duty; ``hotline`` is a telephone."""


@dataclass(frozen=True, slots=True, order=True)
class Slot:
    """Which duty: at most one shift for each."""

    day: date
    part: Part
    channel: str = ANY
    field: str = ANY


@dataclass(frozen=True, slots=True)
class Shift:
    """Who has a duty; ``phone`` is published, "" when there is none."""

    slot: Slot
    holder: str
    deputy: str | None = None
    phone: str = ""
    shift_id: str = ""

    @property
    def people(self) -> tuple[str, ...]:
        """The codes in the order in which they are to answer."""
        return (self.holder, *filter(None, (self.deputy,)))


@dataclass(frozen=True, slots=True)
class Leave:
    """When somebody is away: whole days, both included, or one part of each."""

    staff_id: str
    first: date
    last: date
    part: Part | None = None
    leave_id: str = ""


class SwapState(StrEnum):
    """How far a request to swap got; all but the first are ends."""

    ASKED = "asked"
    ACCEPTED = "accepted"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"


@dataclass(frozen=True, slots=True)
class Swap:
    """``asker`` wants ``asked`` to take a shift, for ``back_id`` or for nothing."""

    swap_id: str
    shift_id: str
    asker: str
    asked: str
    state: SwapState
    back_id: str | None = None
    asked_at: int = 0


@dataclass(frozen=True, slots=True)
class Plan:
    """The roster of some days, with the leave that touches them."""

    shifts: tuple[Shift, ...] = ()
    leave: tuple[Leave, ...] = ()
    standby: tuple[str, ...] = ()


def local_date(at: datetime) -> date:
    """Return the day of an instant (aware) in the commune."""
    return at.astimezone(LOCAL).date()
