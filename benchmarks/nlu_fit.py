"""Which weights make the reader rank and trust rightly?

    .venv/bin/python -m benchmarks.nlu_fit            # prints nlu/weights.py

Fits on the questions in nlu/questions/dev only, each as typed, without accents and with
slips, over the whole national catalogue. The regression questions are never looked at.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from random import Random

import numpy as np
from numpy.typing import NDArray

from benchmarks.nlu_accuracy import SHARED, national_entries, seed_entries
from nlu.decoys import DECOY
from nlu.engine import Engine
from nlu.evidence import FEATURES
from nlu.index import MEASURES
from nlu.measure.questions import Asked, Questions, read_all
from nlu.model import Entry, Intent
from nlu.variants import folded, with_typos

ROOT = Path(__file__).resolve().parents[1]
DEV = ROOT / "nlu" / "questions" / "dev"
PLAIN = ROOT / "tests" / "nlu" / "data" / "colloquial.jsonl"
FORMAL = 300
SEED = 20261125
RIVALS = 40
STEPS = 600
SPEED = 0.05
RIDGE = 2e-3
SLIPS = (7, 11)
PROCEDURAL = frozenset({None, Intent.ASK_PROCEDURE, Intent.APPLY_ONLINE})

Array = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Contest:
    """The measures of the rivals, one a row, and which of them are right."""

    measures: Array
    right: NDArray[np.bool_]


def main() -> int:
    """Print the weights."""
    if not SHARED.is_dir():
        print("no ../shared/data beside the repository: nothing to fit on")
        return 1
    lessons = list(courses())
    contests = [(c, weight) for e, q, weight in lessons for c in ranked(e, q)]
    weights = softmax([c for c, _ in contests], np.array([w for _, w in contests]))
    shown = dict(zip(MEASURES, weights.round(2).tolist(), strict=True))
    print("RANKING", list(shown.values()), shown, f"{len(contests)} contests")
    for engine, questions, _ in lessons:
        print(f"  first: {share_first(list(ranked(engine, questions)), weights):.3f}")
    rows = [(*row, weight) for e, q, weight in lessons for row in rated(e, q)]
    trust = logistic(
        np.array([features for features, _, _ in rows]),
        np.array([float(right) for _, right, _ in rows]),
        np.array([weight for _, _, weight in rows]),
    )
    named = dict(zip((*FEATURES, "bias"), trust.round(2).tolist(), strict=True))
    print("CONFIDENCE", named, f"{len(rows)} readings (fit RANKING first)")
    return 0


def courses() -> Iterator[tuple[Engine, Questions, float]]:
    """Yield what is learned from: an engine, questions for it, the weight of each.

    The examples of our own catalogue are asked of an engine that does not hold them;
    they, and the formal questions, ask more plainly than the questions in dev do.
    """
    seed = seed_entries()
    national = national_entries({entry.code for entry in seed})
    engine = Engine.build([*national, *seed])
    yield engine, read_all([DEV]), 3.0
    yield Engine.build(seed), read_all([PLAIN]), 2.0
    yield engine, read_all([PLAIN]), 2.0
    formal = read_all([SHARED / "legalrag_questions.jsonl"]).asked
    chosen = Random(SEED).sample(formal, FORMAL)
    yield engine, Questions(tuple(chosen)), 0.5
    core = [entry for entry in seed if entry.prior]
    yield engine, of_entries((e, e.aliases) for e in core), 1.0
    named = [replace(entry, aliases=entry.aliases[:1], examples=()) for entry in seed]
    yield Engine.build(named), of_entries((e, e.aliases) for e in core), 0.5
    bare = [replace(entry, examples=()) for entry in seed]
    kept = of_entries((entry, entry.examples) for entry in seed)
    yield Engine.build([*national, *bare]), kept, 1.0


def of_entries(texts: Iterable[tuple[Entry, Iterable[str]]]) -> Questions:
    """Return texts as questions after the procedure they stand at."""
    asked = (Asked(text, ((entry.code,),)) for entry, said in texts for text in said)
    return Questions(tuple(asked))


def ranked(engine: Engine, questions: Questions) -> Iterator[Contest]:
    """Yield one contest for every way of typing a question with a known answer."""
    for asked in questions.asked:
        right = engine.groups_of(asked.gold) if len(asked.needs) == 1 else frozenset()
        if not right:
            continue
        for text in variants(asked.text):
            seen = engine.look(text)
            if seen is None:
                continue
            order = np.argsort(-seen[1].probabilities)[:RIVALS]
            hit = np.isin(order, list(right))
            if hit.any():
                yield Contest(seen[1].measures[:, order].T, hit)


def rated(
    engine: Engine, questions: Questions
) -> Iterator[tuple[tuple[float, ...], bool]]:
    """Yield the features of the best and whether it was right to name it."""
    for asked in questions.asked:
        if len(asked.needs) > 1 or not is_rated(asked):
            continue
        right = engine.groups_of(asked.gold)
        for text in variants(asked.text):
            seen = engine.look(text)
            if seen is None:
                continue
            best = seen[0].best
            yield seen[0].evidence.features, is_right(engine, asked, best, right)


def is_rated(asked: Asked) -> bool:
    """Whether the question tells if naming a procedure is right."""
    return bool(asked.needs) or asked.foreign or asked.intent not in PROCEDURAL


def is_right(engine: Engine, asked: Asked, best: int, right: Iterable[int]) -> bool:
    """Whether naming the best is right; any matter of others will do for a foreign."""
    if best in right:
        return True
    code = engine.code_of(best)
    return asked.foreign and (code.startswith(DECOY) or not engine.is_commune(best))


def variants(text: str) -> tuple[str, ...]:
    """Return the ways of typing a question that the weights are fitted on."""
    return (text, folded(text), *(with_typos(text, seed) for seed in SLIPS))


def softmax(contests: list[Contest], counted: Array) -> Array:
    """Return the weights under which the right rivals are the most probable (Adam)."""
    width = contests[0].measures.shape[1]
    shape = (len(contests), RIVALS)
    values, mask, target = (
        np.zeros((*shape, width)),
        np.full(shape, -1e9),
        np.zeros(shape),
    )
    for number, contest in enumerate(contests):
        rivals = len(contest.right)
        values[number, :rivals] = contest.measures
        mask[number, :rivals] = 0
        target[number, :rivals] = contest.right / contest.right.sum()
    scale = values.reshape(-1, width).std(axis=0) + 1e-6
    values /= scale

    def slope(weights: Array) -> Array:
        scores = values @ weights + mask
        powers = np.exp(scores - scores.max(axis=1, keepdims=True))
        shares = powers / powers.sum(axis=1, keepdims=True)
        misses = (shares - target) * counted[:, None]
        pull: Array = np.einsum("nk,nkd->d", misses, values) / counted.sum()
        down: Array = pull + RIDGE * weights
        return down

    fitted: Array = adam(slope, np.zeros(width)) / scale
    return fitted


def adam(slope: Callable[[Array], Array], start: Array) -> Array:
    """Return where following the slope down ends."""
    weights, first, second = start, np.zeros_like(start), np.zeros_like(start)
    for step in range(1, STEPS + 1):
        pull = slope(weights)
        first = 0.9 * first + 0.1 * pull
        second = 0.99 * second + 0.01 * pull * pull
        move = (first / (1 - 0.9**step)) / (np.sqrt(second / (1 - 0.99**step)) + 1e-8)
        weights = weights - SPEED * move
    return weights


def share_first(contests: list[Contest], weights: Array) -> float:
    """Return the share of contests whose winner is right."""
    wins = [c.right[int(np.argmax(c.measures @ weights))] for c in contests]
    return float(np.mean(wins))


def logistic(x: Array, y: Array, counted: Array, ridge: float = 1.0) -> Array:
    """Return logistic weights by Newton's method; the last one is the bias."""
    rows = np.column_stack((x, np.ones(len(x))))
    weights = np.zeros(rows.shape[1])
    penalty = np.diag([ridge] * x.shape[1] + [1e-6])
    for _ in range(50):
        p = 1 / (1 + np.exp(-rows @ weights))
        gradient = rows.T @ (counted * (p - y)) + penalty @ weights
        curvature = (rows.T * (counted * p * (1 - p))) @ rows + penalty
        weights = weights - np.linalg.solve(curvature, gradient)
    return weights


if __name__ == "__main__":
    sys.exit(main())
