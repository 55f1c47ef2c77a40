"""Which accounts, one-time links and failed tries are there?

Only hashes, sealed secrets and times come and go here; handlers/staff/access says
what they mean. Times are UTC milliseconds.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import Connection, delete, func, select, update

from storage.database import insert
from storage.errors import ConflictError
from storage.tables import (
    console_account,
    console_attempt,
    console_link,
    console_recovery,
)

Row = Mapping[str, Any]


def account(
    connection: Connection, unit_id: str, staff_id: str
) -> dict[str, Any] | None:
    """Return one account, None for somebody who never had one."""
    query = select(console_account).where(_account(unit_id, staff_id))
    row = connection.execute(query).mappings().one_or_none()
    return dict(row) if row else None


def accounts(connection: Connection, unit_id: str) -> dict[str, dict[str, Any]]:
    """Return code -> account of everybody who ever had one."""
    query = select(console_account).where(console_account.c.unit_id == unit_id)
    return {row["staff_id"]: dict(row) for row in connection.execute(query).mappings()}


def open_account(connection: Connection, unit_id: str, staff_id: str, now: int) -> None:
    """Make an account without a password; what is there stays."""
    values = {
        "unit_id": unit_id,
        "staff_id": staff_id,
        "password_hash": None,
        "must_change": False,
        "blocked": False,
        "factor": None,
        "factor_step": 0,
        "version": 1,
        "changed_at": now,
    }
    statement = insert(connection, console_account).values(values)
    connection.execute(statement.on_conflict_do_nothing())


def change_account(
    connection: Connection, unit_id: str, staff_id: str, values: Row, now: int
) -> None:
    """Write some columns of an account; raises ConflictError when there is none."""
    done = connection.execute(
        update(console_account)
        .where(_account(unit_id, staff_id))
        .values(**values, version=console_account.c.version + 1, changed_at=now)
    )
    if done.rowcount != 1:
        raise ConflictError("account")


def use_step(connection: Connection, unit_id: str, staff_id: str, step: int) -> bool:
    """Spend one time step of a second factor; False when it was spent already."""
    done = connection.execute(
        update(console_account)
        .where(_account(unit_id, staff_id), console_account.c.factor_step < step)
        .values(factor_step=step)
    )
    return done.rowcount == 1


def forget_account(connection: Connection, unit_id: str, staff_id: str) -> None:
    """Delete password, second factor, recovery codes and links of somebody."""
    connection.execute(delete(console_account).where(_account(unit_id, staff_id)))
    set_recovery(connection, unit_id, staff_id, ())
    drop_links(connection, unit_id, staff_id)


def set_recovery(
    connection: Connection, unit_id: str, staff_id: str, macs: Sequence[str]
) -> None:
    """Keep exactly these recovery codes."""
    connection.execute(
        delete(console_recovery).where(
            console_recovery.c.unit_id == unit_id,
            console_recovery.c.staff_id == staff_id,
        )
    )
    if macs:
        rows = [{"unit_id": unit_id, "staff_id": staff_id, "code_mac": m} for m in macs]
        connection.execute(console_recovery.insert(), rows)


def use_recovery(connection: Connection, unit_id: str, staff_id: str, mac: str) -> bool:
    """Spend a recovery code; False when it is not one, or was spent."""
    done = connection.execute(
        delete(console_recovery).where(
            console_recovery.c.unit_id == unit_id,
            console_recovery.c.staff_id == staff_id,
            console_recovery.c.code_mac == mac,
        )
    )
    return done.rowcount == 1


def recovery_left(connection: Connection, unit_id: str, staff_id: str) -> int:
    """Return how many recovery codes are left."""
    query = select(func.count()).where(
        console_recovery.c.unit_id == unit_id,
        console_recovery.c.staff_id == staff_id,
    )
    return connection.execute(query).scalar() or 0


def add_link(connection: Connection, row: Row) -> None:
    """Keep a one-time link in place of the former of this person and purpose."""
    drop_links(connection, row["unit_id"], row["staff_id"], row["purpose"])
    connection.execute(console_link.insert(), dict(row))


def link(connection: Connection, unit_id: str, mac: str) -> dict[str, Any] | None:
    """Return a link, also one that is too old; None when it is used or unknown."""
    query = select(console_link).where(
        console_link.c.unit_id == unit_id, console_link.c.token_mac == mac
    )
    row = connection.execute(query).mappings().one_or_none()
    return dict(row) if row else None


def take_link(connection: Connection, unit_id: str, mac: str, now: int) -> bool:
    """Use a link up; False when it is used, unknown or too old."""
    done = connection.execute(
        delete(console_link).where(
            console_link.c.unit_id == unit_id,
            console_link.c.token_mac == mac,
            console_link.c.expires_at > now,
        )
    )
    return done.rowcount == 1


def drop_links(
    connection: Connection, unit_id: str, staff_id: str, purpose: str | None = None
) -> None:
    """Void the links of somebody, all or those of one purpose."""
    statement = delete(console_link).where(
        console_link.c.unit_id == unit_id, console_link.c.staff_id == staff_id
    )
    if purpose is not None:
        statement = statement.where(console_link.c.purpose == purpose)
    connection.execute(statement)


def invited(connection: Connection, unit_id: str, now: int) -> dict[str, int]:
    """Return code -> end of the link of everybody who has one in force."""
    query = select(console_link.c.staff_id, console_link.c.expires_at).where(
        console_link.c.unit_id == unit_id, console_link.c.expires_at > now
    )
    return {row.staff_id: row.expires_at for row in connection.execute(query)}


def attempts(
    connection: Connection, unit_id: str, subjects: Sequence[tuple[str, str]]
) -> list[dict[str, Any]]:
    """Return the failed tries of these (kind, keyed hash), made if they are new.

    They are written first, so that tries at the same time wait for each other; give
    the subjects in the same order each time.
    """
    found = []
    for kind, mac in subjects:
        nothing = {"failures": 0, "failed_at": 0, "open_at": 0}
        row = {"unit_id": unit_id, "kind": kind, "subject_mac": mac, **nothing}
        statement = insert(connection, console_attempt).values(row)
        locked = statement.on_conflict_do_update(
            index_elements=["unit_id", "kind", "subject_mac"],
            set_={"failures": console_attempt.c.failures},
        )
        connection.execute(locked)
        query = select(console_attempt).where(_attempt(unit_id, kind, mac))
        found += [dict(one) for one in connection.execute(query).mappings()]
    return found


def set_attempt(connection: Connection, row: Row) -> None:
    """Keep the count of failed tries of one subject."""
    statement = insert(connection, console_attempt).values(dict(row))
    changed = {name: row[name] for name in ("failures", "failed_at", "open_at")}
    connection.execute(
        statement.on_conflict_do_update(
            index_elements=["unit_id", "kind", "subject_mac"], set_=changed
        )
    )


def drop_attempt(connection: Connection, unit_id: str, kind: str, mac: str) -> None:
    """Forget the failed tries of one subject."""
    connection.execute(delete(console_attempt).where(_attempt(unit_id, kind, mac)))


def sweep(connection: Connection, unit_id: str, now: int, forgotten: int) -> None:
    """Delete links that are too old, and tries that failed before ``forgotten``."""
    connection.execute(
        delete(console_link).where(
            console_link.c.unit_id == unit_id, console_link.c.expires_at <= now
        )
    )
    connection.execute(
        delete(console_attempt).where(
            console_attempt.c.unit_id == unit_id,
            console_attempt.c.failed_at <= forgotten,
        )
    )


def _account(unit_id: str, staff_id: str) -> Any:
    return (console_account.c.unit_id == unit_id) & (
        console_account.c.staff_id == staff_id
    )


def _attempt(unit_id: str, kind: str, mac: str) -> Any:
    return (
        (console_attempt.c.unit_id == unit_id)
        & (console_attempt.c.kind == kind)
        & (console_attempt.c.subject_mac == mac)
    )
