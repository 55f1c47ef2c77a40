"""Is Rasa, taught the same sentences, as good a reader as ours, and what does it cost?

    THANTHIEN_RASA=$(.ci/rasa install) .venv/bin/python -m benchmarks.rasa_compare

Both learn the names and aliases of the seed catalogue and our chat intents; both are
asked the example questions of the catalogue, which are kept out of the training, and
the regression questions whose procedure is in the seed. Rasa is trained twice: on the
sentences as they are, and with a copy of each without accents. It gets every text with
its short forms written out, as our client sends it. Latency is that of the bot: a call
in the process for ours, an HTTP exchange on the loopback address for Rasa.
"""

from __future__ import annotations

import asyncio
import json
import os
import pickle
import subprocess
import sys
import tempfile
import time
from collections.abc import Awaitable, Callable, Mapping, Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass, replace
from pathlib import Path
from time import perf_counter

import aiohttp

from handlers.staff.catalogue.effective import seed_catalogue
from nlu.abbreviations import Abbreviations
from nlu.engine import Engine
from nlu.evaluate import Question
from nlu.measure.questions import read_all
from nlu.model import Entry
from nlu.rasa.answer import Answer
from nlu.rasa.client import RasaClient
from nlu.rasa.export import EPOCHS, project
from nlu.rasa.known import Known
from nlu.rasa.link import RasaLink
from nlu.rasa.reader import RasaReader
from nlu.rasa.text import written_out
from nlu.variants import folded
from tests.nlu.rasa.real import RealRasa

REGRESSION = Path(__file__).parents[1] / "nlu" / "questions" / "regression"
PATIENCE_SECONDS = 10.0
HEADER = (
    "reader                   examples          regression        p50    p99   memory"
    "   start    train"
)
UNITS = (
    "                         typed   folded    typed   folded     ms     ms      MiB"
    "       s        s"
)

OWN_PROCESS = """
import json, pickle, sys, time
import psutil
from nlu.engine import Engine
entries = pickle.load(sys.stdin.buffer)
start = time.perf_counter()
engine = Engine.build(entries)
train = time.perf_counter() - start
process = psutil.Process()
start = time.time() - process.create_time()
for entry in entries:
    engine.parse(entry.name)
memory = process.memory_info().rss / 2**20
print(json.dumps({"memory": memory, "start": start, "train": train}))
"""

Names = Callable[[str], Awaitable[str | None]]
"""Returns the code of the procedure that a reader puts first for a text."""
Sets = Mapping[str, Sequence[Question]]


@dataclass(frozen=True, slots=True)
class Cost:
    """Memory of the process in MiB; seconds to start and to train."""

    memory: float
    start: float
    train: float


@dataclass(frozen=True, slots=True)
class Score:
    """Shares of first places that are right, 0..1, and the times in milliseconds."""

    right: tuple[float, ...]
    p50: float
    p99: float


def main() -> int:
    """Print the table; without a Rasa say how to have one."""
    home = os.environ.get("THANTHIEN_RASA")
    if not home:
        print("no THANTHIEN_RASA in the environment: nothing to compare with")
        return 0
    asyncio.run(_compare(RealRasa(Path(home))))
    return 0


async def _compare(rasa: RealRasa) -> None:
    entries = _taught()
    engine = Engine.build(entries)
    sets = _questions(engine)
    sizes = ", ".join(f"{len(asked)} {name}" for name, asked in sets.items())
    print(f"{len(entries)} procedures, questions: {sizes}; DIET: {EPOCHS} epochs")
    print(f"{HEADER}\n{UNITS}")

    async def ours(text: str) -> str | None:
        shown = engine.parse(text).candidates
        return shown[0].code if shown else None

    _print("ours", await _score(ours, sets, engine), _own_cost(entries))
    with tempfile.TemporaryDirectory(dir=os.environ.get("BENCH_DIR")) as folder:
        for copies in (False, True):
            place = Path(folder) / f"copies-{copies}"
            place.mkdir()
            made = project(entries, folded_copies=copies)
            train = await rasa.train(made, place)
            await _serve(rasa, place, train, entries, engine, sets, copies=copies)


async def _serve(
    rasa: RealRasa,
    place: Path,
    train: float,
    entries: Sequence[Entry],
    engine: Engine,
    sets: Sets,
    *,
    copies: bool,
) -> None:
    """Start a trained model, ask it everything and print its row."""
    async with AsyncExitStack() as stack:
        running = await stack.enter_async_context(rasa.serve(place))
        session = await stack.enter_async_context(aiohttp.ClientSession())
        client = RasaClient(session, running.url, timeout_seconds=PATIENCE_SECONDS)
        score = await _score(_rasa(client, Known(engine, entries)), sets, engine)
        cost = Cost(running.memory_mib, running.start_seconds, train)
        _print("Rasa, folded copies" if copies else "Rasa, plain", score, cost)
        if copies:
            link = RasaLink(client, time.monotonic)
            both = RasaReader(engine, entries, link)
            _print("ours with that Rasa", await _score(_fused(both), sets, engine))


def _rasa(client: RasaClient, known: Known) -> Names:
    """Return what Rasa alone puts first."""
    abbreviations = Abbreviations()

    async def first(text: str) -> str | None:
        told = await client.ask(written_out(text, abbreviations))
        assert isinstance(told, Answer), told
        return known.code_of(told.ranking[0].name) if told.ranking else None

    return first


def _fused(reader: RasaReader) -> Names:
    """Return what the backend "rasa" of the bot puts first."""

    async def first(text: str) -> str | None:
        shown = (await reader.read(text)).candidates
        return shown[0].code if shown else None

    return first


async def _score(first: Names, sets: Sets, engine: Engine) -> Score:
    """Ask every set as typed and folded, one text after the other."""
    right: list[float] = []
    times: list[float] = []
    for asked in sets.values():
        for change in (str, folded):
            hits = 0
            for question in asked:
                start = perf_counter()
                code = await first(change(question.text))
                times.append((perf_counter() - start) * 1000)
                hits += _is_right(code, question, engine)
            right.append(hits / len(asked))
    times.sort()
    return Score(tuple(right), times[len(times) // 2], times[len(times) * 99 // 100])


def _is_right(code: str | None, question: Question, engine: Engine) -> bool:
    return code is not None and bool(
        {code, *engine.twins(code)} & set(question.gold),
    )


def _print(name: str, score: Score, cost: Cost | None = None) -> None:
    shares = " ".join(f"{100 * share:7.1f}" for share in score.right)
    row = f"{name:20}{shares}  {score.p50:6.2f} {score.p99:6.2f}"
    if cost is not None:
        row += f" {cost.memory:8.0f} {cost.start:7.2f} {cost.train:8.1f}"
    print(row, flush=True)


def _taught() -> list[Entry]:
    """Return the seed catalogue without the questions that are asked."""
    entries = seed_catalogue().entries()
    return [replace(entry, examples=()) for entry in entries]


def _questions(engine: Engine) -> Sets:
    """Return the sets; of the regression questions those on one seed procedure."""
    entries = seed_catalogue().entries()
    examples = [Question(q, (e.code,)) for e in entries for q in e.examples]
    asked = read_all([REGRESSION]).asked if REGRESSION.is_dir() else ()
    known = {code for entry in entries for code in engine.twins(entry.code)}
    kept = [
        Question(one.text, one.gold)
        for one in asked
        if one.is_procedure and known & set(one.gold)
    ]
    return {"examples": examples, **({"regression": kept} if kept else {})}


def _own_cost(entries: Sequence[Entry]) -> Cost:
    """Return what our engine costs a fresh process; it trains each time it starts."""
    found = subprocess.run(
        [sys.executable, "-c", OWN_PROCESS],
        input=pickle.dumps(entries),
        check=True,
        capture_output=True,
    )
    return Cost(**json.loads(found.stdout))


if __name__ == "__main__":
    sys.exit(main())
