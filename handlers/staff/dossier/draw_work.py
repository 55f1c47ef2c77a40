"""What do answers, opinions and monthly numbers come to?"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from statistics import median
from typing import Final

from handlers.cases.moments import from_ms, local_day
from handlers.model import Tag
from handlers.staff.dossier.draw import REF, Days, clock, finding, number, share
from handlers.staff.dossier.finding import Found
from handlers.staff.dossier.log import Line
from handlers.staff.dossier.sheet import listed
from handlers.staff.reports.counters import name_of
from handlers.staff.reports.figures import HAPPY, SCORES
from handlers.staff.reports.period import Period
from messages.criteria.model import Draw

MINUTE_MS: Final = 60_000
SERVICE: Final = "xa"
"""What is rated when it is no case and no counter (handlers.citizen.rating)."""


@dataclass(slots=True)
class Replies:
    """Measures from a message's arrival to our first answer handed to its platform.

    When it arrived stands in its id (storage.ids); messages answered by a person later
    are in the cases.
    """

    draw: Draw
    sends: dict[str, str] = field(default_factory=dict)
    waited: list[int] = field(default_factory=list)
    seen: set[str] = field(default_factory=set)
    when: list[date] = field(default_factory=list)

    @property
    def tags(self) -> frozenset[str]:
        """Answers, and sends that a platform took."""
        return frozenset({Tag.MESSAGE_ANSWERED.value, Tag.SEND_ACCEPTED.value})

    def take(self, line: Line) -> None:
        """Tie a send to its message."""
        if line.tag == Tag.MESSAGE_ANSWERED.value:
            if line.subject not in self.seen:
                self.seen.add(line.subject)
                self.sends[str(line.data.get("send", ""))] = line.subject
        elif (event := self.sends.pop(line.subject, "")) != "":
            arrived = _arrived(event)
            if arrived is not None and line.at >= arrived:
                self.waited.append(line.at - arrived)
                self.when.append(local_day(from_ms(line.at)))

    def found(self, days: Days) -> Found:
        """Say the median and the share within a minute."""
        if not self.waited:
            return finding(self.draw, days, 0, "chưa có lượt nào", ())
        quick = sum(one <= MINUTE_MS for one in self.waited)
        half = median(self.waited) / 1000
        seconds = f"{half:.1f}".replace(".", ",")
        words = f"{number(len(self.waited))} tin được trả lời; một nửa trong vòng "
        words += f"{seconds} giây"
        words += f"; trong một phút: {share(quick, len(self.waited))}"
        return finding(self.draw, days, len(self.waited), words, self.when)


def _arrived(event_id: str) -> int | None:
    try:
        return int(event_id[:12], 16)
    except ValueError:
        return None


@dataclass(slots=True)
class Survey:
    """Adds up scores: of cases, counters, the service as a whole."""

    draw: Draw
    lines: list[Line] = field(default_factory=list)

    @property
    def tags(self) -> frozenset[str]:
        """Scores."""
        return frozenset({Tag.RATED.value})

    def take(self, line: Line) -> None:
        """Keep a score about something wanted."""
        if _about(str(line.data.get("about", ""))) in self.draw.about:
            self.lines.append(line)

    def found(self, days: Days) -> Found:
        """Say how many answered and how many were satisfied."""
        scores = Counter(int(line.data["score"]) for line in self.lines)
        total = sum(scores.values())
        happy = sum(n for score, n in scores.items() if score >= HAPPY)
        words = f"{number(total)} lượt đánh giá"
        words += f", hài lòng {share(happy, total)}" if total else ""
        table = (
            tuple(f"{score} điểm" for score in SCORES),
            tuple(number(scores[score]) for score in SCORES),
        )
        rows = [
            (
                clock(one.at),
                _place(str(one.data["about"])),
                str(one.data["score"]),
                one.entry_id,
            )
            for one in self.lines
        ]
        head = ("Lúc", "Đánh giá", "Điểm (1–5)", REF)
        files = (listed(self.draw.title, head, rows),) if rows else ()
        when = [local_day(from_ms(line.at)) for line in self.lines]
        return finding(
            self.draw,
            days,
            total,
            words,
            when,
            table=table if total else (),
            files=files,
        )


def _about(code: str) -> str:
    if code == SERVICE:
        return "service"
    return "counter" if name_of(code) else "case"


def _place(code: str) -> str:
    return "Xã" if code == SERVICE else name_of(code) or f"Việc {code}"


@dataclass(slots=True)
class Online:
    """The numbers that staff entered month by month; the last entry counts."""

    draw: Draw
    months: dict[str, Mapping[str, object]] = field(default_factory=dict)
    refs: dict[str, str] = field(default_factory=dict)

    @property
    def tags(self) -> frozenset[str]:
        """Numbers entered."""
        return frozenset({Tag.RESULTS_RECORDED.value})

    def take(self, line: Line) -> None:
        """Put the newest in place of the one before."""
        month = str(line.data["month"])
        self.months[month], self.refs[month] = line.data, line.entry_id

    def found(self, days: Days) -> Found:
        """Say how many were received online, and finished in time."""
        told = {code: Period.parse(code) for code in sorted(self.months)}
        mine = [
            c for c, p in told.items() if days.first <= p.last and p.first <= days.last
        ]
        sums = {name: sum(self._of(c, name) for c in mine) for name in _NUMBERS}
        online, in_time = (
            share(sums["online"], sums["received"]),
            share(sums["in_time"], sums["finished"]),
        )
        words = f"{len(mine)} tháng có số liệu"
        words += f"; trực tuyến {online}, đúng hạn {in_time}" if mine else ""
        rows = [
            (told[c].name, *(number(self._of(c, n)) for n in _NUMBERS), self.refs[c])
            for c in mine
        ]
        head = ("Tháng", *_NUMBERS.values(), REF)
        files = (listed(self.draw.title, head, rows),) if rows else ()
        when = [max(told[c].first, days.first) for c in mine]
        return finding(self.draw, days, len(mine), words, when, table=(), files=files)

    def _of(self, month: str, name: str) -> int:
        return int(str(self.months[month].get(name, 0)))


_NUMBERS: Final = {
    "received": "Tiếp nhận",
    "online": "Trực tuyến",
    "finished": "Đã giải quyết",
    "in_time": "Đúng hạn",
}
