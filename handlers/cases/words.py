"""With which sentence is a step of a case told, and with which values?

A kind may have a sentence of its own (``cases.<kind>.<step>``); else the common one.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import Protocol

from handlers.cases import state
from handlers.cases.case import Case, Clock
from handlers.cases.kind import CaseKind

_DAYS = ("thứ Hai", "thứ Ba", "thứ Tư", "thứ Năm", "thứ Sáu", "thứ Bảy", "Chủ nhật")
COMMON = "common"


class Sentences(Protocol):
    """Sentences by name (see handlers.ports.Words)."""

    def knows(self, key: str) -> bool:
        """Whether there is a sentence with that key."""
        ...


def key_of(sentences: Sentences, kind: str, name: str) -> str:
    """Return the key of a step's sentence."""
    own = f"cases.{kind}.{name}"
    return own if sentences.knows(own) else f"cases.{COMMON}.{name}"


def values_of(case: Case, kind: CaseKind) -> dict[str, object]:
    """Return what every sentence about a case may use."""
    clock = case.answer_clock
    return {
        "code": case.code,
        "kind": kind.name,
        "office": kind.office,
        "state": state.NAMES[case.state],
        "receipt": case.receipt,
        "text": "",
        "agency": "",
        "other": "",
        "is_paused": case.open_pause is not None and case.is_in_hand,
        "is_overdue": False,
        **due_values(clock if clock and clock.is_running else None),
    }


def due_values(clock: Clock | None) -> dict[str, object]:
    """Return the day by which an answer comes, "" when there is none."""
    due = in_words(clock.date) if clock is not None and clock.date is not None else ""
    return {"due": due, "is_law": clock is not None and clock.is_law}


def status_values(case: Case, kind: CaseKind, now: datetime) -> dict[str, object]:
    """Return the values for telling where a case stands at an instant."""
    clock = case.answer_clock
    is_overdue = clock is not None and clock.is_overdue(now)
    return values_of(case, kind) | {"is_overdue": is_overdue}


def in_words(day: date) -> str:
    """Return a day as "02/12/2026 (thứ Tư)"."""
    return f"{day:%d/%m/%Y} ({_DAYS[day.weekday()]})"
