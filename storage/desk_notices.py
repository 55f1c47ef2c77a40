"""Which notices were told to staff, and how do hand-overs follow their cases?

Several notices may go out as one message, so what was told is written down for each: a
sealed, empty item under the notice's own id. Times are UTC ms.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import Connection, and_, func, select

from storage.desk import NOTICE_CAUSE, OPEN, State
from storage.tables import case_record, handover, outbox

Row = Mapping[str, Any]

ENDED_CASES = ("closed", "erased", "guided")
REOPENED_CASE = "reopened"
_is_case_of = and_(
    case_record.c.unit_id == handover.c.unit_id,
    case_record.c.case_id == handover.c.handover_id,
)


def last_told(connection: Connection, unit_id: str) -> int:
    """Return when notices were last told, 0 for never."""
    # ";" follows ":", so these are the causes that begin so, by the index.
    query = select(func.max(outbox.c.created_at)).where(
        outbox.c.unit_id == unit_id,
        outbox.c.cause >= NOTICE_CAUSE,
        outbox.c.cause < NOTICE_CAUSE[:-1] + ";",
    )
    return int(connection.execute(query).scalar() or 0)


def case_codes(
    connection: Connection, unit_id: str, case_ids: Sequence[str]
) -> dict[str, str]:
    """Return the codes of cases by id, as far as there are any."""
    if not case_ids:
        return {}
    query = select(case_record.c.case_id, case_record.c.code).where(
        case_record.c.unit_id == unit_id, case_record.c.case_id.in_(list(case_ids))
    )
    return {row.case_id: row.code for row in connection.execute(query)}


def ended(connection: Connection, unit_id: str, limit: int) -> list[str]:
    """Return open hand-overs whose case has ended."""
    query = (
        select(handover.c.handover_id)
        .join(case_record, _is_case_of)
        .where(
            handover.c.unit_id == unit_id,
            handover.c.state.in_((*OPEN, State.WAITING)),
            case_record.c.state.in_(ENDED_CASES),
        )
        .order_by(handover.c.opened_at)
        .limit(limit)
    )
    return list(connection.execute(query).scalars())


def reopened(connection: Connection, unit_id: str, limit: int) -> list[str]:
    """Return closed hand-overs whose case was opened again."""
    query = (
        select(handover.c.handover_id)
        .join(case_record, _is_case_of)
        .where(
            handover.c.unit_id == unit_id,
            handover.c.state == State.CLOSED,
            case_record.c.state == REOPENED_CASE,
        )
        .order_by(handover.c.opened_at)
        .limit(limit)
    )
    return list(connection.execute(query).scalars())
