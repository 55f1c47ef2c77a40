"""From which states may a step be made, and where does it lead? A table."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from handlers.cases.actions import Act
from handlers.cases.case import ENDED, IN_HAND, Case, State
from handlers.cases.errors import NotNowError
from handlers.cases.kind import CaseKind

NAMES: Mapping[State, str] = {
    State.RECEIVED: "mới tiếp nhận",
    State.CLASSIFIED: "đã phân loại",
    State.ACCEPTED: "đã nhận xử lý",
    State.RETURNED: "đã trả lại kèm lý do",
    State.IN_PROGRESS: "đang xử lý",
    State.ANSWERED: "đã trả lời",
    State.CLOSED: "đã kết thúc",
    State.REOPENED: "đang xem xét lại",
    State.TRANSFERRED: "đã chuyển cơ quan khác",
    State.GUIDED: "đã hướng dẫn",
    State.ERASED: "đã xóa theo yêu cầu",
}
"""How people call a state."""

_ALIVE = frozenset(State) - ENDED
_REMEMBERED = _ALIVE | {State.CLOSED}
_WORKED_ON = frozenset({State.ACCEPTED, State.IN_PROGRESS, State.REOPENED})


@dataclass(frozen=True, slots=True)
class Rule:
    """Where a step may begin and where it ends (None: where it began)."""

    begins: frozenset[State]
    ends: State | None = None


TABLE: Mapping[Act, Rule] = {
    Act.TAKE: Rule(IN_HAND),
    Act.ASSIGN: Rule(_ALIVE),
    Act.NOTE: Rule(_REMEMBERED),
    Act.ADD: Rule(_ALIVE),
    Act.CLASSIFY: Rule(IN_HAND, State.CLASSIFIED),
    Act.ACCEPT: Rule(frozenset({State.CLASSIFIED}), State.ACCEPTED),
    Act.RETURN: Rule(
        frozenset({State.RECEIVED, State.CLASSIFIED, State.ACCEPTED}), State.RETURNED
    ),
    Act.BEGIN: Rule(frozenset({State.ACCEPTED, State.REOPENED}), State.IN_PROGRESS),
    Act.DRAFT: Rule(_WORKED_ON, State.IN_PROGRESS),
    Act.APPROVE: Rule(_WORKED_ON),
    Act.REJECT: Rule(_WORKED_ON),
    Act.ANSWER: Rule(_WORKED_ON, State.ANSWERED),
    Act.CLOSE: Rule(
        frozenset({State.ANSWERED, State.RETURNED, State.TRANSFERRED}), State.CLOSED
    ),
    Act.REOPEN: Rule(
        frozenset(
            {State.ANSWERED, State.RETURNED, State.TRANSFERRED, State.CLOSED},
        ),
        State.REOPENED,
    ),
    Act.TRANSFER: Rule(IN_HAND, State.TRANSFERRED),
    Act.RECEIPT: Rule(frozenset({State.TRANSFERRED})),
    Act.MERGE: Rule(IN_HAND, State.CLOSED),
    Act.LINK: Rule(_REMEMBERED),
    Act.ATTACH: Rule(_REMEMBERED),
    Act.EXTEND: Rule(IN_HAND),
    Act.PAUSE: Rule(IN_HAND),
    Act.RESUME: Rule(IN_HAND),
    Act.RECOMPUTE: Rule(IN_HAND),
}


def may(case: Case, act: Act, kind: CaseKind) -> bool:
    """Whether a step can be made now; a merged case is never opened again."""
    if act is Act.REOPEN and case.merged_into:
        return False
    begins = TABLE[act].begins | kind.also.get(act.value, frozenset())
    return case.state in begins


def after(case: Case, act: Act, kind: CaseKind) -> State:
    """Return the state a step leads to; raises NotNowError."""
    if not may(case, act, kind):
        raise NotNowError(f"{case.code}: {NAMES[case.state]}")
    return TABLE[act].ends or case.state


def possible(case: Case, kind: CaseKind) -> tuple[Act, ...]:
    """Return the steps that can be made now, for buttons and hints."""
    return tuple(act for act in TABLE if may(case, act, kind))
