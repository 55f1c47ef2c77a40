"""What did people say of how they were served? Scores and where their words are."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import Connection, func, select, update

from storage.database import insert
from storage.tables import survey_answer

CASE, TALK, COUNTER = "case", "talk", "counter"
"""About one case; about the service, in chat; on paper or a phone at a counter."""

Row = Mapping[str, Any]


def put(connection: Connection, row: Row) -> None:
    """Write one answer; a later score about the same takes its place, words stay."""
    new = insert(connection, survey_answer).values(**row)
    changed = {name: new.excluded[name] for name in ("score", "at")}
    words = func.coalesce(new.excluded.item_id, survey_answer.c.item_id)
    connection.execute(
        new.on_conflict_do_update(
            index_elements=["unit_id", "about"], set_=changed | {"item_id": words}
        )
    )


def explain(connection: Connection, unit_id: str, about: str, item_id: str) -> bool:
    """Add words to an answer; returns whether there is one."""
    done = connection.execute(
        update(survey_answer)
        .where(survey_answer.c.unit_id == unit_id, survey_answer.c.about == about)
        .values(item_id=item_id)
    )
    return bool(done.rowcount)


def scores(
    connection: Connection, unit_id: str, since: int, until: int
) -> dict[str, dict[int, int]]:
    """Return how many gave each score, by kind; ``since`` ≤ at < ``until``, UTC ms."""
    found: dict[str, dict[int, int]] = {}
    query = (
        select(survey_answer.c.kind, survey_answer.c.score, func.count())
        .where(
            survey_answer.c.unit_id == unit_id,
            survey_answer.c.at >= since,
            survey_answer.c.at < until,
        )
        .group_by(survey_answer.c.kind, survey_answer.c.score)
    )
    for kind, score, count in connection.execute(query):
        found.setdefault(kind, {})[score] = count
    return found


def of_case(connection: Connection, unit_id: str, case_id: str) -> int:
    """Return the score of a case, 0 when it has none."""
    query = select(survey_answer.c.score).where(
        survey_answer.c.unit_id == unit_id, survey_answer.c.about == f"case:{case_id}"
    )
    return int(connection.execute(query).scalar() or 0)


def forget(connection: Connection, unit_id: str, person_id: str) -> None:
    """Keep the scores of an erased person as numbers of nobody."""
    mine = (
        survey_answer.c.unit_id == unit_id,
        survey_answer.c.person_id == person_id,
    )
    connection.execute(
        update(survey_answer).where(*mine).values(person_id=None, item_id=None)
    )
