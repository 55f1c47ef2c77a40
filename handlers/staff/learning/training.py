"""Is a model with what was approved better than the one in force? Then it may go live.

Reading, building and measuring happen outside of any transaction; the last step
writes model, proof and the move in one.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import Connection

from handlers.model import Tag
from handlers.staff.learning import measuring, teach
from handlers.staff.learning.desk import Desk
from handlers.staff.learning.errors import ChangedMeanwhileError
from handlers.staff.learning.in_force import InForce, first_good
from handlers.staff.learning.signing import sealed_row
from nlu.artefact import Artefact
from nlu.exam import Comparison, Lesson
from nlu.gate import Refusal, refusals
from nlu.paper import Paper
from nlu.train import Example, Shelf, fresh, train
from nlu.usage import WINDOW_DAYS, DayCount, Sign
from storage import evidence, learning, nlu_models
from storage.errors import ConflictError

KEPT_MODELS = 10


@dataclass(frozen=True, slots=True)
class Lost:
    """A question of the regression that only the new model misses.

    ``code`` is what it takes the question for (a procedure or an intent), ``suspects``
    the newly approved sentences that stand for that.
    """

    question: str
    code: str
    suspects: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Trained:
    """What training led to; ``model_id`` is "" when there was nothing new to keep."""

    model_id: str
    is_live: bool
    refusals: tuple[Refusal, ...]
    comparison: Comparison
    examples: int
    lost: tuple[Lost, ...] = ()
    otherwise: tuple[Lesson, ...] = ()


@dataclass(frozen=True, slots=True)
class _Known:
    """All that training reads; ``measured`` are the metrics of earlier models."""

    live_id: str | None
    in_force: InForce
    measured: Mapping[str, Mapping[str, Any]]
    examples: Sequence[Example]
    counts: Sequence[DayCount]
    taken_back: frozenset[str]


async def run(
    desk: Desk,
    shelf: Shelf,
    today: date,
    *,
    hold: bool = False,
    questions: Sequence[Path] | None = None,
) -> Trained:
    """Train, measure, and put the model in force when it passes the gate.

    ``today`` is local; ``hold`` leaves a good model waiting. Raises
    QuestionsMissingError, ChangedMeanwhileError, StorageUnavailableError, NluError.
    """
    since = (today - timedelta(days=WINDOW_DAYS)).isoformat()
    known = await _read(desk, since)
    blank = Artefact(desk.unit_id, desk.ids.new(), desk.now_ms())
    new = train(blank, known.examples, known.counts, today)
    ground = await asyncio.to_thread(measuring.ground, shelf, questions)
    old, earlier = known.in_force, known.measured
    found, before = await asyncio.to_thread(
        measuring.compared, ground, old, new, earlier
    )
    reasons = refusals(found)
    if new.lesson_hash in known.taken_back and found.fresh:
        reasons = (*reasons, Refusal.TAKEN_BACK)
    if Refusal.NOTHING_NEW in reasons:
        return Trained("", False, reasons, found, len(known.examples))
    goes_live = not reasons and not hold
    row = sealed_row(desk.keys, new) | {
        "metrics": measuring.metrics(found, reasons, ground, known.live_id, old),
        "parent_id": None,
        "live_at": None,
    }
    await _write(desk, row, known, found, goes_live=goes_live, since=since)
    return Trained(
        new.model,
        goes_live,
        reasons,
        found,
        len(known.examples),
        _lost(found, old.artefact, new, ground.paper),
        before.otherwise,
    )


async def _read(desk: Desk, since: str) -> _Known:
    """Return what is stored, opened outside of the transaction that read it."""

    def rows(connection: Connection) -> tuple[Any, ...]:
        unit_id = desk.unit_id
        live = nlu_models.live_id(connection, unit_id)
        return (
            live,
            nlu_models.lineage(connection, unit_id, live),
            learning.examples(connection, unit_id),
            learning.usage(connection, unit_id, since),
            nlu_models.rolled_back(connection, unit_id),
            nlu_models.listed(connection, unit_id, KEPT_MODELS),
        )

    live, lineage, examples, counts, taken_back, models = await desk.database.read(rows)
    return _Known(
        live_id=live,
        in_force=first_good(lineage, desk.keys),
        measured={
            row["model_id"]: json.loads(row["metrics"]) for row in (*models, *lineage)
        },
        examples=[teach.example(desk, row) for row in examples],
        counts=[
            DayCount(date.fromisoformat(day), code, Sign(sign), count)
            for day, code, sign, count in counts
        ],
        taken_back=taken_back,
    )


def _lost(
    found: Comparison, old: Artefact | None, new: Artefact, asked: Paper
) -> tuple[Lost, ...]:
    """Return what staff need to find the sentence at fault."""
    lessons = fresh(old, new)
    return tuple(
        Lost(
            asked.asked[number].text,
            said,
            tuple(text for text, label in lessons if label == said),
        )
        for number, said in found.lost
    )


async def _write(
    desk: Desk,
    row: Mapping[str, Any],
    known: _Known,
    found: Comparison,
    *,
    goes_live: bool,
    since: str,
) -> None:
    model_id = row["model_id"]
    proofs = [
        desk.proof(
            Tag.MODEL_TRAINED,
            model_id,
            sha256=row["sha256"],
            examples=len(known.examples),
            fresh=found.fresh,
            old_right=found.old_right,
            new_right=found.new_right,
            old_first=round(1000 * (found.old.first or 0)),
            new_first=round(1000 * (found.new.first or 0)),
            passed=goes_live,
        )
    ]
    if goes_live:
        before = known.live_id or ""
        proofs.append(desk.proof(Tag.MODEL_LIVE, model_id, before=before))

    def work(connection: Connection) -> None:
        nlu_models.add(connection, row)
        if goes_live:
            _go_live(connection, desk, model_id, known.live_id)
        tidy(connection, desk.unit_id, is_withdrawal=goes_live and found.withdrawn > 0)
        learning.drop_usage(connection, desk.unit_id, since)
        evidence.append(connection, [proof.row() for proof in proofs])

    await desk.database.write(work)


def _go_live(
    connection: Connection, desk: Desk, model_id: str, expected: str | None
) -> None:
    try:
        nlu_models.go_live(
            connection, desk.unit_id, model_id, expected=expected, now=desk.now_ms()
        )
    except ConflictError as error:
        raise ChangedMeanwhileError from error


def tidy(connection: Connection, unit_id: str, *, is_withdrawal: bool) -> None:
    """Keep the model in force, those before it and the newest; the rest goes.

    After a withdrawal only the one in force stays: the others still hold the words.
    """
    live = nlu_models.live_id(connection, unit_id)
    keep = [live] if live else []
    if not is_withdrawal:
        before = nlu_models.lineage(connection, unit_id, live)
        newest = nlu_models.listed(connection, unit_id, KEPT_MODELS)
        keep += [row["model_id"] for row in (*before[:KEPT_MODELS], *newest)]
    nlu_models.prune(connection, unit_id, keep)
