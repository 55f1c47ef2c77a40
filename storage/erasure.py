"""How is a person erased everywhere? Key, rows, raw bodies, and the log behind them.

A raw body may name several people: it is deleted when nobody else waits in it, else
a copy without the person takes its place. Copies are made outside the transaction
and swapped in only if nobody changed the body meanwhile. Evidence stays: it holds
salted hashes and a random id (NĐ 356/2025/NĐ-CP Điều 5).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, delete, select, update

from storage import (
    case_erasure,
    comments,
    consent,
    desk_search,
    files,
    greetings,
    letters,
    people,
    segments,
    survey,
)
from storage.database import Database, is_postgres
from storage.errors import ConflictError
from storage.sqlite import SqliteDatabase
from storage.tables import identity, inbox_body, inbox_event, lane

ATTEMPTS = 5
PENDING = ("received", "failed")
"""An event in one of these states still needs its body."""

Row = Mapping[str, Any]
Redact = Callable[[Row, frozenset[str]], bytes | None]
"""(body row, the person's lanes) -> the same bytes when nothing of theirs is in it,
sealed bytes without them, or None when that cannot be done (the body then goes).
The indexes of the other events must stay the same."""


@dataclass(frozen=True, slots=True)
class Redacted:
    """A body as it was seen, and what shall stand in its place (None: nothing)."""

    body_id: str
    seen: bytes
    sealed: bytes | None


@dataclass(frozen=True, slots=True)
class Erasure:
    """What went: counts, the ids of the sends that were stopped, and the names of the
    files whose key is gone and which the caller removes (storage.file_folder).
    """

    items: int
    sends: tuple[str, ...]
    events: int
    bodies_deleted: int
    bodies_redacted: int
    files: tuple[str, ...] = ()


async def erase_everywhere(
    database: Database,
    unit_id: str,
    person_id: str,
    at: int,
    redact: Redact,
    also: Callable[[Connection, Erasure], None],
) -> Erasure:
    """Erase a person; ``also`` writes the proof in the same transaction.

    ``at`` is UTC ms. Raises ConflictError when bodies kept changing, and
    StorageUnavailableError; in both cases nothing was erased.
    """

    def work(connection: Connection) -> Erasure:
        done = erase_person(connection, unit_id, person_id, at, redacted)
        also(connection, done)
        return done

    for attempt in range(ATTEMPTS):
        lanes, bodies = await database.read(lambda c: candidates(c, unit_id, person_id))
        redacted = redact_all(bodies, lanes, redact)
        try:
            done = await database.write(work)
        except ConflictError:
            if attempt == ATTEMPTS - 1:
                raise
        else:
            await after_erasure(database)
            return done
    raise AssertionError


def candidates(
    connection: Connection, unit_id: str, person_id: str
) -> tuple[frozenset[str], list[Row]]:
    """Return the person's lanes and every raw body of the channels they use.

    All of them, because a body may repeat a message that was stored before: then
    no event row tells whom it names.
    """
    query = select(identity.c.channel, identity.c.id_mac).where(
        identity.c.unit_id == unit_id, identity.c.person_id == person_id
    )
    known = connection.execute(query).all()
    bodies = select(inbox_body).where(
        inbox_body.c.unit_id == unit_id,
        inbox_body.c.channel.in_({row.channel for row in known}),
    )
    rows = connection.execute(bodies.order_by(inbox_body.c.body_id)).mappings()
    return frozenset(row.id_mac for row in known), [dict(row) for row in rows]


def redact_all(
    bodies: Sequence[Row], lanes: frozenset[str], redact: Redact
) -> dict[str, Redacted]:
    """Return what changes, by body id; pure but for ``redact``."""
    changes: dict[str, Redacted] = {}
    for body in bodies:
        sealed = redact(body, lanes)
        if sealed != body["sealed"]:
            body_id = body["body_id"]
            changes[body_id] = Redacted(body_id, body["sealed"], sealed)
    return changes


def erase_person(
    connection: Connection,
    unit_id: str,
    person_id: str,
    at: int,
    redacted: Mapping[str, Redacted],
) -> Erasure:
    """Erase in the caller's transaction.

    The person's waiting and failed events become done, so a worker that holds one
    loses it. Raises ConflictError when a body that others still need names the
    person and is not in ``redacted``, or changed since it was read.
    """
    lanes = people.lanes_of(connection, unit_id, person_id)
    _lock_lanes(connection, unit_id, lanes)
    events = _finish_events(connection, unit_id, lanes)
    deleted, replaced = _clear_bodies(connection, unit_id, lanes, redacted)
    connection.execute(
        delete(lane).where(lane.c.unit_id == unit_id, lane.c.lane.in_(lanes))
    )
    sends = people.stop_sends(connection, unit_id, person_id, at)
    names = files.forget(connection, unit_id, person_id)
    case_erasure.erase(connection, unit_id, person_id, at)
    survey.forget(connection, unit_id, person_id)
    comments.forget(connection, unit_id, person_id)
    letters.forget(connection, unit_id, person_id, at)
    greetings.forget(connection, unit_id, person_id)
    segments.forget(connection, unit_id, person_id)
    consent.forget(connection, unit_id, person_id)
    items = people.erase(connection, unit_id, person_id, at)
    # After the items: a reader of new words waits for them or finds them gone.
    desk_search.forget(connection, unit_id, person_id)
    return Erasure(items, sends, events, deleted, replaced, names)


async def after_erasure(database: Database) -> bool:
    """Cut the SQLite log, which still holds what was erased; False while it is read.

    On PostgreSQL the old row versions go with VACUUM and the rotation of its log,
    which the administrator's settings decide; there is nothing to do here.
    """
    if isinstance(database, SqliteDatabase):
        return await database.truncate_wal()
    return True


def _lock_lanes(connection: Connection, unit_id: str, lanes: Sequence[str]) -> None:
    """Lanes before bodies, as a worker does, so that the two cannot deadlock."""
    if is_postgres(connection):
        connection.execute(
            select(lane.c.lane)
            .where(lane.c.unit_id == unit_id, lane.c.lane.in_(lanes))
            .order_by(lane.c.lane)
            .with_for_update()
        )


def _finish_events(connection: Connection, unit_id: str, lanes: Sequence[str]) -> int:
    return connection.execute(
        update(inbox_event)
        .where(
            inbox_event.c.unit_id == unit_id,
            inbox_event.c.lane.in_(lanes),
            inbox_event.c.state.in_(PENDING),
        )
        .values(state="done", error="erased")
    ).rowcount


def _clear_bodies(
    connection: Connection,
    unit_id: str,
    lanes: Sequence[str],
    redacted: Mapping[str, Redacted],
) -> tuple[int, int]:
    naming = {
        row["body_id"] for row in people.bodies_naming(connection, unit_id, lanes)
    }
    deleted = replaced = 0
    for body_id in sorted(naming | redacted.keys()):
        current = _lock_body(connection, unit_id, body_id)
        if current is None:
            continue
        change = redacted.get(body_id)
        if not _is_needed(connection, unit_id, body_id):
            change = Redacted(body_id, current, None)
        if change is None or change.seen != current:
            raise ConflictError("body")
        _replace(connection, unit_id, change)
        deleted += change.sealed is None
        replaced += change.sealed is not None
    return deleted, replaced


def _lock_body(connection: Connection, unit_id: str, body_id: str) -> bytes | None:
    query = select(inbox_body.c.sealed).where(
        inbox_body.c.unit_id == unit_id, inbox_body.c.body_id == body_id
    )
    if is_postgres(connection):
        query = query.with_for_update()
    return connection.execute(query).scalar()


def _is_needed(connection: Connection, unit_id: str, body_id: str) -> bool:
    query = select(inbox_event.c.event_id).where(
        inbox_event.c.unit_id == unit_id,
        inbox_event.c.body_id == body_id,
        inbox_event.c.state.in_(PENDING),
    )
    return connection.execute(query.limit(1)).first() is not None


def _replace(connection: Connection, unit_id: str, change: Redacted) -> None:
    here = (inbox_body.c.unit_id == unit_id) & (inbox_body.c.body_id == change.body_id)
    if change.sealed is None:
        connection.execute(delete(inbox_body).where(here))
    else:
        connection.execute(update(inbox_body).where(here).values(sealed=change.sealed))
