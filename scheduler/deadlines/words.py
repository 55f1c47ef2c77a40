"""How is a deadline explained to a citizen or an officer, in Vietnamese?"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from typing import Final

from scheduler.deadlines.pause import Pause
from scheduler.deadlines.rule import Extension, Mode, Rule, Term, Unit

UNITS: Final = {
    Unit.WORKING_DAYS: "ngày làm việc",
    Unit.DAYS: "ngày",
    Unit.HOURS: "giờ liên tục",
    Unit.WORKING_HOURS: "giờ làm việc",
    Unit.WEEKS: "lần mỗi tuần",
}
PROMISE: Final = "Đây là cam kết của xã, luật không đặt thời hạn này."
UNVERIFIED: Final = "Căn cứ chưa được đối chiếu với văn bản gốc, xin xác nhận lại."


def term_words(term: Term) -> str:
    """Return "07 ngày làm việc"."""
    return f"{term.amount:02} {UNITS[term.unit]}"


def working(
    term: Term, granted: Sequence[Extension], day: date, *, is_before: bool
) -> str:
    """Return in one line what was counted, and from which day."""
    words = term_words(term)
    for extension in granted:
        joint = "thành" if extension.mode is Mode.TOTAL else "thêm"
        words += f", gia hạn {joint} {term_words(extension.term)} ({extension.name})"
    if is_before:
        return f"{words} trước ngày {day:%d/%m/%Y}, không tính ngày đó"
    if term.unit in (Unit.DAYS, Unit.WORKING_DAYS):
        return f"{words} kể từ ngày {day:%d/%m/%Y}, không tính ngày đó"
    return f"{words}, từ ngày {day:%d/%m/%Y}"


def if_confirmed(then: date | None, now: date | None) -> str:
    """Return what the deadline would be, were an open swap confirmed."""
    if then is None or then == now:
        return "Nếu được xác nhận, hạn cuối không đổi nhưng một bước ở giữa đổi ngày."
    return f"Nếu được xác nhận, hạn là ngày {then:%d/%m/%Y}."


def paused(pauses: Iterable[Pause]) -> str:
    """Return which days were left out, for the end of a line; "" for none."""
    return "".join(
        f"; không tính từ {pause.start:%d/%m/%Y}"
        + (f" đến trước {pause.end:%d/%m/%Y}" if pause.end else ", đang tạm dừng")
        for pause in pauses
    )


def notes_of(rule: Rule) -> Iterator[str]:
    """Yield what must be said whenever the rule is used."""
    if rule.last.promise:
        yield PROMISE
    if not rule.verified:
        yield UNVERIFIED
    if rule.note:
        yield f"{rule.note}."
