"""What happens to a message we send? planned → claimed → sending → one end.

Ends: accepted, refused, unknown. A row that was being sent when its process died
becomes unknown and is never sent again blindly; a chat reply gets one second row
that names the first (RELIABILITY.md rules 5 and 6).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Any

from sqlalchemy import Connection, Update, and_, bindparam, func, select, update
from sqlalchemy.sql.elements import ColumnElement

from storage.bulk import Bulk, bulk
from storage.database import DIALECTS, insert_for, is_postgres
from storage.errors import LeaseLostError
from storage.outbox_claim import claim
from storage.outbox_states import ACTIVE, FINAL, Priority, State
from storage.tables import outbox
from storage.tables.base import is_one_of

Row = dict[str, Any]

REPEATABLE = ("reply", "staff")
"""Kinds of which a second copy does less harm than none."""

__all__ = [
    "ACTIVE",
    "FINAL",
    "Priority",
    "Row",
    "State",
    "by_message",
    "claim",
    "confirm",
    "finish",
    "has_active",
    "mark_sending",
    "mark_unknown",
    "plan",
    "plan_resend",
    "put_back",
    "reset_claimed",
    "retry",
    "stranded",
    "waiting",
]


def plan(connection: Connection, rows: Sequence[Mapping[str, Any]]) -> None:
    """Insert planned rows; the same cause and position is planned only once."""
    if rows:
        bulk(connection, PLAN[connection.dialect.name], rows)


def has_active(
    connection: Connection, unit_id: str, person_id: str, channel: str
) -> bool:
    """Whether a citizen's earlier message is still on its way."""
    values = {"b_unit": unit_id, "b_person": person_id, "b_channel": channel}
    return connection.execute(ACTIVE_OF, values).first() is not None


def mark_sending(
    connection: Connection, row: Row, *, owner: str, now: int, lease_until: int
) -> None:
    """The last write before the platform is called; raises LeaseLostError."""
    _advance(
        connection,
        row,
        owner,
        (State.CLAIMED,),
        state=State.SENDING,
        attempt=row["attempt"] + 1,
        lease_until=lease_until,
        updated_at=now,
    )


def put_back(
    connection: Connection,
    row: Row,
    *,
    owner: str,
    now: int,
    available_at: int,
    code: str,
) -> None:
    """Return a claimed row unsent: the channel is paused or the hour is wrong."""
    _advance(
        connection,
        row,
        owner,
        (State.CLAIMED,),
        state=State.PLANNED,
        owner=None,
        lease_until=None,
        available_at=available_at,
        code=code[:64],
        updated_at=now,
    )


def retry(
    connection: Connection,
    row: Row,
    *,
    owner: str,
    now: int,
    available_at: int,
    code: str,
    attempt: int,
) -> None:
    """The platform said not now (or was never reached): try again later."""
    _advance(
        connection,
        row,
        owner,
        (State.SENDING, State.CLAIMED),
        state=State.RETRY,
        owner=None,
        lease_until=None,
        attempt=attempt,
        available_at=available_at,
        code=code[:64],
        updated_at=now,
    )


def finish(
    connection: Connection,
    row: Row,
    *,
    owner: str,
    now: int,
    state: State,
    code: str = "",
    message_mac: str | None = None,
) -> None:
    """Write the end of a row, once."""
    _advance(
        connection,
        row,
        owner,
        (State.SENDING, State.CLAIMED),
        state=state,
        owner=None,
        lease_until=None,
        code=code[:64] or None,
        message_mac=message_mac,
        updated_at=now,
    )


def plan_resend(connection: Connection, row: Row, *, row_id: str, now: int) -> bool:
    """Plan the one second try of a chat reply or staff post of unknown fate."""
    if row["kind"] not in REPEATABLE or row["resend_of"] is not None:
        return False
    again = {
        name: row[name]
        for name in ("unit_id", "channel", "person_id", "item_id", "kind", "priority")
    }
    again |= {
        "row_id": row_id,
        "human": row["human"],
        "cause": f"resend:{row['row_id']}",
        "position": 0,
        "state": State.PLANNED,
        "attempt": 0,
        "available_at": now,
        "resend_of": row["row_id"],
        "created_at": now,
        "updated_at": now,
    }
    plan(connection, [again])
    return True


def stranded(
    connection: Connection, now: int, *, everything: bool = False
) -> list[Row]:
    """Return rows a dead sender left claimed or sending (all, at embedded start)."""
    held = and_(
        is_one_of(outbox.c.state, *ACTIVE),
        outbox.c.state.in_((State.CLAIMED, State.SENDING)),
    )
    where = held if everything else and_(held, outbox.c.lease_until < now)
    query = select(outbox).where(where)
    if is_postgres(connection):
        query = query.with_for_update(skip_locked=True)
    return [dict(row) for row in connection.execute(query).mappings()]


def reset_claimed(connection: Connection, row: Row, now: int) -> None:
    """A claimed row was never sent: plan it again."""
    connection.execute(
        update(outbox)
        .where(*_is(row), outbox.c.state == State.CLAIMED)
        .values(state=State.PLANNED, owner=None, lease_until=None, updated_at=now)
    )


def mark_unknown(connection: Connection, row: Row, now: int, code: str) -> None:
    """A row in flight at a crash: nobody can say whether it arrived."""
    connection.execute(
        update(outbox)
        .where(*_is(row), outbox.c.state == State.SENDING)
        .values(
            state=State.UNKNOWN,
            owner=None,
            lease_until=None,
            code=code[:64],
            updated_at=now,
        )
    )


def confirm(
    connection: Connection, unit_id: str, row_id: str, *, message_mac: str, now: int
) -> bool:
    """The platform itself shows that an unknown send arrived; no second one then.

    Returns whether the row was unknown until now.
    """
    changed = connection.execute(
        update(outbox)
        .where(
            outbox.c.unit_id == unit_id,
            outbox.c.row_id == row_id,
            outbox.c.state == State.UNKNOWN,
        )
        .values(state=State.ACCEPTED, message_mac=message_mac, updated_at=now)
    ).rowcount
    connection.execute(
        update(outbox)
        .where(
            outbox.c.unit_id == unit_id,
            outbox.c.resend_of == row_id,
            outbox.c.state.in_((State.PLANNED, State.RETRY)),
        )
        .values(state=State.REFUSED, code="echo_seen", updated_at=now)
    )
    return changed == 1


def by_message(
    connection: Connection, unit_id: str, message_macs: Sequence[str]
) -> list[Row]:
    """Return the rows a receipt is about."""
    query = select(outbox).where(
        outbox.c.unit_id == unit_id, outbox.c.message_mac.in_(list(message_macs))
    )
    return [dict(row) for row in connection.execute(query).mappings()]


def waiting(connection: Connection) -> tuple[int, int | None]:
    """Count the rows that have not reached their end; and when the oldest was made."""
    query = select(func.count(), func.min(outbox.c.created_at)).where(
        is_one_of(outbox.c.state, *ACTIVE)
    )
    number, oldest = connection.execute(query).one()
    return number, oldest


def _is(row: Row) -> tuple[ColumnElement[bool], ColumnElement[bool]]:
    return outbox.c.unit_id == row["unit_id"], outbox.c.row_id == row["row_id"]


def _advance(
    connection: Connection,
    row: Row,
    owner: str,
    states: tuple[State, ...],
    /,
    **values: Any,
) -> None:
    bound = {f"b_{name}": value for name, value in values.items()}
    bound |= {"w_unit": row["unit_id"], "w_row": row["row_id"], "w_owner": owner}
    if connection.execute(_advancing(states, tuple(values)), bound).rowcount != 1:
        raise LeaseLostError("outbox")


@lru_cache(maxsize=32)
def _advancing(states: tuple[State, ...], names: tuple[str, ...]) -> Update:
    """Building a statement costs more than running it: one a kind of step."""
    return (
        update(outbox)
        .where(
            outbox.c.unit_id == bindparam("w_unit"),
            outbox.c.row_id == bindparam("w_row"),
            outbox.c.owner == bindparam("w_owner"),
            is_one_of(outbox.c.state, *states),
        )
        .values(
            {name: bindparam(f"b_{name}", type_=outbox.c[name].type) for name in names}
        )
    )


PLANNED_COLUMNS = (
    "unit_id",
    "row_id",
    "channel",
    "person_id",
    "item_id",
    "kind",
    "priority",
    "human",
    "cause",
    "position",
    "state",
    "attempt",
    "available_at",
    "owner",
    "lease_until",
    "resend_of",
    "created_at",
    "updated_at",
)


def _plan(dialect: str) -> Bulk:
    statement = insert_for(dialect, outbox).on_conflict_do_nothing(
        index_elements=["unit_id", "cause", "position"]
    )
    return Bulk(statement, PLANNED_COLUMNS)


PLAN = {dialect: _plan(dialect) for dialect in DIALECTS}
ACTIVE_OF = (
    select(outbox.c.row_id)
    .where(
        outbox.c.unit_id == bindparam("b_unit"),
        outbox.c.person_id == bindparam("b_person"),
        outbox.c.channel == bindparam("b_channel"),
        is_one_of(outbox.c.state, *ACTIVE),
    )
    .limit(1)
)
