"""How does everything sealed under the master key come under a new one?

In short transactions while the service runs: a row is replaced only if it is still
what was read, so an erasure in between wins. Nothing notes how far it got: a row that
the new key opens is done, so after a kill it is simply started again.

``PLACES`` is every column sealed with ``UnitKeys.box`` (a test looks for others).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any

from sqlalchemy import Connection, Table, select, tuple_, update

from storage.database import Database
from storage.keys import InvalidTag, MasterBox
from storage.tables import (
    console_account,
    day_key,
    dossier_key,
    evidence_key,
    lesson_example,
    letter_own_kind,
    nlu_model,
    person,
    roster_shift,
    staff_member,
    staff_route,
    token,
)

BATCH = 256
Row = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class SealedColumn:
    """A column sealed under the unit's key, and what binds a value to its row."""

    table: Table
    column: str
    context: Callable[[Row], str]


@dataclass(slots=True)
class Rewrapped:
    """How many rows there were, how many change, how many no key opens."""

    seen: int = 0
    changed: int = 0
    damaged: int = 0


PLACES = (
    SealedColumn(person, "wrapped_key", lambda r: f"person:{r['person_id']}"),
    SealedColumn(day_key, "wrapped_key", lambda r: f"day:{r['day']}"),
    SealedColumn(token, "sealed", lambda r: f"token:{r['unit_id']}:{r['channel']}"),
    SealedColumn(
        evidence_key,
        "sealed_seed",
        lambda r: (
            f"evidence-key:{r['number']}:{r['from_size']}:{r['created_at']}"
            f":{r['public_key'].hex()}"
        ),
    ),
    SealedColumn(
        staff_member, "sealed", lambda r: f"{r['unit_id']}:staff:{r['staff_id']}"
    ),
    SealedColumn(
        staff_route,
        "sealed",
        lambda r: f"{r['unit_id']}:staff:{r['staff_id']}:route:{r['kind']}",
    ),
    SealedColumn(
        console_account,
        "factor",
        lambda r: f"{r['unit_id']}:console:{r['staff_id']}:factor",
    ),
    SealedColumn(dossier_key, "wrapped_key", lambda r: f"dossier-key:{r['unit_id']}"),
    SealedColumn(
        roster_shift,
        "sealed",
        lambda r: (
            f"{r['unit_id']}:shift:{r['day']}:{r['part']}:{r['channel']}:{r['field']}"
        ),
    ),
    SealedColumn(
        lesson_example,
        "sealed",
        lambda r: f"{r['unit_id']}:lesson-example:{r['example_id']}",
    ),
    SealedColumn(
        letter_own_kind,
        "sealed",
        lambda r: f"letter-kind:{r['code']}:{r['version']}",
    ),
    SealedColumn(
        nlu_model, "sealed", lambda r: f"{r['unit_id']}:nlu-model:{r['model_id']}"
    ),
)


async def rewrap(
    database: Database, unit_id: str, box: MasterBox, batch: int = BATCH
) -> Rewrapped:
    """Seal all of a unit anew that the key in force does not open yet.

    May be killed anywhere and started again. Raises StorageUnavailableError.
    """
    done = Rewrapped()
    for place in PLACES:
        await _rewrap(database, unit_id, box, place, batch, done)
    return done


async def _rewrap(
    database: Database,
    unit_id: str,
    box: MasterBox,
    place: SealedColumn,
    batch: int,
    done: Rewrapped,
) -> None:
    last: tuple[Any, ...] = ()
    while rows := await database.read(
        partial(_page, unit_id=unit_id, place=place, after=last, limit=batch)
    ):
        changes = list(_changes(place, box, rows, done))
        if changes:
            change = partial(_replace, place=place, changes=changes)
            done.changed += await database.write(change)
        last = _key(place, rows[-1])


def left(connection: Connection, unit_id: str, box: MasterBox) -> Rewrapped:
    """Count what only the old key opens (``changed``), and what none does.

    The old key may go when there is neither.
    """
    found = Rewrapped()
    for place in PLACES:
        last: tuple[Any, ...] = ()
        while rows := _page(connection, unit_id, place, last, BATCH):
            found.changed += len(list(_changes(place, box, rows, found)))
            last = _key(place, rows[-1])
    return found


def _page(
    connection: Connection,
    unit_id: str,
    place: SealedColumn,
    after: tuple[Any, ...],
    limit: int,
) -> list[Row]:
    table = place.table
    keys = list(table.primary_key.columns)
    query = select(table).where(
        table.c.unit_id == unit_id, table.c[place.column].is_not(None)
    )
    if after:
        query = query.where(tuple_(*keys) > after)
    rows = connection.execute(query.order_by(*keys).limit(limit)).mappings()
    return [dict(row) for row in rows]


def _changes(
    place: SealedColumn, box: MasterBox, rows: list[Row], done: Rewrapped
) -> Iterator[tuple[Row, bytes]]:
    for row in rows:
        done.seen += 1
        sealed, context = row[place.column], place.context(row)
        try:
            if not box.is_newest(sealed, context):
                yield row, box.seal(box.open(sealed, context), context)
        except InvalidTag:
            done.damaged += 1


def _replace(
    connection: Connection, place: SealedColumn, changes: list[tuple[Row, bytes]]
) -> int:
    table, count = place.table, 0
    for row, sealed in changes:
        here = [c == row[c.name] for c in table.primary_key.columns]
        seen = table.c[place.column] == row[place.column]
        change = update(table).where(*here, seen).values({place.column: sealed})
        count += connection.execute(change).rowcount
    return count


def _key(place: SealedColumn, row: Row) -> tuple[Any, ...]:
    return tuple(row[column.name] for column in place.table.primary_key.columns)
