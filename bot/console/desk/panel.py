"""What stands beside a talk about its case? Facts, clocks, people, history."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Any

from bot.config import Unit
from bot.console.desk.forms import Choices
from bot.console.desk.words import GOALS, SOURCES, channel_name, due_words, owner_name
from bot.console.table import Cell
from bot.console.visit import Visit
from bot.own_calendar import terms_of
from handlers.cases.case import Case, Clock, Ended
from handlers.cases.kind import promises
from handlers.cases.moments import local_day
from handlers.staff.cases.show import HistoryLine, Shown
from handlers.staff.people.listing import members
from handlers.staff.permissions import Action, may
from scheduler.deadlines import book
from scheduler.deadlines.book import RuleBook
from scheduler.errors import SchedulerError

MASKED = frozenset({"phone", "id_number"})
LAST = 3
LABELS = {
    "name": "Họ tên",
    "phone": "Điện thoại",
    "address": "Địa chỉ",
    "id_number": "Số giấy tờ",
    "email": "Thư điện tử",
    "health_note": "Lưu ý sức khỏe",
}
ACTS = {
    "open": "Mở hồ sơ",
    "take": "Nhận việc",
    "assign": "Giao việc",
    "note": "Ghi chú nội bộ",
    "add": "Người dân bổ sung",
    "classify": "Phân loại",
    "accept": "Nhận xử lý",
    "return": "Trả lại kèm lý do",
    "begin": "Bắt đầu xử lý",
    "draft": "Gửi lãnh đạo duyệt",
    "approve": "Duyệt câu trả lời",
    "reject": "Chưa duyệt, xin sửa",
    "answer": "Trả lời",
    "close": "Kết thúc",
    "reopen": "Mở lại",
    "transfer": "Chuyển cơ quan khác",
    "receipt": "Ghi số tiếp nhận",
    "merge": "Nhập vào hồ sơ khác",
    "link": "Nối hồ sơ liên quan",
    "attach": "Đính kèm tệp",
    "extend": "Gia hạn",
    "pause": "Tạm dừng tính hạn",
    "resume": "Tính hạn trở lại",
    "recompute": "Tính lại hạn",
    "guide": "Hướng dẫn",
}
WHO = {"citizen": "người dân", "bot": "trợ lý", "system": "hệ thống", "cli": "máy chủ"}
ENDS = {
    Ended.IN_TIME: Cell("Đúng hạn", tone="good"),
    Ended.OVERDUE: Cell("Trễ hạn", tone="bad"),
    Ended.VOID: Cell("Không cần nữa", tone="quiet"),
}


@dataclass(frozen=True, slots=True)
class ClockLine:
    """One term of a case."""

    name: str
    basis: str
    state: Cell


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of the history."""

    what: str
    by: str
    at: datetime
    text: str
    is_internal: bool
    template: str


def clocks(case: Case, now: datetime) -> list[ClockLine]:
    """Return the terms of a case, those that run first."""
    lines = [(not one.is_running, _clock(one, now)) for one in case.clocks]
    return [line for _, line in sorted(lines, key=lambda pair: pair[0])]


def history(found: Shown, names: Mapping[str, str]) -> list[Entry]:
    """Return what happened, newest first."""
    return [_entry(line, names) for line in reversed(found.history)]


def contact(texts: Mapping[str, str], *, is_open: bool) -> list[tuple[str, str]]:
    """Return how to reach the citizen; numbers masked unless ``is_open``."""
    return [
        (label, texts[name] if is_open or name not in MASKED else mask(texts[name]))
        for name, label in LABELS.items()
        if texts.get(name)
    ]


def mask(number: str) -> str:
    """Return a number of which only the end is seen."""
    plain = number.strip()
    if len(plain) <= LAST:
        return "•" * LAST
    return "•" * (len(plain) - LAST) + plain[-LAST:]


def facts(case: Case, kind_name: str, names: dict[str, str]) -> list[tuple[str, str]]:
    """Return where a case stands, as pairs of label and value."""
    found = [
        ("Loại", kind_name),
        ("Người giữ", owner_name(case.owner, names)),
        ("Đến qua", f"{SOURCES[case.source]}, {channel_name(case.channel)}"),
    ]
    if case.receipt:
        found.append(("Số tiếp nhận nơi khác", case.receipt))
    return found


async def choices(at: Visit, case: Case) -> Choices:
    """Return what can be chosen in the forms of a case."""
    found = await at.desk.look(
        Action.SEE_STAFF, lambda c: members(c, at.unit_id, at.gate.keys)
    )
    kind = at.services.kinds.get(case.kind)
    people = [
        (code, one.profile.name)
        for code, one in found.items()
        if one.is_active
        and code != case.owner
        and may(one.roles, Action.WORK_CASES)
        and kind.may_be_seen_by(one.roles)
    ]
    kinds = [
        (k.code, k.name)
        for k in at.services.kinds
        if k.code in at.kinds and not k.is_guidance and not k.is_sealed
    ]
    more, pauses = _time(at, case)
    return Choices(kinds, people, more, pauses)


def _time(at: Visit, case: Case) -> tuple[list[tuple[str, str]], list[tuple[str, str]]]:
    clock = case.answer_clock
    if clock is None:
        return [], []
    try:
        rule = _book(_Held(at.unit_id, at.house.config.units[at.unit_id])).rule(
            clock.rule, local_day(clock.started_at)
        )
    except SchedulerError:
        return [], []
    allowed = at.services.kinds.get(case.kind).pauses
    return (
        [(one.code, one.name) for one in rule.extensions],
        [(one.code, one.name) for one in rule.pauses if one.code in allowed],
    )


class _Held:
    """A unit of the configuration by its name, so that its rules are read once."""

    def __init__(self, unit_id: str, unit: Unit) -> None:
        self.unit = unit
        self._key = (unit_id, id(unit))

    def __hash__(self) -> int:
        return hash(self._key)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Held) and other._key == self._key


@lru_cache(maxsize=64)
def _book(held: _Held) -> RuleBook:
    return book.read([*promises(), *terms_of(held.unit)])


def _clock(one: Clock, now: datetime) -> ClockLine:
    basis = "theo luật" if one.is_law else "cam kết của xã"
    state: Cell = ENDS[one.ended] if one.ended else due_words(one.at, now, is_open=True)
    return ClockLine(GOALS[one.goal], basis, state)


def _entry(line: HistoryLine, names: Mapping[str, str]) -> Entry:
    texts: dict[str, Any] = dict(line.texts)
    text = str(texts.get("text") or texts.get("agency") or "")
    template = f"{line.template} · {line.template_version}" if line.template else ""
    return Entry(
        ACTS.get(line.act, line.act),
        names.get(line.by, WHO.get(line.by, line.by)),
        line.at,
        text,
        line.is_internal,
        template,
    )
