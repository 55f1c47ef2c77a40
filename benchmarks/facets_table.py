"""How well does the reader find what part of a procedure is asked about?

    .venv/bin/python -m benchmarks.facets_table              # the dev half
    .venv/bin/python -m benchmarks.facets_table regression
    .venv/bin/python -m benchmarks.facets_table --errors     # dev only

Reads single questions over the catalogue that a fresh installation has, as
``thanthien nlu test`` does without a config: as typed, without accents and with slips.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from benchmarks.nlu_accuracy import SEED, seed_entries
from nlu.engine import Engine
from nlu.measure.counts import Score, percentile, score
from nlu.measure.questions import Asked, read_all
from nlu.model import Facet
from nlu.phrases import unlisted
from nlu.variants import folded, with_typos

QUESTIONS = Path(__file__).resolve().parents[1] / "nlu" / "questions"
VARIANTS: Mapping[str, Callable[[str], str]] = {
    "typed": str,
    "folded": folded,
    "slips": lambda text: with_typos(text, SEED),
}


@dataclass(frozen=True, slots=True)
class Told:
    """One question as it was typed, which facets it asks for, and which were found."""

    text: str
    right: frozenset[Facet]
    said: frozenset[Facet]
    ms: float


def main() -> int:
    """Print a table for each way of typing."""
    options = _options()
    seed = seed_entries()
    engine = Engine.build([*seed, *unlisted(seed)])
    asked = read_all([QUESTIONS / options.half]).asked
    for title, change in VARIANTS.items():
        told = [_told(engine, one, change) for one in asked if one.facets is not None]
        print(f"\n{options.half}, {title}: {len(told)} questions")
        print("\n".join(_table(told)))
        if options.errors:
            print("\n".join(_errors(told)))
    return 0


def _options() -> argparse.Namespace:
    """Return which half to read; mistakes are shown of the dev half only."""
    parser = argparse.ArgumentParser(prog="facets_table")
    parser.add_argument("half", nargs="?", choices=("dev", "regression"), default="dev")
    parser.add_argument("--errors", action="store_true", help="dev only")
    options = parser.parse_args()
    if options.errors and options.half != "dev":
        parser.error("the mistakes of the regression half are never looked at")
    return options


def _told(engine: Engine, asked: Asked, change: Callable[[str], str]) -> Told:
    text = change(asked.text)
    seen = engine.parse(text)
    return Told(text, asked.facets or frozenset(), frozenset(seen.facets), seen.ms)


def _table(told: Sequence[Told]) -> Iterator[str]:
    """Yield precision, recall, F1 (percent) and the number of each facet."""
    yield "facet          P     R    F1    n"
    for facet in Facet:
        pairs = [(facet in one.right, facet in one.said) for one in told]
        yield _row(facet.value, score(pairs))
    nothing = [(not one.right, not one.said) for one in told]
    yield _row("(none)", score(nothing))
    exact = sum(one.right == one.said for one in told)
    p50 = percentile((one.ms for one in told), 50)
    yield f"all facets right {100 * exact / max(len(told), 1):.1f}, p50 {p50:.2f} ms"


def _row(name: str, one: Score) -> str:
    shares = (one.precision, one.recall, one.f1)
    return (
        f"{name:11}" + "".join(f"{100 * s:6.1f}" for s in shares) + f"{one.support:5}"
    )


def _errors(told: Sequence[Told]) -> Iterator[str]:
    """Yield the questions read wrongly: - what was missed, + what was made up."""
    for one in told:
        missed = [f"-{facet.value}" for facet in sorted(one.right - one.said)]
        made_up = [f"+{facet.value}" for facet in sorted(one.said - one.right)]
        if missed or made_up:
            yield f"  {' '.join([*missed, *made_up]):24} {one.text}"


if __name__ == "__main__":
    sys.exit(main())
