"""Who works for a unit, in which roles, and how are they reached?

Names and addresses come and go sealed (see storage.keys); rows here hold codes, states
and keyed hashes. ``touch`` goes first in every change: it makes changes of one unit
wait for each other, and tells who keeps a copy that it is old.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import Connection, delete, select, update

from storage.database import insert
from storage.errors import ConflictError
from storage.tables import staff_head, staff_member, staff_role, staff_route

Row = Mapping[str, Any]


def touch(connection: Connection, unit_id: str, now: int) -> None:
    """Note that people or shifts of a unit change; ``now`` is UTC ms."""
    statement = insert(connection, staff_head).values(
        unit_id=unit_id, version=1, changed_at=now
    )
    connection.execute(
        statement.on_conflict_do_update(
            index_elements=["unit_id"],
            set_={"version": staff_head.c.version + 1, "changed_at": now},
        )
    )


def head(connection: Connection, unit_id: str) -> int:
    """Return the number of changes so far; 0 for a unit without staff."""
    query = select(staff_head.c.version).where(staff_head.c.unit_id == unit_id)
    return connection.execute(query).scalar() or 0


def add(connection: Connection, row: Row) -> bool:
    """Insert a member; False when the code is taken in this unit."""
    statement = insert(connection, staff_member).values(dict(row))
    return connection.execute(statement.on_conflict_do_nothing()).rowcount == 1


def member(
    connection: Connection, unit_id: str, staff_id: str
) -> dict[str, Any] | None:
    """Return one member, active or left."""
    query = select(staff_member).where(
        staff_member.c.unit_id == unit_id, staff_member.c.staff_id == staff_id
    )
    row = connection.execute(query).mappings().one_or_none()
    return dict(row) if row else None


def members(connection: Connection, unit_id: str) -> list[dict[str, Any]]:
    """Return all members, active and left, by code."""
    query = (
        select(staff_member)
        .where(staff_member.c.unit_id == unit_id)
        .order_by(staff_member.c.staff_id)
    )
    return [dict(row) for row in connection.execute(query).mappings()]


def active_codes(connection: Connection, unit_id: str) -> frozenset[str]:
    """Return the codes of those who work for the unit now."""
    query = select(staff_member.c.staff_id).where(
        staff_member.c.unit_id == unit_id, staff_member.c.state == "active"
    )
    return frozenset(connection.execute(query).scalars())


def units_of(connection: Connection, staff_id: str) -> list[str]:
    """Return the units in which a code is or was in use."""
    query = select(staff_member.c.unit_id).where(staff_member.c.staff_id == staff_id)
    return sorted(connection.execute(query).scalars())


def change(
    connection: Connection, unit_id: str, staff_id: str, version: int, values: Row
) -> None:
    """Write a member that still has that version; raises ConflictError."""
    done = connection.execute(
        update(staff_member)
        .where(
            staff_member.c.unit_id == unit_id,
            staff_member.c.staff_id == staff_id,
            staff_member.c.version == version,
        )
        .values(**values, version=version + 1)
    )
    if done.rowcount != 1:
        raise ConflictError


def roles(connection: Connection, unit_id: str) -> dict[str, frozenset[str]]:
    """Return code -> roles of everybody who has any."""
    query = select(staff_role.c.staff_id, staff_role.c.role).where(
        staff_role.c.unit_id == unit_id
    )
    found: dict[str, set[str]] = {}
    for staff_id, role in connection.execute(query):
        found.setdefault(staff_id, set()).add(role)
    return {staff_id: frozenset(names) for staff_id, names in found.items()}


def roles_of(connection: Connection, unit_id: str, staff_id: str) -> frozenset[str]:
    """Return the roles of an active member; none for anybody else."""
    query = (
        select(staff_role.c.role)
        .join(
            staff_member,
            (staff_member.c.unit_id == staff_role.c.unit_id)
            & (staff_member.c.staff_id == staff_role.c.staff_id),
        )
        .where(
            staff_role.c.unit_id == unit_id,
            staff_role.c.staff_id == staff_id,
            staff_member.c.state == "active",
        )
    )
    return frozenset(connection.execute(query).scalars())


def drop_roles(
    connection: Connection, unit_id: str, staff_id: str, names: Sequence[str]
) -> None:
    """Take roles back."""
    connection.execute(
        delete(staff_role).where(
            staff_role.c.unit_id == unit_id,
            staff_role.c.staff_id == staff_id,
            staff_role.c.role.in_(list(names)),
        )
    )


def add_roles(connection: Connection, rows: Sequence[Row]) -> None:
    """Give roles: unit, code, role, when, by whom."""
    if rows:
        connection.execute(staff_role.insert(), [dict(row) for row in rows])


def routes(connection: Connection, unit_id: str) -> list[dict[str, Any]]:
    """Return the ways to reach everybody, sealed."""
    query = (
        select(staff_route)
        .where(staff_route.c.unit_id == unit_id)
        .order_by(staff_route.c.staff_id, staff_route.c.kind)
    )
    return [dict(row) for row in connection.execute(query).mappings()]


def set_route(connection: Connection, row: Row) -> None:
    """Keep one way to reach a member in place of the former of its kind."""
    drop_routes(connection, row["unit_id"], row["staff_id"], [row["kind"]])
    connection.execute(staff_route.insert(), dict(row))


def drop_routes(
    connection: Connection, unit_id: str, staff_id: str, kinds: Sequence[str]
) -> None:
    """Forget ways to reach a member."""
    connection.execute(
        delete(staff_route).where(
            staff_route.c.unit_id == unit_id,
            staff_route.c.staff_id == staff_id,
            staff_route.c.kind.in_(list(kinds)),
        )
    )


def reached_by(
    connection: Connection, unit_id: str, kind: str, address_mac: str
) -> str | None:
    """Return the code of the active member with this address, None for a stranger."""
    query = (
        select(staff_route.c.staff_id)
        .join(
            staff_member,
            (staff_member.c.unit_id == staff_route.c.unit_id)
            & (staff_member.c.staff_id == staff_route.c.staff_id),
        )
        .where(
            staff_route.c.unit_id == unit_id,
            staff_route.c.kind == kind,
            staff_route.c.address_mac == address_mac,
            staff_member.c.state == "active",
        )
    )
    return connection.execute(query).scalar()
