"""What do cases and letters come to? Counted from the steps in the log."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from handlers.cases.kind import shipped
from handlers.cases.moments import from_ms, local_day
from handlers.model import Tag
from handlers.staff.dossier.draw import REF, Days, clock, finding, number, share
from handlers.staff.dossier.finding import Attachment, Found
from handlers.staff.dossier.letter_copies import Open, shown
from handlers.staff.dossier.log import Line
from handlers.staff.dossier.sheet import listed
from messages.criteria.model import Draw
from messages.letters.kinds import shipped as letter_kinds

_OPENED = frozenset({Tag.CASE_OPENED.value, Tag.CASE_RECORDED.value})
_DUE = frozenset(
    {
        Tag.CASE_EXTENDED.value,
        Tag.CASE_PAUSED.value,
        Tag.CASE_RESUMED.value,
        Tag.CASE_RECOMPUTED.value,
        Tag.CASE_CLASSIFIED.value,
        Tag.CASE_ACCEPTED.value,
    }
)
_ANSWERED = Tag.CASE_ANSWERED.value


@dataclass(slots=True)
class _Case:
    code: str
    kind: str
    at: int
    entry_id: str
    due: str
    answered: int = 0

    @property
    def is_late(self) -> bool:
        """Whether it was answered after the day it was due."""
        day = local_day(from_ms(self.answered)).isoformat()
        return bool(self.due) and day > self.due


@dataclass(slots=True)
class Cases:
    """Counts cases of some kinds: received, answered, in time. Never sealed ones."""

    draw: Draw
    cases: dict[str, _Case] = field(default_factory=dict)

    @property
    def tags(self) -> frozenset[str]:
        """The steps that count."""
        return _OPENED | _DUE | {_ANSWERED}

    def take(self, line: Line) -> None:
        """Follow a case that was received in this time."""
        if line.tag in _OPENED:
            self._open(line)
        elif (case := self.cases.get(line.subject)) is None:
            return
        elif line.tag == _ANSWERED:
            case.answered = case.answered or line.at
        elif "due" in line.data and not case.answered:
            case.due = str(line.data["due"])

    def _open(self, line: Line) -> None:
        kind = str(line.data.get("kind", ""))
        if kind in self.draw.kinds and kind in shipped().listed(None):
            code, due = str(line.data.get("code", "")), str(line.data.get("due", ""))
            self.cases[line.subject] = _Case(code, kind, line.at, line.entry_id, due)

    def found(self, days: Days) -> Found:
        """Say how many, how many were answered, and the share in time."""
        all_of = list(self.cases.values())
        answered = [one for one in all_of if one.answered]
        late = [one for one in answered if one.is_late]
        words = f"{number(len(all_of))} việc"
        if all_of:
            in_time = share(len(answered) - len(late), len(answered))
            words += f", đã trả lời {number(len(answered))}, đúng hạn {in_time}"
        names = shipped().by_code
        rows = [
            (
                one.code,
                names[one.kind].name,
                clock(one.at),
                _day(one.due),
                clock(one.answered) if one.answered else "chưa trả lời",
                "quá hạn" if one.answered and one.is_late else "",
                one.entry_id,
            )
            for one in all_of
        ]
        head = ("Mã việc", "Loại", "Nhận lúc", "Hạn", "Trả lời lúc", "Ghi chú", REF)
        files = (listed(self.draw.title, head, rows),) if rows else ()
        when = [local_day(from_ms(one.at)) for one in all_of]
        return finding(self.draw, days, len(all_of), words, when, files=files)


_STEPS = {
    Tag.LETTER_MADE.value: "made",
    Tag.LETTER_SIGNED.value: "signed",
    Tag.LETTER_DELIVERED.value: "there",
    Tag.LETTER_HANDED.value: "there",
}


@dataclass(slots=True)
class Letters:
    """Counts letters of some kinds that were signed, and shows some that arrived."""

    draw: Draw
    open: Open
    steps: dict[str, dict[str, Line]] = field(default_factory=dict)

    @property
    def tags(self) -> frozenset[str]:
        """The steps that count."""
        return frozenset(_STEPS)

    def take(self, line: Line) -> None:
        """Note the step of a letter."""
        if line.data.get("kind") in self.draw.kinds:
            self.steps.setdefault(line.subject, {}).setdefault(_STEPS[line.tag], line)

    def found(self, days: Days) -> Found:
        """Say how many were signed and how many reached somebody."""
        signed = [one for one in self.steps.values() if "signed" in one]
        there = [one for one in self.steps.values() if "there" in one]
        made = sum("made" in one for one in self.steps.values())
        words = (
            f"soạn {number(made)}, lãnh đạo ký {number(len(signed))}, đã tới tay "
            f"{number(len(there))}"
        )
        names = {kind.code: kind.name for kind in letter_kinds()}
        mine = [one for one in self.steps.values() if one.keys() - {"made"}]
        rows = [_letter_row(one, names) for one in mine]
        head = ("Loại thư", "Soạn lúc", "Ký lúc", "Tới tay lúc", REF)
        title = f"Danh sách: {self.draw.title}"
        files: tuple[Attachment, ...] = (listed(title, head, rows),) if rows else ()
        if there:
            arrived = [one["there"] for one in there]
            copies, told = shown(arrived, self.draw.most, self.open, names)
            files, words = files + copies, f"{words}; {told}"
        when: list[date] = [local_day(from_ms(one["signed"].at)) for one in signed]
        return finding(self.draw, days, len(signed), words, when, files=files)


def _letter_row(one: dict[str, Line], names: Mapping[str, str]) -> tuple[str, ...]:
    last = one.get("there") or one["signed"]
    code = str(last.data["kind"])
    times = [clock(one[s].at) if s in one else "" for s in _STEPS_ORDER]
    return (names.get(code, code), *times, last.entry_id)


_STEPS_ORDER = ("made", "signed", "there")


def _day(iso: str) -> str:
    return f"{date.fromisoformat(iso):%d/%m/%Y}" if iso else ""
