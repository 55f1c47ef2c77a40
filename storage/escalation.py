"""Which steps of which cases are due, were told, or need no telling any more?

A case is planned again whenever its version moved. A step runs once: the one who turns
``due`` into ``run`` tells. All times are UTC ms.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from enum import StrEnum
from typing import Any

from sqlalchemy import Connection, bindparam, func, select, update

from storage.bulk import Bulk, bulk
from storage.database import DIALECTS, insert, insert_for
from storage.tables import (
    case_clock,
    case_escalation,
    case_record,
    escalation_chain,
    escalation_plan,
)
from storage.tables.base import is_one_of

Row = Mapping[str, Any]


class StepState(StrEnum):
    """Where a step stands; ``MOOT``: nobody needs to be told any more."""

    DUE = "due"
    RUN = "run"
    MOOT = "moot"


def unplanned(connection: Connection, unit_id: str, limit: int) -> list[dict[str, Any]]:
    """Return heads of cases that moved since they were planned, with their chain."""
    head, plan = case_record.c, escalation_plan.c
    joined = (plan.unit_id == head.unit_id) & (plan.case_id == head.case_id)
    query = (
        select(case_record, plan.chain_id, escalation_chain.c.data.label("chain"))
        .outerjoin(escalation_plan, joined)
        .outerjoin(
            escalation_chain,
            (escalation_chain.c.unit_id == plan.unit_id)
            & (escalation_chain.c.chain_id == plan.chain_id),
        )
        .where(
            head.unit_id == unit_id,
            head.closed_at.is_(None),
            plan.seen_version.is_(None) | (plan.seen_version != head.version),
        )
        .limit(limit)
    )
    ended = (
        select(case_record, plan.chain_id, escalation_chain.c.data.label("chain"))
        .join(escalation_plan, joined)
        .join(
            escalation_chain,
            (escalation_chain.c.unit_id == plan.unit_id)
            & (escalation_chain.c.chain_id == plan.chain_id),
        )
        .where(
            plan.unit_id == unit_id,
            plan.is_live,
            plan.seen_version != head.version,
            head.closed_at.is_not(None),
        )
        .limit(limit)
    )
    found = _rows(connection, query)
    return [*found, *_rows(connection, ended)][:limit]


def steps(
    connection: Connection, unit_id: str, case_ids: Sequence[str]
) -> dict[str, list[dict[str, Any]]]:
    """Return the steps of cases, by case, rounds in order."""
    query = (
        select(case_escalation)
        .where(
            case_escalation.c.unit_id == unit_id,
            case_escalation.c.case_id.in_(list(case_ids)),
        )
        .order_by(case_escalation.c.case_id, case_escalation.c.round)
    )
    found: dict[str, list[dict[str, Any]]] = {}
    for row in _rows(connection, query):
        found.setdefault(row["case_id"], []).append(row)
    return found


def save_chain(
    connection: Connection, unit_id: str, chain_id: str, data: bytes, now: int
) -> None:
    """Keep a chain under the hash of its content."""
    row = {"unit_id": unit_id, "chain_id": chain_id, "data": data, "created_at": now}
    statement = insert(connection, escalation_chain).values(row)
    connection.execute(statement.on_conflict_do_nothing())


def save_plans(connection: Connection, rows: Sequence[Row]) -> None:
    """Note which version of each case is planned, under which chain."""
    if not rows:
        return
    statement = insert(connection, escalation_plan)
    new = statement.excluded
    names = ("chain_id", "seen_version", "is_live", "planned_at")
    connection.execute(
        statement.on_conflict_do_update(
            index_elements=["unit_id", "case_id"],
            set_={name: new[name] for name in names},
        ),
        [dict(row) for row in rows],
    )


def add_steps(connection: Connection, rows: Sequence[Row]) -> None:
    """Insert steps; one that another process planned already is left alone."""
    if rows:
        bulk(connection, ADD_STEPS[connection.dialect.name], rows)


def move_steps(connection: Connection, rows: Sequence[Row]) -> None:
    """Give steps that did not run another instant, or make them moot."""
    if not rows:
        return
    step = case_escalation.c
    statement = (
        update(case_escalation)
        .where(
            step.unit_id == bindparam("b_unit"),
            step.case_id == bindparam("b_case"),
            step.number == bindparam("b_number"),
            step.step == bindparam("b_step"),
            step.round == bindparam("b_round"),
            step.state != StepState.RUN.value,
        )
        .values(
            state=bindparam("b_state"),
            due_at=bindparam("b_due"),
            term_at=bindparam("b_term"),
            run_at=None,
        )
    )
    connection.execute(statement, [_moving(row) for row in rows])


def supersede(connection: Connection, unit_id: str, row: Row, now: int) -> int:
    """Make the steps before one of the same clock moot: it told for them."""
    return connection.execute(
        SUPERSEDE,
        {
            "b_unit": unit_id,
            "b_case": row["case_id"],
            "b_number": row["number"],
            "b_rank": row["rank"],
            "b_now": now,
        },
    ).rowcount


def due(
    connection: Connection, unit_id: str, now: int, limit: int
) -> list[dict[str, Any]]:
    """Return due steps with the heads of their cases, oldest first.

    A case that moved since it was planned is left out: it is planned again first.
    """
    step, head, plan = case_escalation.c, case_record.c, escalation_plan.c
    query = (
        select(
            case_escalation,
            head.code,
            head.kind,
            head.owner,
            head.channel,
            head.person_id,
        )
        .join(
            case_record,
            (head.unit_id == step.unit_id) & (head.case_id == step.case_id),
        )
        .join(
            escalation_plan,
            (plan.unit_id == step.unit_id) & (plan.case_id == step.case_id),
        )
        .where(
            step.unit_id == unit_id,
            is_one_of(step.state, StepState.DUE),
            step.due_at <= now,
            plan.seen_version == head.version,
        )
        .order_by(step.due_at, step.case_id)
        .limit(limit)
    )
    return _rows(connection, query)


def run(
    connection: Connection, unit_id: str, row: Row, told: Sequence[str], now: int
) -> bool:
    """Turn a due step into one that ran; False when it is no longer due."""
    changed = connection.execute(
        RUN,
        {
            "b_unit": unit_id,
            "b_case": row["case_id"],
            "b_number": row["number"],
            "b_step": row["step"],
            "b_round": row["round"],
            "b_now": now,
            "b_told": ",".join(told)[:200],
        },
    )
    return changed.rowcount == 1


def late(connection: Connection, unit_id: str, before: int) -> int:
    """Count steps that were due before an instant and did not run."""
    step = case_escalation.c
    query = select(func.count()).where(
        step.unit_id == unit_id,
        is_one_of(step.state, StepState.DUE),
        step.due_at < before,
    )
    return connection.execute(query).scalar() or 0


def left_unplanned(connection: Connection, unit_id: str, before: int) -> int:
    """Count open cases that moved before an instant and were not planned since."""
    head, plan = case_record.c, escalation_plan.c
    query = (
        select(func.count())
        .select_from(case_record)
        .outerjoin(
            escalation_plan,
            (plan.unit_id == head.unit_id) & (plan.case_id == head.case_id),
        )
        .where(
            head.unit_id == unit_id,
            head.closed_at.is_(None),
            head.updated_at < before,
            plan.seen_version.is_(None) | (plan.seen_version != head.version),
        )
    )
    return connection.execute(query).scalar() or 0


def never_told(
    connection: Connection, unit_id: str, goal: str, day: str, before: int
) -> int:
    """Count running clocks due before a local day (ISO) of which nobody was told.

    Asks the clocks themselves, so it also sees what planning forgot. A case that moved
    after ``before`` (UTC ms) is given its time.
    """
    clock, step = case_clock.c, case_escalation.c
    told = select(step.step).where(
        step.unit_id == clock.unit_id,
        step.case_id == clock.case_id,
        step.number == clock.number,
        step.state == StepState.RUN.value,
    )
    query = (
        select(func.count())
        .select_from(case_clock)
        .join(
            case_record,
            (case_record.c.unit_id == clock.unit_id)
            & (case_record.c.case_id == clock.case_id),
        )
        .where(
            clock.unit_id == unit_id,
            clock.stopped_at.is_(None),
            clock.due_at < before,
            clock.goal == goal,
            clock.due_date < day,
            case_record.c.updated_at < before,
            ~told.exists(),
        )
    )
    return connection.execute(query).scalar() or 0


def _moving(row: Row) -> dict[str, Any]:
    return {
        "b_unit": row["unit_id"],
        "b_case": row["case_id"],
        "b_number": row["number"],
        "b_step": row["step"],
        "b_round": row["round"],
        "b_state": row["state"],
        "b_due": row["due_at"],
        "b_term": row["term_at"],
    }


def _rows(connection: Connection, query: Any) -> list[dict[str, Any]]:
    return [dict(row) for row in connection.execute(query).mappings()]


STEP_COLUMNS = tuple(column.name for column in case_escalation.columns)
ADD_STEPS = {
    dialect: Bulk(
        insert_for(dialect, case_escalation).on_conflict_do_nothing(), STEP_COLUMNS
    )
    for dialect in DIALECTS
}
_STEP = case_escalation.c
_OF_CLOCK = (
    _STEP.unit_id == bindparam("b_unit"),
    _STEP.case_id == bindparam("b_case"),
    _STEP.number == bindparam("b_number"),
    _STEP.state == StepState.DUE.value,
)
RUN = (
    update(case_escalation)
    .where(
        *_OF_CLOCK,
        _STEP.step == bindparam("b_step"),
        _STEP.round == bindparam("b_round"),
    )
    .values(
        state=StepState.RUN.value, run_at=bindparam("b_now"), told=bindparam("b_told")
    )
)
SUPERSEDE = (
    update(case_escalation)
    .where(*_OF_CLOCK, _STEP.rank < bindparam("b_rank"))
    .values(state=StepState.MOOT.value, run_at=bindparam("b_now"))
)
