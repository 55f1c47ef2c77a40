"""A small office for tests: real kinds, plain weekdays, invented people."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta

from handlers.cases.actions import STAFF, Actor
from handlers.cases.apply import CaseServices
from handlers.cases.begin import Birth, opened
from handlers.cases.case import Case, Pause
from handlers.cases.clocks import started
from handlers.cases.code import CaseCode
from handlers.cases.errors import DeadlineRefusedError
from handlers.cases.kind import shipped
from handlers.cases.moments import end_of, local_day
from handlers.cases.opening import Opening
from handlers.cases.ports import Due

NOW = datetime(2026, 11, 25, 2, 0, tzinfo=UTC)
"""09:00 on a Wednesday in the commune."""
OFFICER = Actor("canbo01")
LEADER = Actor("chutich", STAFF, frozenset({"leader"}))
TERMS = {
    "phan_anh_tra_loi": 5,
    "phan_anh_chuyen": 5,
    "tttt_qua_mang_don_gian": 3,
    "tttt_qua_mang_phuc_tap": 15,
}
LONGER = {"gia_han": 5}


class Weekdays:
    """Counts Monday to Friday; a holiday can be added as a notice does."""

    def __init__(self, off: Sequence[date] = ()) -> None:
        self.off = set(off)

    def due(
        self,
        rule: str,
        received_at: datetime,
        extensions: Sequence[str] = (),
        pauses: Sequence[Pause] = (),
        goal: str = "",
    ) -> Due:
        """Return a term in working days; a step on the way is due the next one."""
        if any(code not in LONGER for code in extensions) or len(extensions) > 1:
            raise DeadlineRefusedError(rule)
        if any(pause.end is None for pause in pauses):
            return Due(None, None, is_law=False)
        days = 1 if goal else TERMS.get(rule, 10) + sum(LONGER[c] for c in extensions)
        day = self._after(local_day(received_at), days, pauses)
        return Due(day, end_of(day), is_law=rule.startswith("tttt"))

    def _after(self, day: date, days: int, pauses: Sequence[Pause]) -> date:
        while days:
            day += timedelta(days=1)
            is_paused = any(p.start <= day and p.end and day < p.end for p in pauses)
            days -= day.weekday() < 5 and day not in self.off and not is_paused
        return day


def services(off: Sequence[date] = ()) -> CaseServices:
    """Return the services of the office."""
    return CaseServices(shipped(), Weekdays(off))


def new_case(kind: str = "phan_anh", at: datetime = NOW, number: int = 1) -> Case:
    """Return a case that a citizen has just opened."""
    found = shipped().get(kind)
    opening = Opening(
        kind=kind,
        code=str(CaseCode(found.letters, local_day(at), number)),
        text="đèn đường hỏng",
        received_at=at,
        clocks=started(found, at, services().deadlines),
    )
    birth = Birth("thanh-ha", f"{number:032x}", "p1", "zalo")
    return opened(opening, birth, at).case
