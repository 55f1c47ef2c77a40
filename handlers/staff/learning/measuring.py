"""How does a new model do beside the one in force, and what was measured before?"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from handlers.staff.learning import beside
from handlers.staff.learning.errors import QuestionsMissingError
from handlers.staff.learning.in_force import InForce
from nlu.artefact import Artefact
from nlu.errors import NoQuestionsError
from nlu.exam import Comparison, Exam, Figures, compare, kept
from nlu.gate import Refusal
from nlu.paper import Paper, held_files, paper, regression_files
from nlu.train import Shelf, basis, fresh, is_same

Metrics = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Ground:
    """What is measured on; figures compare only where ``name`` is the same."""

    shelf: Shelf
    paper: Paper
    name: str


def ground(shelf: Shelf, questions: Sequence[Path] | None = None) -> Ground:
    """Return the ground: the unit's catalogue, the questions given or those shipped.

    Raises BadQuestionsError, OSError.
    """
    files = regression_files() if questions is None else questions
    held = held_files() if questions is None else []
    return Ground(shelf, paper(files, held), basis(shelf, [*files, *held]))


def compared(
    on: Ground, in_force: InForce, new: Artefact, earlier: Mapping[str, Metrics]
) -> tuple[Comparison, Exam]:
    """Return the comparison, and the exam of the model in force.

    Its figures are taken over where it was measured on the same ground before;
    ``earlier`` holds the metrics of models by their ids. Raises QuestionsMissingError.
    """
    old = in_force.artefact
    told, since = _told(on, in_force.model_id, earlier)
    lessons, held = tuple(fresh(old, new)), tuple(kept(old, new))
    sitting = beside.Sitting(on.shelf, (old, new), on.paper, lessons, held, told)
    try:
        if is_same(old, new):
            before = after = beside.new(sitting) if told is None else Exam(told)
        else:
            before, after = beside.both(sitting)
    except NoQuestionsError as error:
        raise QuestionsMissingError from error
    return compare((old, new), (before, after), on.paper, since), before


def metrics(
    found: Comparison,
    reasons: Sequence[Refusal],
    on: Ground,
    against: str | None,
    in_force: InForce,
) -> bytes:
    """Return the figures as JSON; ``against`` is the model that was to be replaced."""
    value = asdict(found) | {
        "refusals": [reason.value for reason in reasons],
        "basis": on.name,
        "against": against,
        "old_model": in_force.model_id,
    }
    return json.dumps(value, sort_keys=True).encode()


def _told(
    on: Ground, model_id: str | None, earlier: Mapping[str, Metrics]
) -> tuple[Figures | None, Figures | None]:
    """Return the figures of the model in force, and those that losses add up from."""
    for name, measured in earlier.items():
        if measured.get("basis") != on.name:
            continue
        if name == model_id:
            return _figures(measured["new"]), _figures(measured["since"])
        if measured["old_model"] == model_id:
            return _figures(measured["old"]), _figures(measured["since"])
    return None, None


def _figures(told: Metrics) -> Figures:
    missed = tuple((number, said) for number, said in told["missed"])
    return Figures(told["first"], told["intents"], told["outside"], missed)
