"""How does a citizen's matter become a case, and what is the citizen told of it?"""

from __future__ import annotations

from collections.abc import Mapping

from handlers.cases import clocks
from handlers.cases.case import Clock, Goal
from handlers.cases.code import CaseCode
from handlers.cases.errors import DeadlineRefusedError
from handlers.cases.kind import CaseKind
from handlers.cases.moments import local_day
from handlers.cases.opening import Opening
from handlers.cases.words import due_values, key_of
from handlers.citizen.turn import Turn

KINDS: Mapping[str, str] = {
    "phan_anh": "phan_anh",
    "kien_nghi": "kien_nghi",
    "phuc_vu_tai_nha": "phuc_vu_tai_nha",
    "gap_can_bo": "ho_tro",
    "du_lieu_xem": "du_lieu_xem_sua",
    "du_lieu_sua": "du_lieu_xem_sua",
    "du_lieu_xoa": "du_lieu_xoa",
    "rut_du_lieu": "du_lieu_rut",
}
"""The kind of case that each reason of a hand-over opens."""


def opened(
    turn: Turn, kind_code: str, text: str, contact: Mapping[str, str] | None = None
) -> tuple[Opening, str]:
    """Return the case to open and the words of its receipt.

    The receipt is shown only with the case in the queue of staff: both are committed
    together.
    """
    kind = turn.services.kinds.get(kind_code)
    at = turn.now
    number = turn.services.cases.number()
    code = str(CaseCode(kind.letters, local_day(at), number))
    running = _clocks(turn, kind)
    words = turn.services.words
    key = key_of(words, kind.code, "received")
    receipt = turn.say(key, code=code, office=kind.office, **_due(running))
    opening = Opening(
        kind=kind.code,
        code=code,
        text=text,
        received_at=at,
        clocks=running,
        contact=contact or {},
        template=key,
        template_version=words.version(key),
    )
    return opening, receipt


def _clocks(turn: Turn, kind: CaseKind) -> tuple[Clock, ...]:
    """A calendar that cannot count must never lose a citizen's matter."""
    try:
        return clocks.started(kind, turn.now, turn.services.deadlines)
    except DeadlineRefusedError:
        return tuple(
            Clock(
                one.goal,
                one.rule,
                is_law=False,
                started_at=turn.now,
                date=None,
                at=None,
            )
            for one in kind.clocks
        )


def _due(running: tuple[Clock, ...]) -> dict[str, object]:
    answer = next((one for one in running if one.goal is Goal.ANSWER), None)
    return due_values(answer)
