"""How is evidence of one kind drawn from the log? What all kinds share, and lists.

Each collector sees the entries it asked for once, in order, and says at the end what
it found. Nothing is estimated: a figure is a count of entries.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Protocol

from handlers.cases.moments import LOCAL, from_ms, local_day
from handlers.staff.dossier.finding import Attachment, Found
from handlers.staff.dossier.log import Line
from handlers.staff.dossier.sheet import listed_later
from handlers.staff.dossier.spans import gaps, spans, told
from messages.criteria.model import Draw, Every

REF = "Mã trong nhật ký"


@dataclass(frozen=True, slots=True)
class Days:
    """The time a dossier is about, both days included, cut at its point."""

    first: date
    last: date


class Collector(Protocol):
    """Takes entries with these tags and says what they come to."""

    @property
    def tags(self) -> frozenset[str]:
        """The tags it wants."""
        ...

    def take(self, line: Line) -> None:
        """See one entry."""
        ...

    def found(self, days: Days) -> Found:
        """Say what there is."""
        ...


@dataclass(slots=True)
class Entries:
    """Counts entries and lists them; with several tags, each subject once."""

    draw: Draw
    lines: list[bytes] = field(default_factory=list)
    subjects: set[str] = field(default_factory=set)
    days: Counter[date] = field(default_factory=Counter)

    @property
    def tags(self) -> frozenset[str]:
        """Those of the draw."""
        return frozenset(self.draw.tags)

    def take(self, line: Line) -> None:
        """Keep it when its fields fit."""
        if not fits(self.draw, line):
            return
        if len(self.draw.tags) > 1:  # steps of one thing: counted once
            if line.subject in self.subjects:
                return
            self.subjects.add(line.subject)
        self.days[local_day(from_ms(line.at))] += 1
        # A year has a hundred thousand of them: bytes take a fifth of what Line takes.
        self.lines.append(
            "\0".join((str(line.at), line.entry_id, _said(line))).encode()
        )

    def found(self, days: Days) -> Found:
        """Say how many, month by month, and which months have none."""
        count, head = len(self.lines), ("Lúc", REF, "Nội dung")
        files = (listed_later(self.draw.title, head, count, self._rows),)
        return finding(
            self.draw,
            days,
            count,
            f"{number(count)} lượt",
            list(self.days.elements()),
            files=files if count else (),
        )

    def _rows(self) -> Iterator[tuple[str, ...]]:
        for kept in self.lines:
            at, entry_id, said = kept.decode().split("\0")
            yield clock(int(at)), entry_id, said


def finding(
    draw: Draw,
    days: Days,
    count: int,
    words: str,
    when: Sequence[date],
    *,
    table: tuple[tuple[str, ...], ...] | None = None,
    files: tuple[Attachment, ...] = (),
) -> Found:
    """Judge a count by what the draw needs; the table is by month unless given."""
    lacks = lacking(draw.title, draw.need, draw.every, count, days, when)
    return Found(
        draw.title,
        count,
        words,
        not lacks,
        lacks,
        draw.advice,
        monthly(days, when) if table is None else table,
        files,
    )


def lacking(
    title: str, need: int, every: Every, count: int, days: Days, when: Iterable[date]
) -> tuple[str, ...]:
    """Return what is missing, in words."""
    if need <= 0:
        return ()
    if not count and need == 1:
        return (f"{title}: chưa có.",)
    if count < need:
        return (f"{title}: có {number(count)}, cần ít nhất {number(need)}.",)
    missing = gaps(every, days.first, days.last, when)
    return (f"{title}: {told(missing, every)}.",) if missing else ()


def monthly(days: Days, when: Iterable[date]) -> tuple[tuple[str, ...], ...]:
    """Return two lines, months above counts; nothing for a time within a month."""
    months = spans(Every.MONTH, days.first, days.last)
    counts = Counter((day.year, day.month) for day in when)
    if len(months) < 2 or not counts:  # noqa: PLR2004  one month is the total
        return ()
    at = [(span.first.year, span.first.month) for span in months]
    return (
        tuple(f"{month}/{year % 100:02d}" for year, month in at),
        tuple(number(counts[key]) for key in at),
    )


def fits(draw: Draw, line: Line) -> bool:
    """Whether the fields of an entry have one of the values wanted of each."""
    return all(
        not set(str(line.data.get(name, "")).split(",")).isdisjoint(values)
        for name, values in draw.where.items()
    )


def number(value: int) -> str:
    """Write a number as it is written here: 12.345."""
    return f"{value:,}".replace(",", ".")


def share(part: int, whole: int) -> str:
    """Write a share: "87,5%"; "—" of nothing."""
    return f"{100 * part / whole:.1f}%".replace(".", ",") if whole else "—"


def clock(at: int) -> str:
    """Write an instant (UTC ms) in local time."""
    return f"{from_ms(at).astimezone(LOCAL):%d/%m/%Y %H:%M}"


_HIDDEN = frozenset(
    {"by", "send", "event", "sha256", "words", "mark", "reply", "ms", "via", "sure"}
    | {"as_of", "version", "approved", "layer", "rejected", "unchanged", "source"}
)
"""What tells a programmer something and nobody else."""
_NAMES = {
    "about": "về",
    "added": "thêm",
    "changed": "sửa",
    "channel": "kênh",
    "code": "mã",
    "facets": "hỏi về",
    "kind": "loại",
    "part": "buổi",
    "period": "kỳ",
    "place": "nơi",
    "removed": "bỏ",
    "state": "tình trạng",
    "topic": "về",
}
_VALUES = {
    "board": "niêm yết",
    "card": "thông tin chung",
    "dien_thoai": "số điện thoại",
    "documents": "giấy tờ cần có",
    "facebook": "Facebook",
    "fee": "phí, lệ phí",
    "lich_tiep_dan": "lịch tiếp công dân",
    "nop_online": "nộp trực tuyến",
    "online": "nộp trực tuyến",
    "place": "nơi nộp",
    "posted": "đã đăng",
    "time": "thời hạn",
    "zalo": "Zalo",
}


def _said(line: Line) -> str:
    """What an entry says, as far as it is for people; it holds no words of anybody."""
    kept = {k: v for k, v in sorted(line.data.items()) if k not in _HIDDEN and v != ""}
    return "; ".join(f"{_NAMES.get(k, k)}: {_value(v)}" for k, v in kept.items())


def _value(value: object) -> str:
    parts = str(value).split(",")
    return ", ".join(_VALUES.get(part, part) for part in parts)
