"""What is kept of birthdays? Ids and keyed hashes; name and day are sealed items."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import Connection, delete, select

from storage import people
from storage.database import insert
from storage.tables import letter_birthday, person, vault_item

Row = Mapping[str, Any]
_CHANGED = ("item_id", "day_mac", "source", "created_by", "updated_at")


def put(connection: Connection, row: Row) -> None:
    """Insert a birthday; the same person and day keep their row with newer words."""
    statement = insert(connection, letter_birthday).values(dict(row))
    connection.execute(
        statement.on_conflict_do_update(
            index_elements=["unit_id", "who_mac"],
            set_={name: statement.excluded[name] for name in _CHANGED},
        )
    )


def by_who(connection: Connection, unit_id: str, who_mac: str) -> dict[str, Any] | None:
    """Return a birthday with its person's key and sealed words, None for none."""
    found = _opened(unit_id).where(letter_birthday.c.who_mac == who_mac)
    row = connection.execute(found).mappings().first()
    return dict(row) if row is not None else None


def get(
    connection: Connection, unit_id: str, birthday_id: str
) -> dict[str, Any] | None:
    """Return a birthday by its id, None for none."""
    found = _opened(unit_id).where(letter_birthday.c.birthday_id == birthday_id)
    row = connection.execute(found).mappings().first()
    return dict(row) if row is not None else None


def listed(
    connection: Connection, unit_id: str, limit: int = 5000
) -> list[dict[str, Any]]:
    """Return birthdays, newest first, each with key and sealed words."""
    order = (
        letter_birthday.c.created_at.desc(),
        letter_birthday.c.birthday_id.desc(),
    )
    rows = connection.execute(_opened(unit_id).order_by(*order).limit(limit))
    return [dict(row) for row in rows.mappings()]


def on_days(
    connection: Connection, unit_id: str, day_macs: Sequence[str]
) -> list[dict[str, Any]]:
    """Return the birthdays of these days of the year, in a fixed order."""
    query = _opened(unit_id).where(letter_birthday.c.day_mac.in_(list(day_macs)))
    ordered = query.order_by(letter_birthday.c.birthday_id)
    return [dict(row) for row in connection.execute(ordered).mappings()]


def drop(connection: Connection, unit_id: str, birthday_id: str) -> None:
    """Delete a birthday and its sealed words."""
    mine = (
        letter_birthday.c.unit_id == unit_id,
        letter_birthday.c.birthday_id == birthday_id,
    )
    item = connection.execute(select(letter_birthday.c.item_id).where(*mine)).scalar()
    connection.execute(delete(letter_birthday).where(*mine))
    if item:
        people.drop_items(connection, unit_id, [item])


def drop_of_person(connection: Connection, unit_id: str, person_id: str) -> None:
    """Delete the birthdays of a person who takes the consent back, words and all."""
    query = select(letter_birthday.c.birthday_id).where(
        letter_birthday.c.unit_id == unit_id,
        letter_birthday.c.person_id == person_id,
    )
    for birthday_id in list(connection.execute(query).scalars()):
        drop(connection, unit_id, birthday_id)


def forget(connection: Connection, unit_id: str, person_id: str) -> None:
    """Delete the birthdays of an erased person; the items go with the person."""
    connection.execute(
        delete(letter_birthday).where(
            letter_birthday.c.unit_id == unit_id,
            letter_birthday.c.person_id == person_id,
        )
    )


def _opened(unit_id: str) -> Any:
    return (
        select(letter_birthday, person.c.wrapped_key, vault_item.c.sealed)
        .outerjoin(
            person,
            (person.c.unit_id == letter_birthday.c.unit_id)
            & (person.c.person_id == letter_birthday.c.person_id),
        )
        .outerjoin(
            vault_item,
            (vault_item.c.unit_id == letter_birthday.c.unit_id)
            & (vault_item.c.item_id == letter_birthday.c.item_id),
        )
        .where(letter_birthday.c.unit_id == unit_id)
    )
