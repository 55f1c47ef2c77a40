"""Which templates may be sent, which stands for a kind of letter, what is left today?

Times are UTC milliseconds. Nothing here is about a citizen.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import Connection, delete, select, update

from storage.database import insert
from storage.tables import zbs_choice, zbs_quota, zbs_template

Row = Mapping[str, Any]


def keep(connection: Connection, unit_id: str, rows: Sequence[Row]) -> None:
    """Let the list be exactly these templates; who is gone there is gone here."""
    names = [row["template_id"] for row in rows]
    connection.execute(
        delete(zbs_template).where(
            zbs_template.c.unit_id == unit_id,
            zbs_template.c.template_id.not_in(names),
        )
    )
    for row in rows:
        told = dict(row)
        statement = insert(connection, zbs_template).values(told)
        connection.execute(
            statement.on_conflict_do_update(
                index_elements=["unit_id", "template_id"], set_=told
            )
        )


def note(
    connection: Connection, unit_id: str, template_id: str, now: int, **values: str
) -> bool:
    """Write what a webhook told of a template; False for one nobody knows."""
    done = connection.execute(
        update(zbs_template)
        .where(
            zbs_template.c.unit_id == unit_id,
            zbs_template.c.template_id == template_id,
        )
        .values(changed_at=now, **values)
    )
    return done.rowcount == 1


def listed(connection: Connection, unit_id: str) -> list[dict[str, Any]]:
    """Return the templates by name."""
    query = select(zbs_template).where(zbs_template.c.unit_id == unit_id)
    rows = connection.execute(query.order_by(zbs_template.c.name)).mappings()
    return [dict(row) for row in rows]


def get(
    connection: Connection, unit_id: str, template_id: str
) -> dict[str, Any] | None:
    """Return one template."""
    query = select(zbs_template).where(
        zbs_template.c.unit_id == unit_id, zbs_template.c.template_id == template_id
    )
    row = connection.execute(query).mappings().first()
    return dict(row) if row is not None else None


def choose(connection: Connection, row: Row) -> None:
    """Let a template stand for a kind of letter."""
    told = dict(row)
    statement = insert(connection, zbs_choice).values(told)
    connection.execute(
        statement.on_conflict_do_update(index_elements=["unit_id", "kind"], set_=told)
    )


def unchoose(connection: Connection, unit_id: str, kind: str) -> bool:
    """Let no template stand for a kind; False when none did."""
    done = connection.execute(
        delete(zbs_choice).where(
            zbs_choice.c.unit_id == unit_id, zbs_choice.c.kind == kind
        )
    )
    return done.rowcount == 1


def choices(connection: Connection, unit_id: str) -> list[dict[str, Any]]:
    """Return what stands for which kind."""
    query = select(zbs_choice).where(zbs_choice.c.unit_id == unit_id)
    rows = connection.execute(query.order_by(zbs_choice.c.kind)).mappings()
    return [dict(row) for row in rows]


def choice(connection: Connection, unit_id: str, kind: str) -> dict[str, Any] | None:
    """Return what stands for a kind, with the template as it is now."""
    query = (
        select(zbs_choice.c.fields, zbs_template)
        .join(
            zbs_template,
            (zbs_template.c.unit_id == zbs_choice.c.unit_id)
            & (zbs_template.c.template_id == zbs_choice.c.template_id),
        )
        .where(zbs_choice.c.unit_id == unit_id, zbs_choice.c.kind == kind)
    )
    row = connection.execute(query).mappings().first()
    return dict(row) if row is not None else None


def set_quota(connection: Connection, row: Row) -> None:
    """Write what Zalo said of the day's messages and the OA's quality."""
    told = dict(row)
    statement = insert(connection, zbs_quota).values(told)
    connection.execute(
        statement.on_conflict_do_update(index_elements=["unit_id"], set_=told)
    )


def quota(connection: Connection, unit_id: str) -> dict[str, Any] | None:
    """Return what Zalo said last."""
    query = select(zbs_quota).where(zbs_quota.c.unit_id == unit_id)
    row = connection.execute(query).mappings().first()
    return dict(row) if row is not None else None
