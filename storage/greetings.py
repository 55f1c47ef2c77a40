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

from storage import consent
from storage.bulk import Bulk, bulk
from storage.database import DIALECTS, insert, insert_for
from storage.errors import ConflictError
from storage.outbox_states import ACTIVE
from storage.outbox_stop import stop
from storage.tables import (
    consent_event,
    conversation,
    greeting,
    greeting_person,
    outbox,
    person,
    person_minor,
    person_tag,
)
from storage.tables.base import is_one_of

Row = Mapping[str, Any]
HELD = 253402300799000
"""The instant until which a paused send waits: the end of the year 9999."""
PURPOSE = "greetings"
"""What people agree to, or take back (handlers/staff/privacy/data/purposes.yml)."""
KIND = "greeting"
PAUSED = "campaign_paused"
_WAITING = ("planned", "retry")
_STARTED = ("letter", "greeting", "template")
"""What we begin: replies and news of a case are asked for."""


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
    connection: Connection,
    unit_id: str,
    after: str,
    since: int,
    limit: int,
    audience: Sequence[str] = (),
) -> list[dict[str, Any]]:
    """Return the talks with people who wrote since an instant, by person.

    At most ``limit`` people beyond the id ``after``, of these groups only if any is
    named; each talk comes with its sealed memory and the person's wrapped key.
    """
    names = (
        select(conversation.c.person_id)
        .where(
            conversation.c.unit_id == unit_id,
            conversation.c.person_id > after,
            conversation.c.last_inbound_at >= since,
            *_among(audience),
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


def reachable(
    connection: Connection, unit_id: str, since: int, audience: Sequence[str] = ()
) -> int:
    """Count the people who wrote since an instant and did not tell us to stop."""
    query = select(func.count(func.distinct(conversation.c.person_id))).where(
        conversation.c.unit_id == unit_id,
        conversation.c.last_inbound_at >= since,
        conversation.c.opted_out.is_(False),
        *_among(audience),
    )
    return int(connection.execute(query).scalar_one())


def forbidden(
    connection: Connection, unit_id: str, people_ids: Sequence[str], now: int
) -> set[str]:
    """Return who took back the consent to greetings, and minors without a guardian's.

    Who was never asked apart is judged by the consent of the talk.
    """
    asked = connection.execute(
        select(consent_event.c.person_id)
        .where(
            consent_event.c.unit_id == unit_id,
            consent_event.c.purpose == PURPOSE,
            consent_event.c.person_id.in_(list(people_ids)),
        )
        .distinct()
        .union(
            select(person_minor.c.person_id).where(
                person_minor.c.unit_id == unit_id,
                person_minor.c.person_id.in_(list(people_ids)),
            )
        )
    ).scalars()
    return {
        name
        for name in asked
        if consent.forbids(connection, unit_id, name, PURPOSE, now)
    }


def started(
    connection: Connection, unit_id: str, people_ids: Iterable[str], since: int
) -> dict[str, int]:
    """Count what we began to send each person since an instant: letters, greetings."""
    query = (
        select(outbox.c.person_id, func.count(func.distinct(outbox.c.cause)))
        .where(
            outbox.c.unit_id == unit_id,
            outbox.c.person_id.in_(list(people_ids)),
            is_one_of(outbox.c.kind, *_STARTED),
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
    known = select(func.count()).where(
        *_in(rows[0]["unit_id"], rows[0]["greeting_id"]),
        greeting_person.c.person_id.in_([row["person_id"] for row in rows]),
    )
    if connection.execute(known).scalar_one():
        raise ConflictError("greeting_person")
    bulk(connection, ADD_PEOPLE[connection.dialect.name], rows)


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


def stop_of_person(
    connection: Connection, unit_id: str, person_id: str, code: str, now: int
) -> int:
    """End one person's greetings that are not on their way; return how many."""
    theirs = (outbox.c.person_id == person_id) & (outbox.c.kind == KIND)
    return len(stop(connection, unit_id, theirs, code, now))


def active(connection: Connection, unit_id: str, greeting_id: str) -> int:
    """Count the sends that have not reached their end."""
    query = select(func.count()).where(*_of(unit_id, greeting_id))
    return int(connection.execute(query).scalar_one())


def report(
    connection: Connection, unit_id: str, greeting_id: str
) -> list[tuple[str, str, int]]:
    """Return state, code and number of a campaign's people.

    The state of one who was left out is ``left_out``, the code says why.
    """
    mine = _in(unit_id, greeting_id)
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


def _among(audience: Sequence[str]) -> tuple[ColumnElement[bool], ...]:
    if not audience:
        return ()
    tagged = (
        select(person_tag.c.person_id)
        .where(
            person_tag.c.unit_id == conversation.c.unit_id,
            person_tag.c.person_id == conversation.c.person_id,
            person_tag.c.tag.in_(list(audience)),
        )
        .exists()
    )
    return (tagged,)


def _is(unit_id: str, greeting_id: str) -> tuple[Any, Any]:
    return greeting.c.unit_id == unit_id, greeting.c.greeting_id == greeting_id


def _in(unit_id: str, greeting_id: str) -> tuple[Any, Any]:
    return (
        greeting_person.c.unit_id == unit_id,
        greeting_person.c.greeting_id == greeting_id,
    )


def _of(unit_id: str, greeting_id: str) -> tuple[ColumnElement[bool], ...]:
    """The sends of a campaign that have not ended: few, however large it is."""
    planned = (
        select(greeting_person.c.row_id)
        .where(
            *_in(unit_id, greeting_id),
            greeting_person.c.person_id == outbox.c.person_id,
            greeting_person.c.row_id == outbox.c.row_id,
        )
        .exists()
    )
    return outbox.c.unit_id == unit_id, is_one_of(outbox.c.state, *ACTIVE), planned


def _move(
    connection: Connection,
    unit_id: str,
    greeting_id: str,
    *also: ColumnElement[bool],
    **values: Any,
) -> int:
    waiting = is_one_of(outbox.c.state, *_WAITING)
    done = connection.execute(
        update(outbox).where(*_of(unit_id, greeting_id), waiting, *also).values(values)
    )
    return done.rowcount


ADD_PEOPLE = {
    dialect: Bulk(
        insert_for(dialect, greeting_person),
        ("unit_id", "greeting_id", "person_id", "row_id", "why", "at"),
    )
    for dialect in DIALECTS
}
