"""Which days do not count because the case was lawfully suspended?"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from scheduler.deadlines.rule import Rule, is_valid
from scheduler.errors import NoPauseError


@dataclass(frozen=True, slots=True)
class Pause:
    """Days from ``start`` to the day before ``end`` do not count; None: not ended.

    ``end`` is the day of the decision to go on, from which the term runs again
    (Nghị định 124/2020/NĐ-CP Điều 28b khoản 2; Luật Tố cáo Điều 34 khoản 2).
    """

    start: date
    end: date | None
    reason: str

    def covers(self, day: date) -> bool:
        """Whether a day does not count."""
        return self.start <= day and (self.end is None or day < self.end)


def check(rule: Rule, pauses: Iterable[Pause]) -> None:
    """Raise NoPauseError for a pause the rule does not know or that ends too early."""
    reasons = {reason.code: reason for reason in rule.pauses}
    for pause in pauses:
        reason = reasons.get(pause.reason)
        if reason is None:
            raise NoPauseError(f"{rule.code}: {pause.reason}")
        if not is_valid(pause.start, reason.valid_from, reason.valid_to):
            raise NoPauseError(f"{reason.basis}: {pause.start:%d/%m/%Y}")
        if pause.end is not None and pause.end < pause.start:
            raise NoPauseError(f"{pause.start:%d/%m/%Y} - {pause.end:%d/%m/%Y}")
