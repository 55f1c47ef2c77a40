"""When may we honestly say that a person will answer?"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from handlers.ports import OfficeHours

FIRST_LOOK = timedelta(hours=1)
"""Inside office hours: our own aim, shown to staff only (DOMAIN §2.1, proposal)."""
UNSET = timedelta(days=1)
"""Hours not published: a reminder for staff; citizens are promised nothing."""
_DAYS = ("thứ Hai", "thứ Ba", "thứ Tư", "thứ Năm", "thứ Sáu", "thứ Bảy", "Chủ nhật")


@dataclass(frozen=True, slots=True)
class Promise:
    """``due`` is for staff; the citizen hears ``opening``, "" when nothing is sure.

    ``is_watched``: the desk is closed, but somebody has a shift.
    """

    due: datetime
    is_open: bool
    opening: str
    is_watched: bool = False


def promise(hours: OfficeHours, now: datetime, *, is_watched: bool = False) -> Promise:
    """Return what may be said at this instant (aware)."""
    if is_watched and not hours.is_open(now):
        return Promise(now + FIRST_LOOK, is_open=False, opening="", is_watched=True)
    if not hours.describe():
        return Promise(now + UNSET, is_open=False, opening="")
    if hours.is_open(now):
        return Promise(now + FIRST_LOOK, is_open=True, opening="")
    opening = hours.next_opening(now)
    if opening <= now:
        return Promise(now + UNSET, is_open=False, opening="")
    return Promise(opening, is_open=False, opening=in_words(opening))


def in_words(at: datetime) -> str:
    """Return an instant as "thứ Tư, ngày 25/11, 07:30", in its own time zone."""
    return f"{_DAYS[at.weekday()]}, ngày {at:%d/%m}, {at:%H:%M}"
