"""What does reading cost, whatever else the machine does?

    .venv/bin/python -m benchmarks.nlu_times

Time of the processor beside time on the wall, over the whole national catalogue: one
reading of every regression question, the longest texts, the first build in fresh
processes, and what ``thanthien nlu train`` does between reading and writing its rows.
"""

from __future__ import annotations

import gc
import json
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import partial
from time import perf_counter, process_time, thread_time

import psutil

from benchmarks.facets_table import QUESTIONS, VARIANTS
from benchmarks.nlu_accuracy import SHARED, national_entries, seed_entries
from nlu.artefact import Artefact
from nlu.engine import Engine
from nlu.exam import examine
from nlu.measure.counts import percentile
from nlu.measure.questions import read_all
from nlu.model import Entry
from nlu.paper import held_files, paper, regression_files
from nlu.train import Example, Shelf, train

COLD = "--cold"
PROCESSES = 3
LESSONS = 200
LONGEST = 10_000
TRIES = 5
TODAY = date(2026, 11, 25)
LONG = ("a", "làm khai sinh và nhập hộ khẩu, ", "giaaysnkhaisinhh", "đ k ", "👨‍👩‍👧")


@dataclass(frozen=True, slots=True)
class Spent:
    """Seconds on the wall and of the processor."""

    wall: float
    cpu: float


def main() -> int:
    """Print the figures; with ``--cold`` those of one first build, as JSON."""
    if not SHARED.is_dir():
        print("no ../shared/data beside the repository: nothing to measure")
        return 1
    if COLD in sys.argv:
        print(json.dumps(cold_start()))
        return 0
    entries = catalogue()
    engine = Engine.build(entries)
    print(f"{len(entries)} entries; ms of the processor (on the wall)")
    print("\n".join([*_readings(engine), *_longest(engine), *_cold(), *_training()]))
    return 0


def catalogue() -> list[Entry]:
    """Return the national catalogue and ours."""
    seed = seed_entries()
    return [*national_entries({entry.code for entry in seed}), *seed]


def spent(work: Callable[[], object], clock: Callable[[], float]) -> Spent:
    """Return what the work costs; ``clock`` counts seconds of the processor."""
    wall, cpu = perf_counter(), clock()
    work()
    cpu = clock() - cpu
    return Spent(perf_counter() - wall, cpu)


def cold_start() -> Mapping[str, float]:
    """Return seconds and MiB of the first build in this process."""
    entries = catalogue()
    gc.collect()
    before = psutil.Process().memory_info().rss
    built: list[Engine] = []
    cost = spent(lambda: built.append(Engine.build(entries)), process_time)
    gc.collect()
    added = (psutil.Process().memory_info().rss - before) / 2**20
    return {"wall": cost.wall, "cpu": cost.cpu, "mib": added}


def _readings(engine: Engine) -> Iterator[str]:
    """Yield p50 and p99 of single questions, as typed, folded and with slips."""
    asked = read_all([QUESTIONS / "regression"]).asked
    for title, change in VARIANTS.items():
        texts = [change(one.text) for one in asked]
        costs = [spent(partial(engine.parse, text), thread_time) for text in texts]
        yield f"{title}: {_both(costs, 50)} p50, {_both(costs, 99)} p99, {len(costs)}"


def _both(costs: Sequence[Spent], percent: int) -> str:
    cpu = percentile((one.cpu for one in costs), percent) or 0.0
    wall = percentile((one.wall for one in costs), percent) or 0.0
    return f"{1000 * cpu:.2f} ({1000 * wall:.2f})"


def _longest(engine: Engine) -> Iterator[str]:
    """Yield the slowest of some texts of ten thousand characters, best of five."""
    texts = [(piece * LONGEST)[:LONGEST] for piece in LONG]
    best = [
        min(spent(partial(engine.parse, text), thread_time).cpu for _ in range(TRIES))
        for text in texts
    ]
    slowest = f"{1000 * max(best):.1f}"
    yield f"slowest of {len(texts)} texts of {LONGEST} characters: {slowest}"


def _cold() -> Iterator[str]:
    """Yield the first build in several fresh processes."""
    command = [sys.executable, "-m", "benchmarks.nlu_times", COLD]
    for _ in range(PROCESSES):
        found = subprocess.run(command, check=True, capture_output=True)
        cost = json.loads(found.stdout)
        yield (
            f"first build: {cost['cpu']:.2f} s of the processor "
            f"({cost['wall']:.2f} s), {cost['mib']:.0f} MiB added"
        )


def _training() -> Iterator[str]:
    """Yield what learning lessons and the exams of old and new model cost."""
    shelf = Shelf(catalogue(), {})
    asked = [one for one in read_all([QUESTIONS / "dev"]).asked if one.is_procedure]
    taught = [Example(one.text, one.gold[0]) for one in asked[:LESSONS]]
    questions = paper(regression_files(), held_files())
    models: list[Artefact] = []

    def learn() -> None:
        models.append(train(Artefact("benchmark", "m", 0), taught, (), TODAY))
        lessons = sorted(models[-1].lessons)
        examine(shelf, None, questions, lessons)
        examine(shelf, models[-1], questions, lessons)

    cost = spent(learn, process_time)
    yield (
        f"training on {len(taught)} lessons, two exams of {len(questions.asked)} one "
        f"after the other: {cost.cpu:.1f} s of the processor ({cost.wall:.1f} s)"
    )


if __name__ == "__main__":
    sys.exit(main())
