"""Which occasions did the one-stop system tell, and what became of each?

A row is written once for each key of the sender; ``result`` is what the sender was
answered and never changes, ``state`` moves on.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import Connection, select, update

from storage.database import insert
from storage.tables import api_token, occasion, person, vault_item

Row = Mapping[str, Any]
WAITING, TELLING, DONE = "waiting", "telling", "done"
"""A person must look; a citizen is still to be told; nothing is left to do."""
DEATH = "death_registered"


def add_token(connection: Connection, row: Row) -> bool:
    """Insert a token; False when the name is taken."""
    statement = insert(connection, api_token).values(dict(row))
    return connection.execute(statement.on_conflict_do_nothing()).rowcount == 1


def tokens(connection: Connection, unit_id: str) -> list[dict[str, Any]]:
    """Return the tokens of a unit, newest first; no secret is among them."""
    query = select(
        api_token.c.name,
        api_token.c.created_by,
        api_token.c.created_at,
        api_token.c.ended_at,
    ).where(api_token.c.unit_id == unit_id)
    rows = connection.execute(query.order_by(api_token.c.created_at.desc())).mappings()
    return [dict(row) for row in rows]


def token_name(connection: Connection, unit_id: str, token_mac: str) -> str | None:
    """Return the name of a token that is in use, by its keyed hash."""
    query = select(api_token.c.name).where(
        api_token.c.unit_id == unit_id,
        api_token.c.token_mac == token_mac,
        api_token.c.ended_at.is_(None),
    )
    return connection.execute(query).scalar()


def end_token(connection: Connection, unit_id: str, name: str, at: int) -> bool:
    """End a token; False when there is none of that name in use."""
    done = connection.execute(
        update(api_token)
        .where(
            api_token.c.unit_id == unit_id,
            api_token.c.name == name,
            api_token.c.ended_at.is_(None),
        )
        .values(ended_at=at)
    )
    return done.rowcount == 1


def add(connection: Connection, row: Row) -> None:
    """Insert an occasion."""
    connection.execute(occasion.insert().values(dict(row)))


def by_key(connection: Connection, unit_id: str, key_mac: str) -> dict[str, Any] | None:
    """Return what came under a key of the sender before."""
    query = select(occasion).where(
        occasion.c.unit_id == unit_id, occasion.c.key_mac == key_mac
    )
    row = connection.execute(query).mappings().first()
    return dict(row) if row is not None else None


def get(
    connection: Connection, unit_id: str, occasion_id: str
) -> dict[str, Any] | None:
    """Return one occasion with its person's key and its sealed words."""
    query = _opened().where(*_is(unit_id, occasion_id))
    row = connection.execute(query).mappings().first()
    return dict(row) if row is not None else None


def listed(
    connection: Connection, unit_id: str, states: Sequence[str], limit: int = 200
) -> list[dict[str, Any]]:
    """Return occasions in these states, oldest first, with key and sealed words."""
    query = _opened().where(
        occasion.c.unit_id == unit_id, occasion.c.state.in_(list(states))
    )
    ordered = query.order_by(occasion.c.created_at, occasion.c.occasion_id)
    return [dict(row) for row in connection.execute(ordered.limit(limit)).mappings()]


def told_before(
    connection: Connection, unit_id: str, event: str, occasion_mac: str
) -> bool:
    """Whether the same occasion of the same person was told under another key."""
    query = select(occasion.c.occasion_id).where(
        occasion.c.unit_id == unit_id,
        occasion.c.event == event,
        occasion.c.occasion_mac == occasion_mac,
    )
    return connection.execute(query.limit(1)).first() is not None


def is_dead(
    connection: Connection, unit_id: str, subject_mac: str, since: int = 0
) -> bool:
    """Whether the death of somebody of this name was told, since then (UTC ms)."""
    query = select(occasion.c.occasion_id).where(
        occasion.c.unit_id == unit_id,
        occasion.c.event == DEATH,
        occasion.c.subject_mac == subject_mac,
        occasion.c.created_at >= since,
    )
    return connection.execute(query.limit(1)).first() is not None


def move(
    connection: Connection,
    unit_id: str,
    occasion_id: str,
    seen: str,
    state: str,
    at: int,
    **values: Any,
) -> bool:
    """Move an occasion on; False when somebody else did."""
    done = connection.execute(
        update(occasion)
        .where(*_is(unit_id, occasion_id), occasion.c.state == seen)
        .values(state=state, updated_at=at, **values)
    )
    return done.rowcount == 1


def written(
    connection: Connection, unit_id: str, occasion_mac: str, letter_id: str, at: int
) -> None:
    """Close the occasions that waited for the letter that is now there."""
    connection.execute(
        update(occasion)
        .where(
            occasion.c.unit_id == unit_id,
            occasion.c.occasion_mac == occasion_mac,
            occasion.c.state == WAITING,
        )
        .values(state=DONE, letter_id=letter_id, updated_at=at)
    )


def forget(connection: Connection, unit_id: str, person_id: str) -> None:
    """Keep the occasions of an erased person as occasions of nobody."""
    connection.execute(
        update(occasion)
        .where(occasion.c.unit_id == unit_id, occasion.c.person_id == person_id)
        .values(
            state=DONE,
            person_id=None,
            item_id=None,
            occasion_mac=None,
            subject_mac=None,
            body_mac="",
        )
    )


def _is(unit_id: str, occasion_id: str) -> tuple[Any, Any]:
    return occasion.c.unit_id == unit_id, occasion.c.occasion_id == occasion_id


def _opened() -> Any:
    return (
        select(occasion, person.c.wrapped_key, vault_item.c.sealed)
        .outerjoin(
            person,
            (person.c.unit_id == occasion.c.unit_id)
            & (person.c.person_id == occasion.c.person_id),
        )
        .outerjoin(
            vault_item,
            (vault_item.c.unit_id == occasion.c.unit_id)
            & (vault_item.c.item_id == occasion.c.item_id),
        )
    )
