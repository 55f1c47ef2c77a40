"""What was made public in a quarter, in which form, and when? (Luật 10/2022, Điều 13)

The list is "made and brought up to date quarter by quarter and posted". It is drawn
from papers that were filed with a place, and from results published at the reports.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Final

from handlers.cases.moments import from_ms, local_day
from handlers.model import Tag
from handlers.staff.dossier.draw import Days, finding
from handlers.staff.dossier.finding import Found
from handlers.staff.dossier.log import Line
from handlers.staff.dossier.paper import PLACES, Paper
from handlers.staff.dossier.sheet import listed
from handlers.staff.reports.online import PLACES as ONLINE_PLACES
from handlers.staff.reports.period import Period
from messages.criteria.model import Draw

SHORTEST: Final[Mapping[str, int]] = {"board": 30, "village": 30, "radio": 3}
"""Days in a row at least (Luật 10/2022/QH15 Điều 13 khoản 2, 3)."""
HEAD: Final = ("Nội dung đã công khai", "Hình thức", "Thời gian", "Ghi chú")


@dataclass(frozen=True, slots=True)
class Published:
    """One line of the list."""

    what: str
    form: str
    first: date
    until: date | None = None
    note: str = ""

    def row(self) -> tuple[str, str, str, str]:
        """Return it as it stands in the list."""
        end = f" – {self.until:%d/%m/%Y}" if self.until else ""
        return (self.what, self.form, f"{self.first:%d/%m/%Y}{end}", self.note)


def of_papers(papers: Iterable[Paper]) -> list[Published]:
    """Return what filed papers show to have been made public."""
    return [_of_paper(one) for one in papers if one.place and one.title]


def _of_paper(one: Paper) -> Published:
    what = f"{one.title} (số {one.number})" if one.number else one.title
    shortest = SHORTEST.get(one.place, 0)
    note = ""
    if shortest and one.until is None:
        note = f"chưa ghi ngày kết thúc (quy định ít nhất {shortest} ngày)"
    elif one.until and (days := (one.until - one.day).days + 1) < shortest:
        note = f"mới {days} ngày, quy định ít nhất {shortest} ngày"
    return Published(what, one.place_name, one.day, one.until, note)


def of_results(lines: Iterable[Line]) -> list[Published]:
    """Return the numbers of online procedures that were made public."""
    return [
        Published(
            f"Kết quả giải quyết thủ tục trực tuyến {_period(line)}",
            _form(str(line.data.get("place", ""))),
            local_day(from_ms(line.at)),
        )
        for line in lines
    ]


def quarters(
    found: Sequence[Published], first: date, last: date
) -> list[tuple[Period, list[Published]]]:
    """Return the lines of each quarter that a time touches, in order."""
    period = Period(first.year, first.month, 1).widened(3)
    made = []
    while period.first <= last:
        mine = [one for one in found if period.first <= one.first <= period.last]
        mine.sort(key=lambda one: (one.first, one.what))
        made.append((period, mine))
        period = period.moved(1)
    return made


def _form(place: str) -> str:
    return ONLINE_PLACES.get(place) or PLACES.get(place, place)


def _period(line: Line) -> str:
    return Period.parse(str(line.data["period"])).name


@dataclass(slots=True)
class PublishedDraw:
    """Brings the list into the dossier."""

    draw: Draw
    papers: Sequence[Paper]
    lines: list[Line] = field(default_factory=list)

    @property
    def tags(self) -> frozenset[str]:
        """Results that were published."""
        return frozenset({Tag.RESULTS_PUBLISHED.value})

    def take(self, line: Line) -> None:
        """Keep it."""
        self.lines.append(line)

    def all(self, days: Days) -> list[Published]:
        """Return every line of the time."""
        found = of_papers(self.papers) + of_results(self.lines)
        return [one for one in found if days.first <= one.first <= days.last]

    def found(self, days: Days) -> Found:
        """Say how many contents were published."""
        told = self.all(days)
        rows = [
            (period.name, *one.row())
            for period, mine in quarters(told, days.first, days.last)
            for one in mine
        ]
        files = (listed(self.draw.title, ("Quý", *HEAD), rows),) if rows else ()
        when = [one.first for one in told]
        words = f"{len(told)} nội dung đã công khai"
        return finding(self.draw, days, len(told), words, when, table=(), files=files)
