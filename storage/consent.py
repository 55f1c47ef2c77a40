"""May this be done with somebody's data? Consent per purpose, given and withdrawn.

Purposes are codes (handlers/staff/privacy/data/purposes.yml). The newest word counts.
Of a minor only the word of a guardian counts (Luật 91/2025/QH15 Điều 24).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from enum import StrEnum
from typing import Any

from sqlalchemy import Connection, Row, Table, delete, select

from storage.database import insert
from storage.tables import consent_event, person_minor


class Standing(StrEnum):
    """How it stands with one purpose."""

    UNASKED = "unasked"
    GIVEN = "given"
    WITHDRAWN = "withdrawn"


@dataclass(frozen=True, slots=True)
class Consent:
    """One yes or no; ``at`` is UTC ms, ``by`` a code of staff or empty.

    ``words`` names what was read, with its version.
    """

    consent_id: str
    person_id: str
    purpose: str
    channel: str
    words: str
    at: int
    is_given: bool = True
    by_guardian: bool = False
    by: str = ""


def allowed(
    connection: Connection, unit_id: str, person_id: str, purpose: str, now: int
) -> bool:
    """Whether the person agreed to this purpose and still does; ``now`` is UTC ms."""
    last = _last(connection, unit_id, person_id, purpose)
    if last is None or not last.is_given:
        return False
    return last.by_guardian or not is_minor(connection, unit_id, person_id, now)


def forbids(
    connection: Connection, unit_id: str, person_id: str, purpose: str, now: int
) -> bool:
    """Whether it was withdrawn, or is a minor's without the word of a guardian.

    For what was begun under an older notice, when purposes were not asked apart.
    """
    last = _last(connection, unit_id, person_id, purpose)
    if last is not None and not last.is_given:
        return True
    is_guarded = last is not None and last.by_guardian
    return not is_guarded and is_minor(connection, unit_id, person_id, now)


def give(connection: Connection, unit_id: str, *consents: Consent) -> None:
    """Write down consents, all with ``is_given``; raises ValueError otherwise."""
    if not all(one.is_given for one in consents):
        raise ValueError(consents)
    _write(connection, unit_id, consents)


def withdraw(connection: Connection, unit_id: str, *consents: Consent) -> None:
    """Write down withdrawals; they count at once. Raises ValueError for a yes."""
    if any(one.is_given for one in consents):
        raise ValueError(consents)
    _write(connection, unit_id, consents)


def history(connection: Connection, unit_id: str, person_id: str) -> list[Consent]:
    """Return all that a person ever agreed to or withdrew, oldest first."""
    query = select(consent_event).where(
        consent_event.c.unit_id == unit_id, consent_event.c.person_id == person_id
    )
    order = (consent_event.c.at, consent_event.c.consent_id)
    return [_consent(row) for row in connection.execute(query.order_by(*order))]


def standings(
    connection: Connection, unit_id: str, person_id: str
) -> dict[str, Standing]:
    """Return how each purpose stands that was ever asked about."""
    return {
        one.purpose: Standing.GIVEN if one.is_given else Standing.WITHDRAWN
        for one in history(connection, unit_id, person_id)
    }


def note_minor(
    connection: Connection, unit_id: str, person_id: str, grown_at: int, now: int
) -> None:
    """Keep that somebody is a minor until then (UTC ms); the later day stays."""
    until = _grown_at(connection, unit_id, person_id)
    if until is not None and until >= grown_at:
        return
    values = {"grown_at": grown_at, "noted_at": now}
    new = insert(connection, person_minor).values(
        unit_id=unit_id, person_id=person_id, **values
    )
    connection.execute(
        new.on_conflict_do_update(index_elements=["unit_id", "person_id"], set_=values)
    )


def not_minor(connection: Connection, unit_id: str, person_id: str) -> None:
    """Take the note away: staff saw that it was wrong."""
    _delete(connection, person_minor, unit_id, person_id)


def is_minor(connection: Connection, unit_id: str, person_id: str, now: int) -> bool:
    """Whether somebody is known to be a minor at a time (UTC ms)."""
    until = _grown_at(connection, unit_id, person_id)
    return until is not None and now < until


def forget(connection: Connection, unit_id: str, person_id: str) -> None:
    """Erase with the person; that there was consent stays in the log."""
    for table in (consent_event, person_minor):
        _delete(connection, table, unit_id, person_id)


def _last(
    connection: Connection, unit_id: str, person_id: str, purpose: str
) -> Consent | None:
    query = select(consent_event).where(
        consent_event.c.unit_id == unit_id,
        consent_event.c.person_id == person_id,
        consent_event.c.purpose == purpose,
    )
    order = (consent_event.c.at.desc(), consent_event.c.consent_id.desc())
    row = connection.execute(query.order_by(*order).limit(1)).first()
    return None if row is None else _consent(row)


def _write(connection: Connection, unit_id: str, consents: Sequence[Consent]) -> None:
    rows = [{"unit_id": unit_id, **asdict(one)} for one in consents]
    if rows:
        connection.execute(consent_event.insert(), rows)


def _consent(row: Row[Any]) -> Consent:
    return Consent(**{name: getattr(row, name) for name in Consent.__slots__})


def _grown_at(connection: Connection, unit_id: str, person_id: str) -> int | None:
    query = select(person_minor.c.grown_at).where(
        person_minor.c.unit_id == unit_id, person_minor.c.person_id == person_id
    )
    found: int | None = connection.execute(query).scalar()
    return found


def _delete(connection: Connection, table: Table, unit_id: str, person_id: str) -> None:
    connection.execute(
        delete(table).where(table.c.unit_id == unit_id, table.c.person_id == person_id)
    )
