"""Which versions of what was learnt are there, and which one is in force?

At most one is live (the database itself sees to it). Each knows the one that was in
force before it, so that going back is a walk along these parents.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import Connection, delete, select, update
from sqlalchemy.exc import IntegrityError

from storage.errors import ConflictError
from storage.tables import nlu_model

STEPS_BACK = 20
"""How far back the models in force are followed."""
CANDIDATE, LIVE, RETIRED = "candidate", "live", "retired"


def add(connection: Connection, row: Mapping[str, Any]) -> None:
    """Note a trained model; it waits as a candidate."""
    values = dict(row) | {"status": CANDIDATE, "rolled_back": False}
    connection.execute(nlu_model.insert(), values)


def get(
    connection: Connection, unit_id: str, model_id: str | None
) -> dict[str, Any] | None:
    """Return one model with its sealed bytes, None when it is not there."""
    query = select(nlu_model).where(
        nlu_model.c.unit_id == unit_id, nlu_model.c.model_id == model_id
    )
    row = connection.execute(query).mappings().one_or_none()
    return dict(row) if row else None


def live_id(connection: Connection, unit_id: str) -> str | None:
    """Return the id of the model in force, None when nothing was learnt yet."""
    query = select(nlu_model.c.model_id).where(
        nlu_model.c.unit_id == unit_id, nlu_model.c.status == LIVE
    )
    return connection.execute(query).scalar()


def lineage(
    connection: Connection, unit_id: str, model_id: str | None, limit: int = STEPS_BACK
) -> list[dict[str, Any]]:
    """Return a model and those in force before it, latest first."""
    found: list[dict[str, Any]] = []
    while model_id is not None and len(found) < limit:
        row = get(connection, unit_id, model_id)
        if row is None:
            break
        found.append(row)
        model_id = row["parent_id"]
    return found


def listed(connection: Connection, unit_id: str, limit: int) -> list[dict[str, Any]]:
    """Return the models without their bytes, newest first."""
    columns = [column for column in nlu_model.c if column.name != "sealed"]
    query = (
        select(*columns)
        .where(nlu_model.c.unit_id == unit_id)
        .order_by(nlu_model.c.model_id.desc())
        .limit(limit)
    )
    return [dict(row) for row in connection.execute(query).mappings()]


def rolled_back(connection: Connection, unit_id: str) -> frozenset[str]:
    """Return the hashes of the sentences of models that people took back."""
    query = select(nlu_model.c.lesson_hash).where(
        nlu_model.c.unit_id == unit_id, nlu_model.c.rolled_back
    )
    return frozenset(connection.execute(query).scalars())


def go_live(
    connection: Connection,
    unit_id: str,
    model_id: str,
    *,
    expected: str | None,
    now: int,
) -> None:
    """Put a model in force; the one that was becomes its parent. ``now`` is UTC ms.

    Raises ConflictError when another than ``expected`` is in force, or the model is
    gone or is itself one that the present one came after.
    """
    before = lineage(connection, unit_id, expected)
    if model_id in {row["model_id"] for row in before}:
        raise ConflictError("model")
    _retire(connection, unit_id, expected)
    values = {"status": LIVE, "live_at": now, "parent_id": expected}
    _change(connection, unit_id, model_id, values | {"rolled_back": False})


def go_back(
    connection: Connection,
    unit_id: str,
    *,
    expected: str,
    to: str | None,
    now: int,
) -> None:
    """Take the model in force back; ``to`` None leaves none. ``now`` is UTC ms.

    Raises ConflictError when another is in force, or ``to`` is gone.
    """
    _retire(connection, unit_id, expected)
    _change(connection, unit_id, expected, {"rolled_back": True})
    if to is not None:
        _change(connection, unit_id, to, {"status": LIVE, "live_at": now})


def prune(connection: Connection, unit_id: str, keep: Sequence[str]) -> int:
    """Delete all models but these; what was withdrawn does not live on in them."""
    gone = delete(nlu_model).where(
        nlu_model.c.unit_id == unit_id,
        nlu_model.c.model_id.not_in(list(keep)),
        nlu_model.c.status != LIVE,
    )
    return connection.execute(gone).rowcount


def _retire(connection: Connection, unit_id: str, expected: str | None) -> None:
    if live_id(connection, unit_id) != expected:
        raise ConflictError("model")
    if expected is not None:
        _change(connection, unit_id, expected, {"status": RETIRED})


def _change(
    connection: Connection, unit_id: str, model_id: str, values: Mapping[str, Any]
) -> None:
    """Change one model; two that go live at once meet at the unique index."""
    statement = update(nlu_model).where(
        nlu_model.c.unit_id == unit_id, nlu_model.c.model_id == model_id
    )
    try:
        changed = connection.execute(statement.values(dict(values))).rowcount
    except IntegrityError as error:
        raise ConflictError("model") from error
    if changed != 1:
        raise ConflictError("model")
