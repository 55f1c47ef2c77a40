"""Which papers were filed for which criterion, how far is a dossier, which root stays?

A dossier is made of the log up to one signed root; that root is kept for good, so that
the same dossier can be made again.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from sqlalchemy import Connection, func, or_, select, update

from storage.database import insert
from storage.evidence import checkpoints
from storage.evidence.checkpoints import Signed
from storage.evidence.order import locked_head
from storage.keys import Box, UnitKeys, new_key
from storage.tables import (
    dossier_job,
    dossier_key,
    dossier_paper,
    evidence_checkpoint,
    evidence_entry,
    evidence_position,
    person,
)
from storage.vault import PersonVault

Row = Mapping[str, Any]
FILED, REMOVED, DESTROYED = "filed", "removed", "destroyed"
WAITING, RUNNING, DONE, FAILED = "waiting", "running", "done", "failed"


def ensure_key(connection: Connection, unit_id: str, keys: UnitKeys, at: int) -> None:
    """Make the key that papers are sealed with, once."""
    wrapped = keys.box.seal(new_key(), _context(unit_id))
    row = {"unit_id": unit_id, "wrapped_key": wrapped, "created_at": at}
    statement = insert(connection, dossier_key).values(row)
    connection.execute(statement.on_conflict_do_nothing())


def vault(connection: Connection, unit_id: str, keys: UnitKeys) -> PersonVault | None:
    """Return what seals papers and built dossiers, None before the first.

    Files lie below a unit name of their own: the sweep of citizens' files passes by.
    """
    query = select(dossier_key.c.wrapped_key).where(dossier_key.c.unit_id == unit_id)
    wrapped = connection.execute(query).scalar()
    if wrapped is None:
        return None
    key = keys.box.open(bytes(wrapped), _context(unit_id))
    return PersonVault(f"{unit_id}.dossier", "dossier", bytes(wrapped), Box(key))


def _context(unit_id: str) -> str:
    return f"dossier-key:{unit_id}"


def add_paper(connection: Connection, row: Row) -> None:
    """Insert a paper."""
    connection.execute(dossier_paper.insert(), dict(row))


def paper(connection: Connection, unit_id: str, paper_id: str) -> dict[str, Any] | None:
    """Return one paper."""
    columns = dossier_paper.c
    query = select(dossier_paper).where(
        columns.unit_id == unit_id, columns.paper_id == paper_id
    )
    row = connection.execute(query).mappings().one_or_none()
    return dict(row) if row else None


def remove_paper(
    connection: Connection, unit_id: str, paper_id: str, values: Row
) -> bool:
    """Take a paper out of later dossiers; False when it was not there any more.

    ``values``: its state, when (UTC ms), the entry that says so, the words that stay.
    """
    columns = dossier_paper.c
    statement = (
        update(dossier_paper)
        .where(
            columns.unit_id == unit_id,
            columns.paper_id == paper_id,
            columns.state == FILED,
        )
        .values(**values)
    )
    return connection.execute(statement).rowcount == 1


def is_file_used(connection: Connection, unit_id: str, file_mac: str) -> bool:
    """Whether a paper that can still be opened has this file."""
    columns = dossier_paper.c
    query = select(columns.paper_id).where(
        columns.unit_id == unit_id,
        columns.file_mac == file_mac,
        columns.state != DESTROYED,
    )
    return connection.execute(query.limit(1)).first() is not None


def papers(
    connection: Connection, unit_id: str, criterion: str = "", *, removed: bool = False
) -> list[dict[str, Any]]:
    """Return the papers of one criterion or of all, by criterion and day."""
    columns = dossier_paper.c
    query = select(dossier_paper).where(columns.unit_id == unit_id)
    if criterion:
        query = query.where(columns.criterion == criterion)
    if not removed:
        query = query.where(columns.state == FILED)
    query = query.order_by(columns.criterion, columns.day, columns.paper_id)
    return [dict(row) for row in connection.execute(query).mappings()]


def counts(connection: Connection, unit_id: str) -> dict[str, int]:
    """Return how many papers each criterion has."""
    columns = dossier_paper.c
    query = (
        select(columns.criterion, func.count())
        .where(columns.unit_id == unit_id, columns.state == FILED)
        .group_by(columns.criterion)
    )
    return {row[0]: row[1] for row in connection.execute(query)}


def papers_at(connection: Connection, unit_id: str, size: int) -> list[dict[str, Any]]:
    """Return the papers that were there when the log had ``size`` entries.

    With the place of the entry that filed each; a paper that was destroyed since is
    among them, without its words.
    """
    paper, filed, removed = (
        dossier_paper.c,
        evidence_position,
        evidence_position.alias(),
    )
    query = (
        select(dossier_paper, filed.c.position)
        .join(
            filed,
            (filed.c.unit_id == paper.unit_id)
            & (filed.c.entry_id == paper.filed_entry)
            & (filed.c.position < size),
        )
        .outerjoin(
            removed,
            (removed.c.unit_id == paper.unit_id)
            & (removed.c.entry_id == paper.removed_entry),
        )
        .where(
            paper.unit_id == unit_id,
            or_(
                paper.removed_entry.is_(None),
                removed.c.position.is_(None),
                removed.c.position >= size,
            ),
        )
        .order_by(paper.criterion, paper.day, paper.paper_id)
    )
    return [dict(row) for row in connection.execute(query).mappings()]


def add_job(connection: Connection, row: Row) -> None:
    """Insert a job."""
    connection.execute(dossier_job.insert(), dict(row))


def move_job(connection: Connection, unit_id: str, job_id: str, **values: Any) -> None:
    """Write how far a job is."""
    columns = dossier_job.c
    connection.execute(
        update(dossier_job)
        .where(columns.unit_id == unit_id, columns.job_id == job_id)
        .values(**values)
    )


def job(connection: Connection, unit_id: str, job_id: str) -> dict[str, Any] | None:
    """Return one job."""
    columns = dossier_job.c
    query = select(dossier_job).where(
        columns.unit_id == unit_id, columns.job_id == job_id
    )
    row = connection.execute(query).mappings().one_or_none()
    return dict(row) if row else None


def jobs(connection: Connection, unit_id: str, most: int) -> list[dict[str, Any]]:
    """Return the newest jobs first."""
    query = (
        select(dossier_job)
        .where(dossier_job.c.unit_id == unit_id)
        .order_by(dossier_job.c.asked_at.desc(), dossier_job.c.job_id)
        .limit(most)
    )
    return [dict(row) for row in connection.execute(query).mappings()]


def stale(connection: Connection, unit_id: str, old: int) -> list[tuple[str, str]]:
    """Return (job, file) of what was built for an asking before ``old`` (UTC ms), or
    before somebody of the unit was erased.
    """
    columns = dossier_job.c
    newest = select(func.max(person.c.erased_at)).where(person.c.unit_id == unit_id)
    erased_at = connection.execute(newest).scalar()
    limit = old if erased_at is None else max(old, erased_at + 1)
    query = select(columns.job_id, columns.file_mac).where(
        columns.unit_id == unit_id,
        columns.file_mac.is_not(None),
        columns.asked_at < limit,
    )
    return [(row[0], row[1]) for row in connection.execute(query)]


def keep_newest(connection: Connection, unit_id: str, keys: UnitKeys) -> Signed | None:
    """Keep the newest signed root for good; return it, None in an empty log.

    Its mark says so too; nothing follows it yet, so no other mark changes. The head is
    locked: nobody signs meanwhile and drops it.
    """
    locked_head(connection, unit_id)
    signed = checkpoints.all_of(connection, unit_id)[-2:]
    if not signed:
        return None
    last = signed[-1]
    if last.is_kept:
        return last
    before = signed[0].size if len(signed) > 1 else 0
    kept = replace(last, is_kept=True)
    columns = evidence_checkpoint.c
    connection.execute(
        update(evidence_checkpoint)
        .where(columns.unit_id == unit_id, columns.size == last.size)
        .values(is_kept=True, mark=kept.marked(keys, before))
    )
    return kept


def erased(
    connection: Connection, unit_id: str, people: Sequence[str], after: int
) -> int:
    """Count those of these people who were erased after an instant (UTC ms)."""
    found = 0
    for begin in range(0, len(people), 500):
        query = select(func.count()).where(
            person.c.unit_id == unit_id,
            person.c.person_id.in_(list(people[begin : begin + 500])),
            person.c.erased_at > after,
        )
        found += int(connection.execute(query).scalar() or 0)
    return found


def leaf_of(connection: Connection, unit_id: str, entry_id: str) -> bytes | None:
    """Return the leaf of one entry."""
    columns = evidence_entry.c
    query = select(columns.leaf).where(
        columns.unit_id == unit_id, columns.entry_id == entry_id
    )
    found = connection.execute(query).scalar()
    return bytes(found) if found is not None else None
