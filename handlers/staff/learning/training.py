"""Is a model with what was approved better than the one in force? Then it may go live.

Reading, building and measuring happen outside of any transaction; the last step
writes model, proof and the move in one.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import Connection

from handlers.model import Tag
from handlers.staff.learning.beside import both
from handlers.staff.learning.desk import Desk
from handlers.staff.learning.errors import (
    ChangedMeanwhileError,
    QuestionsMissingError,
)
from handlers.staff.learning.in_force import InForce, first_good
from handlers.staff.learning.review import example_context
from handlers.staff.learning.signing import sealed_row
from nlu.artefact import Artefact
from nlu.errors import NoQuestionsError
from nlu.gate import Refusal, refusals
from nlu.measure.questions import Questions
from nlu.train import (
    Comparison,
    Example,
    Figures,
    Shelf,
    basis,
    compare,
    examine,
    fresh,
    is_same,
    regression,
    regression_files,
    train,
)
from nlu.usage import WINDOW_DAYS, DayCount, Sign
from storage import evidence, learning, nlu_models
from storage.errors import ConflictError

KEPT_MODELS = 10


@dataclass(frozen=True, slots=True)
class Lost:
    """A question of the regression that only the new model misses.

    ``code`` is what it takes the question for, ``suspects`` the newly approved
    sentences of that procedure.
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


@dataclass(frozen=True, slots=True)
class _Known:
    """All that training reads."""

    live_id: str | None
    in_force: InForce
    metrics: Mapping[str, Any]
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
    paths = regression_files() if questions is None else questions
    asked, ground = await asyncio.to_thread(
        lambda: (regression(paths), basis(shelf, paths))
    )
    found = await asyncio.to_thread(_compare, shelf, known, new, asked, ground)
    reasons = refusals(found)
    if new.lesson_hash in known.taken_back and found.fresh:
        reasons = (*reasons, Refusal.TAKEN_BACK)
    if Refusal.NOTHING_NEW in reasons:
        return Trained("", False, reasons, found, len(known.examples))
    goes_live = not reasons and not hold
    row = sealed_row(desk.keys, new) | {
        "metrics": _metrics(found, reasons, ground, known.live_id),
        "parent_id": None,
        "live_at": None,
    }
    await _write(desk, row, known, found, goes_live=goes_live, since=since)
    lost = _lost(found, known.in_force.artefact, new, asked)
    return Trained(new.model, goes_live, reasons, found, len(known.examples), lost)


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
        )

    live, lineage, examples, counts, taken_back = await desk.database.read(rows)
    found = first_good(lineage, desk.keys)
    spoken = [row for row in lineage if row["model_id"] == found.model_id]
    return _Known(
        live_id=live,
        in_force=found,
        metrics=json.loads(spoken[0]["metrics"]) if spoken else {},
        examples=[_example(desk, row) for row in examples],
        counts=[
            DayCount(date.fromisoformat(day), code, Sign(sign), count)
            for day, code, sign, count in counts
        ],
        taken_back=taken_back,
    )


def _example(desk: Desk, row: Mapping[str, Any]) -> Example:
    context = example_context(desk.unit_id, row["example_id"])
    text = desk.keys.box.open(row["sealed"], context).decode()
    return Example(text, row["label"], is_intent=row["is_intent"])


def _compare(
    shelf: Shelf, known: _Known, new: Artefact, asked: Questions, ground: str
) -> Comparison:
    """Return the comparison; the old figures are reused if their ground is the same."""
    told = known.metrics.get("new") if known.metrics.get("basis") == ground else None
    old, lessons = known.in_force.artefact, fresh(known.in_force.artefact, new)
    try:
        if is_same(old, new):
            after = before = examine(shelf, new, asked, lessons)
        elif told is not None:
            before = examine(shelf, old, _figures(told), lessons)
            after = examine(shelf, new, asked, lessons)
        else:
            before, after = both(shelf, (old, new), asked, lessons)
    except NoQuestionsError as error:
        raise QuestionsMissingError from error
    return compare(old, new, before, after)


def _figures(told: Mapping[str, Any]) -> Figures:
    missed = tuple((number, code) for number, code in told["missed"])
    return Figures(told["first"], told["intents"], told["outside"], missed)


def _lost(
    found: Comparison, old: Artefact | None, new: Artefact, asked: Questions
) -> tuple[Lost, ...]:
    """Return what staff need to find the sentence at fault."""
    lessons = fresh(old, new)
    return tuple(
        Lost(
            asked.asked[number].text,
            code,
            tuple(text for text, label in lessons if label == code),
        )
        for number, code in found.lost
    )


def _metrics(
    found: Comparison,
    reasons: Sequence[Refusal],
    ground: str,
    against: str | None,
) -> bytes:
    """Return the figures as JSON; ``against`` is the model they were compared with."""
    value = asdict(found) | {
        "refusals": [reason.value for reason in reasons],
        "basis": ground,
        "against": against,
    }
    return json.dumps(value, sort_keys=True).encode()


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
