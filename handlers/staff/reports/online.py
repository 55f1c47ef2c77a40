"""How many procedures were done online? Monthly numbers that staff enter, and publish.

They come from the city's system, which we cannot read (criterion I.1.d asks the commune
to publish number and share). The evidence log is where they are kept: each entry of a
month takes the place of the one before, and all of them stay.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass

from sqlalchemy import Connection

from handlers.model import Tag
from handlers.staff.people.desk import Desk
from handlers.staff.permissions import Action
from handlers.staff.reports.errors import (
    BadNumbersError,
    BadPeriodError,
    StaleNumbersError,
)
from handlers.staff.reports.figures import percent
from handlers.staff.reports.period import Period
from storage import reports

MOST = 1_000_000
PLACES: Mapping[str, str] = {
    "board": "Niêm yết tại trụ sở",
    "zalo": "Zalo của xã",
    "facebook": "Trang Facebook của xã",
    "website": "Trang thông tin điện tử",
    "radio": "Truyền thanh",
}


@dataclass(frozen=True, slots=True)
class Numbers:
    """Applications of a month: received (how many online), finished (in time)."""

    received: int
    online: int
    finished: int
    in_time: int

    @property
    def online_share(self) -> float | None:
        """Percent received online."""
        return percent(self.online, self.received)

    @property
    def in_time_share(self) -> float | None:
        """Percent finished before or at the term."""
        return percent(self.in_time, self.finished)

    def plus(self, other: Numbers) -> Numbers:
        """Add up two months."""
        return Numbers(
            self.received + other.received,
            self.online + other.online,
            self.finished + other.finished,
            self.in_time + other.in_time,
        )


@dataclass(frozen=True, slots=True)
class Published:
    """Where and when (the log's text, UTC) the numbers of a period were made public."""

    place: str
    at: str
    by: str


@dataclass(frozen=True, slots=True)
class MonthNumbers:
    """A month; ``version`` counts its entries, ``numbers`` None: nothing entered."""

    month: Period
    numbers: Numbers | None
    version: int
    by: str = ""


@dataclass(frozen=True, slots=True)
class Sheet:
    """The numbers of a period, month by month, and where they were published."""

    months: tuple[MonthNumbers, ...]
    published: tuple[Published, ...]

    @property
    def total(self) -> Numbers | None:
        """All months that were entered, None when there is none."""
        known = [one.numbers for one in self.months if one.numbers is not None]
        if not known:
            return None
        whole = known[0]
        for one in known[1:]:
            whole = whole.plus(one)
        return whole


async def read(desk: Desk, period: Period) -> Sheet:
    """Return the numbers of a period; raises StrangerError, NotAllowedError."""

    def look(connection: Connection) -> Sheet:
        return sheet(connection, desk.unit_id, period)

    return await desk.look(Action.SEE_REPORTS, look)


async def record(desk: Desk, month: Period, numbers: Numbers, seen: int) -> None:
    """Enter the numbers of a month; ``seen`` is the version that was shown.

    Raises BadPeriodError for what is no month or not begun, BadNumbersError,
    StaleNumbersError, NotAllowedError.
    """
    if month.months != 1 or month.since > desk.now_ms():
        raise BadPeriodError
    _check(numbers)

    def work(connection: Connection) -> None:
        (found,) = sheet(connection, desk.unit_id, month).months
        if found.version != seen:
            raise StaleNumbersError
        told = {"month": month.code, **asdict(numbers)}
        desk.prove(connection, Tag.RESULTS_RECORDED, subject(month), **told)

    await desk.change(Action.RECORD_RESULTS, work)


async def publish(desk: Desk, period: Period, place: str) -> None:
    """Write down that the numbers of a period were made public somewhere.

    Raises BadNumbersError when there are none or the place is unknown.
    """

    def work(connection: Connection) -> None:
        if place not in PLACES:
            raise BadNumbersError(hint="Xin chọn nơi công khai.")
        if sheet(connection, desk.unit_id, period).total is None:
            hint = "Xin nhập số liệu của kỳ này trước khi ghi nhận công khai."
            raise BadNumbersError("Dạ, kỳ này chưa có số liệu.", hint)
        told = {"period": period.code, "place": place}
        desk.prove(connection, Tag.RESULTS_PUBLISHED, subject(period), **told)

    await desk.change(Action.RECORD_RESULTS, work)


def sheet(connection: Connection, unit_id: str, period: Period) -> Sheet:
    """Read the numbers in force."""
    months = {subject(one): one for one in period.single()}
    tag = Tag.RESULTS_RECORDED.value
    entries: dict[str, list[bytes]] = {name: [] for name in months}
    for name, leaf in reports.about(connection, unit_id, tag, list(months)):
        entries[name].append(leaf)
    told = reports.about(
        connection, unit_id, Tag.RESULTS_PUBLISHED.value, [subject(period)]
    )
    return Sheet(
        tuple(_month(month, entries[name]) for name, month in months.items()),
        tuple(_published(leaf) for _, leaf in told),
    )


def subject(period: Period) -> str:
    """Return under which name the log keeps the numbers of a period."""
    return f"online_result:{period.code}"


def _month(month: Period, leaves: Sequence[bytes]) -> MonthNumbers:
    if not leaves:
        return MonthNumbers(month, None, 0)
    data = json.loads(leaves[-1])["data"]
    numbers = Numbers(
        data["received"], data["online"], data["finished"], data["in_time"]
    )
    return MonthNumbers(month, numbers, len(leaves), str(data.get("by", "")))


def _published(leaf: bytes) -> Published:
    entry = json.loads(leaf)
    data = entry["data"]
    return Published(str(data["place"]), entry["at"], str(data.get("by", "")))


def _check(numbers: Numbers) -> None:
    values = asdict(numbers).values()
    if not all(0 <= one <= MOST for one in values):
        raise BadNumbersError(hint="Mỗi số từ 0 đến một triệu.")
    if numbers.online > numbers.received or numbers.in_time > numbers.finished:
        raise BadNumbersError
