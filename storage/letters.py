"""What is kept of a letter? States, versions, numbers, steps; its words are sealed.

Every change names the ``mark`` it saw, so that two people never overwrite each other.
``take`` alone makes a letter leave, and only in the version that was approved.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import Connection, func, select, update

from storage import letters_birthdays, letters_occasions, letters_ways
from storage.database import insert
from storage.errors import ConflictError
from storage.outbox_states import Priority
from storage.outbox_stop import stop
from storage.tables import (
    conversation,
    letter,
    letter_number,
    letter_step,
    letter_switch,
    outbox,
    person,
    vault_item,
)

Row = Mapping[str, Any]
GONE = "archived"
SCHEDULED, SENDING = "scheduled", "sending"
TOO_LATE = "too_late"
"""Why a letter waits whose time to be sent by itself has passed."""
CAUSE = "letter:"
"""How the cause of a send begins; letter and number of the try follow."""


def add(connection: Connection, row: Row) -> None:
    """Insert a letter; raises ConflictError when there is one for this occasion."""
    statement = insert(connection, letter).values(dict(row))
    if connection.execute(statement.on_conflict_do_nothing()).rowcount != 1:
        raise ConflictError("letter")


def change(
    connection: Connection, unit_id: str, letter_id: str, seen: int, **values: Any
) -> None:
    """Write by compare-and-swap of ``mark``; raises ConflictError."""
    done = connection.execute(
        update(letter)
        .where(*_is(unit_id, letter_id), letter.c.mark == seen)
        .values(mark=seen + 1, **values)
    )
    if done.rowcount != 1:
        raise ConflictError("letter")


def take(
    connection: Connection, unit_id: str, letter_id: str, now: int, channel: str
) -> bool:
    """Let a due letter begin to leave; False unless its approved version stands.

    Whoever is told True plans its sends in the same transaction.
    """
    done = connection.execute(
        update(letter)
        .where(
            *_is(unit_id, letter_id),
            letter.c.state == SCHEDULED,
            letter.c.approved == letter.c.version,
            letter.c.due_at <= now,
        )
        .values(
            state=SENDING,
            channel=channel,
            waits_for=None,
            mark=letter.c.mark + 1,
            updated_at=now,
        )
    )
    return done.rowcount == 1


def waits(connection: Connection, unit_id: str, letter_id: str, code: str) -> None:
    """Note why a due letter cannot leave by chat yet; its mark stays."""
    connection.execute(
        update(letter)
        .where(*_is(unit_id, letter_id), letter.c.state == SCHEDULED)
        .values(waits_for=code[:32])
    )


def get(connection: Connection, unit_id: str, letter_id: str) -> dict[str, Any] | None:
    """Return one letter with its person's key and its sealed words."""
    row = (
        connection.execute(_opened().where(*_is(unit_id, letter_id))).mappings().first()
    )
    return dict(row) if row is not None else None


def listed(
    connection: Connection,
    unit_id: str,
    states: Sequence[str] = (),
    kind: str = "",
    limit: int = 500,
) -> list[dict[str, Any]]:
    """Return letters, newest first, each with key and sealed words."""
    query = _opened().where(letter.c.unit_id == unit_id)
    if states:
        query = query.where(letter.c.state.in_(list(states)))
    if kind:
        query = query.where(letter.c.kind == kind)
    ordered = query.order_by(letter.c.created_at.desc(), letter.c.letter_id.desc())
    rows = connection.execute(ordered.limit(limit)).mappings()
    return [dict(row) for row in rows]


def due(
    connection: Connection, unit_id: str, now: int, limit: int = 1000
) -> list[dict[str, Any]]:
    """Return scheduled letters whose hour has come, longest due first.

    Those of which the hour has passed wait for a person and are not among them.
    """
    query = _opened().where(
        letter.c.unit_id == unit_id,
        letter.c.state == SCHEDULED,
        letter.c.due_at <= now,
        func.coalesce(letter.c.waits_for, "") != TOO_LATE,
    )
    ordered = query.order_by(letter.c.due_at, letter.c.letter_id).limit(limit)
    return [dict(row) for row in connection.execute(ordered).mappings()]


def numbered(
    connection: Connection, unit_id: str, year: int, limit: int = 2000
) -> list[dict[str, Any]]:
    """Return the register of one year, by number."""
    query = _opened().where(letter.c.unit_id == unit_id, letter.c.year == year)
    ordered = query.order_by(letter.c.number).limit(limit)
    return [dict(row) for row in connection.execute(ordered).mappings()]


def by_occasion(
    connection: Connection, unit_id: str, occasion_mac: str
) -> dict[str, Any] | None:
    """Return the letter of an occasion, if there is one."""
    query = select(letter).where(
        letter.c.unit_id == unit_id, letter.c.occasion_mac == occasion_mac
    )
    row = connection.execute(query).mappings().first()
    return dict(row) if row is not None else None


def by_source(
    connection: Connection, unit_id: str, source: str, ref: str
) -> dict[str, Any] | None:
    """Return the letter that came from somewhere under a reference."""
    query = select(letter).where(
        letter.c.unit_id == unit_id,
        letter.c.source == source,
        letter.c.source_ref == ref,
    )
    row = connection.execute(query.limit(1)).mappings().first()
    return dict(row) if row is not None else None


def mourned(
    connection: Connection, unit_id: str, subject_mac: str, kind: str, since: int = 0
) -> str | None:
    """Return a letter of this kind about somebody of this name, if there is one.

    ``since`` (UTC ms) is when it was begun at the earliest.
    """
    query = select(letter.c.letter_id).where(
        letter.c.unit_id == unit_id,
        letter.c.subject_mac == subject_mac,
        letter.c.kind == kind,
        letter.c.created_at >= since,
    )
    return connection.execute(query.limit(1)).scalar()


def mourns(
    connection: Connection, unit_id: str, person_id: str, kind: str, since: int
) -> bool:
    """Whether a person was written a letter of this kind since an instant (UTC ms)."""
    query = select(letter.c.letter_id).where(
        letter.c.unit_id == unit_id,
        letter.c.person_id == person_id,
        letter.c.kind == kind,
        letter.c.created_at >= since,
    )
    return connection.execute(query.limit(1)).first() is not None


def talks(connection: Connection, unit_id: str, person_id: str) -> list[dict[str, Any]]:
    """Return the channels of a person: last word (UTC ms), and whether told to stop."""
    query = select(
        conversation.c.channel,
        conversation.c.last_inbound_at,
        conversation.c.opted_out,
    ).where(conversation.c.unit_id == unit_id, conversation.c.person_id == person_id)
    rows = connection.execute(query.order_by(conversation.c.channel)).mappings()
    return [dict(row) for row in rows]


def started(connection: Connection, unit_id: str, person_id: str, since: int) -> int:
    """Count what we began to send a person since an instant (UTC ms)."""
    query = select(func.count(func.distinct(outbox.c.cause))).where(
        outbox.c.unit_id == unit_id,
        outbox.c.person_id == person_id,
        outbox.c.kind.in_(("letter", "greeting", "template")),
        outbox.c.priority != int(Priority.CASE),  # a result is no letter of ours
        outbox.c.state != "refused",
        outbox.c.created_at >= since,
    )
    return int(connection.execute(query).scalar() or 0)


def next_number(connection: Connection, unit_id: str, year: int) -> int:
    """Return the next number of the register of a year; taken for good."""
    new = insert(connection, letter_number).values(unit_id=unit_id, year=year, last=1)
    statement = new.on_conflict_do_update(
        index_elements=["unit_id", "year"], set_={"last": letter_number.c.last + 1}
    ).returning(letter_number.c.last)
    return int(connection.execute(statement).scalar_one())


def add_steps(
    connection: Connection, unit_id: str, letter_id: str, steps: Sequence[Row]
) -> None:
    """Write steps after those that are there."""
    mine = (letter_step.c.unit_id == unit_id, letter_step.c.letter_id == letter_id)
    last = connection.execute(
        select(func.coalesce(func.max(letter_step.c.position), 0)).where(*mine)
    ).scalar_one()
    rows = [
        dict(one) | {"unit_id": unit_id, "letter_id": letter_id, "position": last + at}
        for at, one in enumerate(steps, 1)
    ]
    if rows:
        connection.execute(letter_step.insert(), rows)


def steps(connection: Connection, unit_id: str, letter_id: str) -> list[dict[str, Any]]:
    """Return the steps of a letter in order."""
    query = select(letter_step).where(
        letter_step.c.unit_id == unit_id, letter_step.c.letter_id == letter_id
    )
    rows = connection.execute(query.order_by(letter_step.c.position)).mappings()
    return [dict(row) for row in rows]


def tries(connection: Connection, unit_id: str, letter_id: str) -> int:
    """Count how often a letter began to leave."""
    query = select(func.count()).where(
        letter_step.c.unit_id == unit_id,
        letter_step.c.letter_id == letter_id,
        letter_step.c.act == "send",
    )
    return int(connection.execute(query).scalar_one())


def cause(letter_id: str, number: int) -> str:
    """Return the cause of the sends of one try; the outbox plans each only once."""
    return f"{CAUSE}{letter_id}:{number}"


def sends(connection: Connection, unit_id: str, cause: str) -> list[dict[str, Any]]:
    """Return state and code of the sends of one cause, in order."""
    query = select(outbox.c.state, outbox.c.code).where(
        outbox.c.unit_id == unit_id, outbox.c.cause == cause
    )
    rows = connection.execute(query.order_by(outbox.c.position)).mappings()
    return [dict(row) for row in rows]


def is_stopped(connection: Connection, unit_id: str) -> bool:
    """Whether all celebration is stopped."""
    query = select(letter_switch.c.is_stopped).where(letter_switch.c.unit_id == unit_id)
    return bool(connection.execute(query).scalar())


def set_stopped(connection: Connection, row: Row) -> None:
    """Stop or allow celebration."""
    new = insert(connection, letter_switch).values(dict(row))
    connection.execute(
        new.on_conflict_do_update(
            index_elements=["unit_id"],
            set_={name: new.excluded[name] for name in ("is_stopped", "by", "at")},
        )
    )


def stop_sends(
    connection: Connection, unit_id: str, kinds: Sequence[str], now: int
) -> int:
    """Refuse the planned sends of these kinds that are not on their way; the count."""
    these = letter.c.kind.in_(list(kinds))
    return _stop(connection, unit_id, these, "celebrations_stopped", now)


def stop_of_person(
    connection: Connection,
    unit_id: str,
    person_id: str,
    but: Sequence[str],
    code: str,
    now: int,
) -> int:
    """Refuse what one person's letters of all kinds ``but`` these still wait to send.

    Returns how many sends.
    """
    these = (letter.c.person_id == person_id) & letter.c.kind.not_in(list(but))
    return _stop(connection, unit_id, these, code, now)


def _stop(connection: Connection, unit_id: str, which: Any, code: str, now: int) -> int:
    leaving = connection.execute(
        select(letter.c.letter_id).where(
            letter.c.unit_id == unit_id, letter.c.state == SENDING, which
        )
    ).scalars()
    causes = [cause(one, tries(connection, unit_id, one)) for one in list(leaving)]
    return len(stop(connection, unit_id, outbox.c.cause.in_(causes), code, now))


def forget(connection: Connection, unit_id: str, person_id: str, at: int) -> None:
    """Keep the steps of an erased person's letters as a register of nobody."""
    letters_occasions.forget(connection, unit_id, person_id)
    letters_ways.forget(connection, unit_id, person_id)
    letters_birthdays.forget(connection, unit_id, person_id)
    connection.execute(
        update(letter)
        .where(letter.c.unit_id == unit_id, letter.c.person_id == person_id)
        .values(
            state=GONE,
            person_id=None,
            item_id=None,
            occasion_mac=None,
            subject_mac=None,
            source_ref=None,
            mark=letter.c.mark + 1,
            updated_at=at,
        )
    )


def _is(unit_id: str, letter_id: str) -> tuple[Any, Any]:
    return letter.c.unit_id == unit_id, letter.c.letter_id == letter_id


def _opened() -> Any:
    return (
        select(letter, person.c.wrapped_key, vault_item.c.sealed)
        .outerjoin(
            person,
            (person.c.unit_id == letter.c.unit_id)
            & (person.c.person_id == letter.c.person_id),
        )
        .outerjoin(
            vault_item,
            (vault_item.c.unit_id == letter.c.unit_id)
            & (vault_item.c.item_id == letter.c.item_id),
        )
    )
