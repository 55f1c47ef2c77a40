"""What happens to a file that a citizen sent? wanted → stored, refused or gone.

A claim is a lease: it moves ``available_at`` to its end, so what a dead process held
is due again by itself. Bytes lie in storage.file_folder, never here.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import (
    BindParameter,
    Connection,
    Select,
    and_,
    bindparam,
    delete,
    func,
    select,
    tuple_,
    update,
)

from storage.bulk import Bulk, bulk
from storage.database import DIALECTS, insert_for, is_postgres
from storage.errors import LeaseLostError
from storage.file_states import FileState
from storage.tables import person, received_file, vault_item
from storage.tables.base import is_one_of

Row = dict[str, Any]


def want(connection: Connection, rows: Sequence[Mapping[str, Any]]) -> None:
    """Insert files to fetch; each attachment of an event only once."""
    if rows:
        bulk(connection, WANT[connection.dialect.name], rows)


def is_due(connection: Connection, now: int) -> bool:
    """Whether there is anything to claim (a read; claiming is a write)."""
    return connection.execute(DUE, {"now": now, "size": 1}).first() is not None


def claim(
    connection: Connection, *, owner: str, now: int, lease_until: int, limit: int
) -> list[Row]:
    """Take due files, longest waiting first, each with its key and sealed address.

    ``wrapped_key`` is None for a person who was erased. The try counts from here, so
    that a file which kills its process does not do so for ever.
    """
    query = DUE_LOCKED if is_postgres(connection) else DUE
    found = connection.execute(query, {"now": now, "size": limit})
    refs = [(row.unit_id, row.file_id) for row in found]
    if not refs:
        return []
    connection.execute(
        update(received_file)
        .where(tuple_(received_file.c.unit_id, received_file.c.file_id).in_(refs))
        .values(
            owner=owner,
            available_at=lease_until,
            attempts=received_file.c.attempts + 1,
            updated_at=now,
        )
    )
    rows = connection.execute(LOADED, {"refs": refs}).mappings()
    return [dict(row) for row in rows]


def wake_stranded(connection: Connection, now: int) -> int:
    """At an embedded start nobody else can hold a file: all are due at once."""
    return connection.execute(
        update(received_file)
        .where(
            is_one_of(received_file.c.state, FileState.WANTED),
            received_file.c.owner.is_not(None),
        )
        .values(owner=None, available_at=now)
    ).rowcount


def store(
    connection: Connection,
    row: Row,
    *,
    owner: str,
    now: int,
    sealed: bytes,
    size: int,
    content_mac: str,
    media_type: str,
) -> None:
    """The bytes are on the disk: say so, once; raises LeaseLostError."""
    _finish(
        connection,
        row,
        owner,
        sealed,
        state=FileState.STORED,
        size=size,
        content_mac=content_mac,
        media_type=media_type,
        reason=None,
        updated_at=now,
    )


def end(
    connection: Connection,
    row: Row,
    *,
    owner: str,
    now: int,
    sealed: bytes,
    state: FileState,
    reason: str,
) -> None:
    """It will never be stored: refused or gone; raises LeaseLostError."""
    _finish(
        connection,
        row,
        owner,
        sealed,
        state=state,
        reason=reason[:64],
        updated_at=now,
    )


def later(
    connection: Connection,
    row: Row,
    *,
    owner: str,
    now: int,
    available_at: int,
    reason: str,
    attempts: int,
) -> None:
    """Try again at ``available_at`` (UTC ms); raises LeaseLostError."""
    _advance(
        connection,
        row,
        owner,
        available_at=available_at,
        reason=reason[:64],
        attempts=attempts,
        updated_at=now,
    )


def put_back(connection: Connection, owner: str, now: int) -> int:
    """Return what this process holds, untried: it stops. ``now`` is UTC ms."""
    return connection.execute(
        update(received_file)
        .where(
            is_one_of(received_file.c.state, FileState.WANTED),
            received_file.c.owner == owner,
        )
        .values(
            owner=None,
            available_at=now,
            attempts=received_file.c.attempts - 1,
            updated_at=now,
        )
    ).rowcount


def want_again(
    connection: Connection, unit_id: str, file_ids: Sequence[str], now: int
) -> int:
    """Fetch files that were refused or gone once more; return how many there were.

    Only what still has its address can come (see bot.fetch_log).
    """
    return connection.execute(
        update(received_file)
        .where(
            received_file.c.unit_id == unit_id,
            received_file.c.file_id.in_(list(file_ids)),
            received_file.c.state.in_((FileState.REFUSED, FileState.GONE)),
        )
        .values(
            state=FileState.WANTED,
            reason=None,
            attempts=0,
            available_at=now,
            updated_at=now,
        )
    ).rowcount


def get(connection: Connection, unit_id: str, file_id: str) -> Row | None:
    """Return one file with its person's wrapped key and the sealed facts."""
    found = connection.execute(LOADED, {"refs": [(unit_id, file_id)]}).mappings()
    row = found.first()
    return dict(row) if row else None


def listed(
    connection: Connection,
    unit_id: str,
    *,
    state: str = "",
    person_id: str = "",
    event_id: str = "",
    limit: int = 50,
) -> list[Row]:
    """Return the files of a unit, newest first, narrowed by what is given."""
    wanted = {"state": state, "person_id": person_id, "event_id": event_id}
    query = (
        select(received_file)
        .where(
            received_file.c.unit_id == unit_id,
            *(
                received_file.c[name] == value
                for name, value in wanted.items()
                if value
            ),
        )
        .order_by(received_file.c.file_id.desc())
        .limit(limit)
    )
    return [dict(row) for row in connection.execute(query).mappings()]


def known(connection: Connection, unit_id: str, names: Sequence[str]) -> set[str]:
    """Return those of the names that a stored file has."""
    query = select(received_file.c.content_mac).where(
        received_file.c.unit_id == unit_id,
        received_file.c.content_mac.in_(list(names)),
    )
    return set(connection.execute(query).scalars())


def forget(connection: Connection, unit_id: str, person_id: str) -> tuple[str, ...]:
    """Delete a person's rows; return the names of the files to remove after."""
    gone = connection.execute(
        delete(received_file)
        .where(
            received_file.c.unit_id == unit_id, received_file.c.person_id == person_id
        )
        .returning(received_file.c.content_mac)
    ).scalars()
    return tuple(sorted({name for name in gone if name}))


def waiting(connection: Connection) -> tuple[int, int | None]:
    """Count the files that are still wanted; and when the oldest was sent."""
    query = select(func.count(), func.min(received_file.c.created_at)).where(
        is_one_of(received_file.c.state, FileState.WANTED)
    )
    number, oldest = connection.execute(query).one()
    return number, oldest


def _finish(
    connection: Connection, row: Row, owner: str, sealed: bytes, /, **values: Any
) -> None:
    _advance(connection, row, owner, **values)
    connection.execute(
        update(vault_item)
        .where(
            vault_item.c.unit_id == row["unit_id"],
            vault_item.c.item_id == row["item_id"],
        )
        .values(sealed=sealed)
    )


def _advance(connection: Connection, row: Row, owner: str, /, **values: Any) -> None:
    changed = connection.execute(
        update(received_file)
        .where(
            received_file.c.unit_id == row["unit_id"],
            received_file.c.file_id == row["file_id"],
            received_file.c.owner == owner,
            is_one_of(received_file.c.state, FileState.WANTED),
        )
        .values(owner=None, **values)
    )
    if changed.rowcount != 1:
        raise LeaseLostError("received_file")


WANTED_COLUMNS = (
    "unit_id",
    "file_id",
    "person_id",
    "item_id",
    "event_id",
    "position",
    "channel",
    "kind",
    "state",
    "attempts",
    "available_at",
    "created_at",
    "updated_at",
)


def _want(dialect: str) -> Bulk:
    statement = insert_for(dialect, received_file).on_conflict_do_nothing(
        index_elements=["unit_id", "event_id", "position"]
    )
    return Bulk(statement, WANTED_COLUMNS)


def _due() -> Select[tuple[str, str]]:
    return (
        select(received_file.c.unit_id, received_file.c.file_id)
        .where(
            is_one_of(received_file.c.state, FileState.WANTED),
            received_file.c.available_at <= bindparam("now"),
        )
        .order_by(received_file.c.available_at)
        .limit(bindparam("size"))
    )


def _loaded() -> Select[Any]:
    refs: BindParameter[list[tuple[str, str]]] = bindparam("refs", expanding=True)
    return (
        select(received_file, person.c.wrapped_key, vault_item.c.sealed)
        .outerjoin(
            person,
            and_(
                person.c.unit_id == received_file.c.unit_id,
                person.c.person_id == received_file.c.person_id,
            ),
        )
        .outerjoin(
            vault_item,
            and_(
                vault_item.c.unit_id == received_file.c.unit_id,
                vault_item.c.item_id == received_file.c.item_id,
            ),
        )
        .where(tuple_(received_file.c.unit_id, received_file.c.file_id).in_(refs))
    )


WANT = {dialect: _want(dialect) for dialect in DIALECTS}
DUE = _due()
DUE_LOCKED = DUE.with_for_update(skip_locked=True)
LOADED = _loaded()
