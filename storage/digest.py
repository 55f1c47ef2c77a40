"""How many cases are due, and which sends failed? Numbers and codes for a morning."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import Connection, func, select

from storage.outbox_states import State
from storage.tables import case_record, outbox


@dataclass(frozen=True, slots=True)
class DueCases:
    """How many there are, and the codes of the first of them."""

    number: int
    codes: tuple[str, ...]


def due_between(
    connection: Connection,
    unit_id: str,
    kinds: Sequence[str],
    after: int,
    until: int,
    limit: int,
) -> DueCases:
    """Return open cases due after one instant, up to and with another (UTC ms)."""
    head = case_record.c
    where = (
        head.unit_id == unit_id,
        head.closed_at.is_(None),
        head.due_at > after,
        head.due_at <= until,
        head.kind.in_(list(kinds)),
    )
    number = connection.execute(select(func.count()).where(*where)).scalar() or 0
    query = select(head.code).where(*where).order_by(head.due_at, head.case_id)
    codes = connection.execute(query.limit(limit)).scalars()
    return DueCases(number, tuple(codes))


def failed_sends(connection: Connection, unit_id: str, since: int) -> dict[State, int]:
    """Count sends that ended refused or unknown since an instant (UTC ms)."""
    query = (
        select(outbox.c.state, func.count())
        .where(
            outbox.c.unit_id == unit_id,
            outbox.c.state.in_([State.REFUSED.value, State.UNKNOWN.value]),
            outbox.c.updated_at >= since,
        )
        .group_by(outbox.c.state)
    )
    return {State(state): number for state, number in connection.execute(query)}
