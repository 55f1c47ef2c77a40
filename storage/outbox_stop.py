"""How is a message stopped that is planned, but not on its way yet?"""

from __future__ import annotations

from sqlalchemy import Connection, select, update
from sqlalchemy.sql.elements import ColumnElement

from storage.database import is_postgres
from storage.outbox_states import State
from storage.tables import outbox

UNSENT = (State.PLANNED, State.RETRY, State.CLAIMED)


def stop(
    connection: Connection, unit_id: str, which: ColumnElement[bool], code: str, at: int
) -> tuple[str, ...]:
    """Refuse those of ``which`` with a code; return their row ids. ``at`` is UTC ms.

    They are locked in the order of their ids, so that two who stop never deadlock.
    """
    mine = (outbox.c.unit_id == unit_id, which, outbox.c.state.in_(UNSENT))
    query = select(outbox.c.row_id).where(*mine).order_by(outbox.c.row_id)
    if is_postgres(connection):
        query = query.with_for_update()
    rows = tuple(connection.execute(query).scalars())
    connection.execute(
        update(outbox)
        .where(outbox.c.unit_id == unit_id, outbox.c.row_id.in_(rows))
        .values(
            state=State.REFUSED, code=code, owner=None, lease_until=None, updated_at=at
        )
    )
    return rows
