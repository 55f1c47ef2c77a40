"""Is Rasa, taught the same sentences, as good a reader as ours, and what does it cost?

    THANTHIEN_RASA=$(.ci/rasa install) .venv/bin/python -m benchmarks.rasa_compare

Both learn the names and aliases of the seed catalogue and our chat intents; both are
asked the example questions of the catalogue, which are kept out of the training, and
the regression questions whose procedure is in the seed. Rasa is trained twice: on the
sentences as they are, and with a copy of each without accents. It gets every text with
its short forms written out, as our client sends it. Latency is that of the bot: a call
in the process for ours, an HTTP exchange on the loopback address for Rasa.

The second table tells what citizens meet: our reader alone, and the backend "rasa",
which asks the Rasa that was trained with folded copies.
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
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from itertools import product
from pathlib import Path
from time import perf_counter

import aiohttp

from handlers.citizen.choose import SHOWN
from handlers.staff.catalogue.effective import seed_catalogue
from nlu.abbreviations import Abbreviations
from nlu.engine import Engine
from nlu.measure.questions import Asked, read_all
from nlu.model import Decision, Entry, Understanding
from nlu.rasa.answer import Answer
from nlu.rasa.client import RasaClient
from nlu.rasa.export import EPOCHS, project
from nlu.rasa.known import Known
from nlu.rasa.link import RasaLink
from nlu.rasa.reader import RasaReader
from nlu.rasa.text import written_out
from nlu.variants import folded
from tests.nlu.rasa.real import RealRasa, Running

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

TYPED: Sequence[Callable[[str], str]] = (str, folded)
MET = "what citizens meet         answered  of these right   one tap, %"

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
Reads = Callable[[str], Awaitable[Understanding]]
Sets = Mapping[str, Sequence[Asked]]


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
    bench = Bench(rasa, entries, engine, _questions(engine))
    sizes = ", ".join(f"{len(asked)} {name}" for name, asked in bench.sets.items())
    print(f"{len(entries)} procedures, questions: {sizes}; DIET: {EPOCHS} epochs")
    print(f"{HEADER}\n{UNITS}")
    score = await _score(_first(bench.alone), bench.sets, engine)
    _print("ours", score, _own_cost(entries))
    with tempfile.TemporaryDirectory(dir=os.environ.get("BENCH_DIR")) as folder:
        await bench.plain(Path(folder) / "plain")
        await bench.with_copies(Path(folder) / "copies")


@dataclass(frozen=True, slots=True)
class Bench:
    """What is compared on what."""

    rasa: RealRasa
    entries: Sequence[Entry]
    engine: Engine
    sets: Sets

    async def alone(self, text: str) -> Understanding:
        """Read with our engine."""
        return self.engine.parse(text)

    async def plain(self, folder: Path) -> None:
        """Train Rasa on the sentences as they are and print its row."""
        train = await self._trained(folder, folded_copies=False)
        async with self._served(folder) as (running, client):
            await self._row("Rasa, plain", running, client, train)

    async def with_copies(self, folder: Path) -> None:
        """Train it with folded copies; print its row and what it adds to ours."""
        train = await self._trained(folder, folded_copies=True)
        async with self._served(folder) as (running, client):
            await self._row("Rasa, folded copies", running, client, train)
            await self.beside(client)

    async def beside(self, client: RasaClient) -> None:
        """Print what our reader becomes with that Rasa beside it."""
        link = RasaLink(client, time.monotonic)
        both = RasaReader(self.engine, self.entries, link)
        score = await _score(_first(both.read), self.sets, self.engine)
        _print("ours with that Rasa", score)
        print(f"\n{MET}")
        for name, read in (("ours", self.alone), ("ours with that Rasa", both.read)):
            shares = await _met(read, self.sets, self.engine)
            print(f"{name:20}" + "".join(f"{100 * share:15.1f}" for share in shares))

    async def _row(
        self, name: str, running: Running, client: RasaClient, train: float
    ) -> None:
        alone = _rasa(client, Known(self.engine, self.entries))
        score = await _score(alone, self.sets, self.engine)
        _print(name, score, Cost(running.memory_mib, running.start_seconds, train))

    async def _trained(self, folder: Path, *, folded_copies: bool) -> float:
        made = project(self.entries, folded_copies=folded_copies)
        return await self.rasa.train(made, folder)

    @asynccontextmanager
    async def _served(self, folder: Path) -> AsyncIterator[tuple[Running, RasaClient]]:
        async with (
            self.rasa.serve(folder) as running,
            aiohttp.ClientSession() as session,
        ):
            yield (
                running,
                RasaClient(session, running.url, timeout_seconds=PATIENCE_SECONDS),
            )


def _rasa(client: RasaClient, known: Known) -> Names:
    """Return what Rasa alone puts first."""
    abbreviations = Abbreviations()

    async def first(text: str) -> str | None:
        told = await client.ask(written_out(text, abbreviations))
        assert isinstance(told, Answer), told
        return known.code_of(told.ranking[0].name) if told.ranking else None

    return first


def _first(read: Reads) -> Names:
    """Return what a reader of ours puts first."""

    async def first(text: str) -> str | None:
        shown = (await read(text)).candidates
        return shown[0].code if shown else None

    return first


async def _met(read: Reads, sets: Sets, engine: Engine) -> tuple[float, float, float]:
    """Return the shares answered at once, of these right, right within one tap."""
    answered, right, tapped, count = 0, 0, 0, 0
    for asked in sets.values():
        for question, change in product(asked, TYPED):
            found = await read(change(question.text))
            hits = [_is_right(one.code, question, engine) for one in found.candidates]
            count += 1
            if found.decision is Decision.ANSWER:
                answered += 1
                right += hits[0]
                tapped += hits[0]
            elif found.decision is Decision.ASK:
                tapped += any(hits[:SHOWN])
    return answered / count, right / max(1, answered), tapped / count


async def _score(first: Names, sets: Sets, engine: Engine) -> Score:
    """Ask every set as typed and folded, one text after the other."""
    right: list[float] = []
    times: list[float] = []
    for asked in sets.values():
        for change in TYPED:
            hits = 0
            for question in asked:
                start = perf_counter()
                code = await first(change(question.text))
                times.append((perf_counter() - start) * 1000)
                hits += _is_right(code, question, engine)
            right.append(hits / len(asked))
    times.sort()
    return Score(tuple(right), times[len(times) // 2], times[len(times) * 99 // 100])


def _is_right(code: str | None, question: Asked, engine: Engine) -> bool:
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
    examples = [Asked(q, ((e.code,),)) for e in entries for q in e.examples]
    asked = read_all([REGRESSION]).asked if REGRESSION.is_dir() else ()
    known = {code for entry in entries for code in engine.twins(entry.code)}
    kept = [
        Asked(one.text, (one.gold,))
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
