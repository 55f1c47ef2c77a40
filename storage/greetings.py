"""What is kept of a greeting, and to whom was it planned, once and never twice?

A change names the ``mark`` it saw. A person is in a campaign by one row of
``greeting_person``, written in the transaction that plans the send: whatever dies, that
row is there with its send or neither is. Times are UTC milliseconds.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from sqlalchemy import Connection, delete, func, select, update
from sqlalchemy.sql.elements import ColumnElement

from storage.database import insert
from storage.errors import ConflictError
from storage.tables import (
    conversation,
    greeting,
    greeting_person,
    outbox,
    person,
)

Row = Mapping[str, Any]
HELD = 253402300799000
"""The instant until which a paused send waits: the end of the year 9999."""
PAUSED = "campaign_paused"
_WAITING = ("planned", "retry")
_ACTIVE = (*_WAITING, "claimed", "sending")


def add(connection: Connection, row: Row) -> bool:
    """Insert a greeting; False when this occasion and day has one."""
    statement = insert(connection, greeting).values(dict(row))
    return connection.execute(statement.on_conflict_do_nothing()).rowcount == 1


def change(
    connection: Connection, unit_id: str, greeting_id: str, seen: int, **values: Any
) -> None:
    """Write by compare-and-swap of ``mark``; raises ConflictError."""
    done = connection.execute(
        update(greeting)
        .where(*_is(unit_id, greeting_id), greeting.c.mark == seen)
        .values(mark=seen + 1, **values)
    )
    if done.rowcount != 1:
        raise ConflictError("greeting")


def get(
    connection: Connection, unit_id: str, greeting_id: str
) -> dict[str, Any] | None:
    """Return one greeting."""
    query = select(greeting).where(*_is(unit_id, greeting_id))
    row = connection.execute(query).mappings().first()
    return dict(row) if row is not None else None


def listed(
    connection: Connection,
    unit_id: str,
    states: Sequence[str] = (),
    since_day: str = "",
    limit: int = 200,
) -> list[dict[str, Any]]:
    """Return greetings by their day (ISO) and hour, the earliest first."""
    query = select(greeting).where(
        greeting.c.unit_id == unit_id, greeting.c.day >= since_day
    )
    if states:
        query = query.where(greeting.c.state.in_(list(states)))
    ordered = query.order_by(greeting.c.due_at, greeting.c.occasion).limit(limit)
    return [dict(row) for row in connection.execute(ordered).mappings()]


def days_known(
    connection: Connection, unit_id: str, since_day: str
) -> set[tuple[str, str]]:
    """Return occasion and day of the greetings that are there from a day on."""
    query = select(greeting.c.occasion, greeting.c.day).where(
        greeting.c.unit_id == unit_id, greeting.c.day >= since_day
    )
    return {(row.occasion, row.day) for row in connection.execute(query)}


def people(
    connection: Connection, unit_id: str, after: str, since: int, limit: int
) -> list[dict[str, Any]]:
    """Return the talks with people who wrote since an instant, by person.

    At most ``limit`` people beyond the id ``after``; each talk comes with its sealed
    memory and the person's wrapped key.
    """
    names = (
        select(conversation.c.person_id)
        .where(
            conversation.c.unit_id == unit_id,
            conversation.c.person_id > after,
            conversation.c.last_inbound_at >= since,
        )
        .distinct()
        .order_by(conversation.c.person_id)
        .limit(limit)
    )
    chosen = list(connection.execute(names).scalars())
    query = (
        select(conversation, person.c.wrapped_key)
        .join(
            person,
            (person.c.unit_id == conversation.c.unit_id)
            & (person.c.person_id == conversation.c.person_id),
        )
        .where(conversation.c.unit_id == unit_id, conversation.c.person_id.in_(chosen))
        .order_by(conversation.c.person_id, conversation.c.last_inbound_at.desc())
    )
    return [dict(row) for row in connection.execute(query).mappings()]


def started(
    connection: Connection, unit_id: str, people_ids: Iterable[str], since: int
) -> dict[str, int]:
    """Count what we began to send each person since an instant: letters, greetings."""
    query = (
        select(outbox.c.person_id, func.count(func.distinct(outbox.c.cause)))
        .where(
            outbox.c.unit_id == unit_id,
            outbox.c.person_id.in_(list(people_ids)),
            outbox.c.kind.in_(("letter", "greeting")),
            outbox.c.state != "refused",
            outbox.c.created_at >= since,
        )
        .group_by(outbox.c.person_id)
    )
    return {name: int(number) for name, number in connection.execute(query)}


def add_people(connection: Connection, rows: Sequence[Row]) -> None:
    """Write who is in a campaign; raises ConflictError when one is there already."""
    if not rows:
        return
    statement = insert(connection, greeting_person).values([dict(r) for r in rows])
    done = connection.execute(statement.on_conflict_do_nothing())
    if done.rowcount != len(rows):
        raise ConflictError("greeting_person")


def hold(connection: Connection, unit_id: str, greeting_id: str, now: int) -> int:
    """Let the sends that have not begun wait until ``release``; return how many."""
    return _move(
        connection, unit_id, greeting_id, available_at=HELD, code=PAUSED, updated_at=now
    )


def release(connection: Connection, unit_id: str, greeting_id: str, now: int) -> int:
    """Let held sends go again; return how many."""
    return _move(
        connection,
        unit_id,
        greeting_id,
        outbox.c.code == PAUSED,
        available_at=now,
        code=None,
        updated_at=now,
    )


def refuse(
    connection: Connection, unit_id: str, greeting_id: str, now: int, code: str
) -> int:
    """End the sends that have not begun with a reason; return how many."""
    return _move(
        connection, unit_id, greeting_id, state="refused", code=code, updated_at=now
    )


def active(connection: Connection, unit_id: str, greeting_id: str) -> int:
    """Count the sends that have not reached their end."""
    query = select(func.count()).where(
        *_of(unit_id, greeting_id), outbox.c.state.in_(_ACTIVE)
    )
    return int(connection.execute(query).scalar_one())


def report(
    connection: Connection, unit_id: str, greeting_id: str
) -> list[tuple[str, str, int]]:
    """Return state, code and number of a campaign's people.

    The state of one who was left out is ``left_out``, the code says why.
    """
    mine = (
        greeting_person.c.unit_id == unit_id,
        greeting_person.c.greeting_id == greeting_id,
    )
    state = func.coalesce(outbox.c.state, "left_out")
    code = func.coalesce(outbox.c.code, greeting_person.c.why)
    query = (
        select(state, code, func.count())
        .select_from(
            greeting_person.outerjoin(
                outbox,
                (outbox.c.unit_id == greeting_person.c.unit_id)
                & (outbox.c.row_id == greeting_person.c.row_id),
            )
        )
        .where(*mine)
        .group_by(state, code)
        .order_by(state, code)
    )
    return [(str(s), str(c or ""), int(n)) for s, c, n in connection.execute(query)]


def forget(connection: Connection, unit_id: str, person_id: str) -> None:
    """Take a person out of every campaign; their sends were stopped already."""
    connection.execute(
        delete(greeting_person).where(
            greeting_person.c.unit_id == unit_id,
            greeting_person.c.person_id == person_id,
        )
    )


def _is(unit_id: str, greeting_id: str) -> tuple[Any, Any]:
    return greeting.c.unit_id == unit_id, greeting.c.greeting_id == greeting_id


def _of(unit_id: str, greeting_id: str) -> tuple[ColumnElement[bool], ...]:
    rows = select(greeting_person.c.row_id).where(
        greeting_person.c.unit_id == unit_id,
        greeting_person.c.greeting_id == greeting_id,
        greeting_person.c.row_id.is_not(None),
    )
    return outbox.c.unit_id == unit_id, outbox.c.row_id.in_(rows)


def _move(
    connection: Connection,
    unit_id: str,
    greeting_id: str,
    *also: ColumnElement[bool],
    **values: Any,
) -> int:
    waiting = outbox.c.state.in_(_WAITING)
    done = connection.execute(
        update(outbox).where(*_of(unit_id, greeting_id), waiting, *also).values(values)
    )
    return done.rowcount
