"""Which numbers tell the intents apart?

    .venv/bin/python -m benchmarks.intents_fit            # writes nlu/data/intents.npz
    .venv/bin/python -m benchmarks.intents_fit --check    # learns without dev, asks dev

Multinomial logistic regression over the signs of a message (``nlu/signs.py``). It
learns from the sentences in ``nlu/data/intents`` and ``nlu/data/nlu.yml``, from phrases
for procedures that the engine is not shown, and from ``nlu/questions/dev``; each as
typed, without accents and with slips, read with the whole national catalogue and with
ours alone. The regression questions are never looked at.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from multiprocessing import Pool
from pathlib import Path
from random import Random
from time import perf_counter

import numpy as np
from numpy.typing import NDArray

from benchmarks.nlu_accuracy import SHARED, national_entries, seed_entries
from benchmarks.nlu_fit import DEV, PLAIN
from nlu import intent_weights
from nlu.engine import Engine
from nlu.intent_weights import ROWS, WORD_ROWS, Weights, row_of, signed
from nlu.intents import IntentModel
from nlu.measure.counts import score
from nlu.measure.questions import Asked, read_all
from nlu.model import Intent
from nlu.normalise import fold, words
from nlu.phrases import spoken, unlisted
from nlu.signs import Signs
from nlu.sparse import Floats
from nlu.training import digest, examples
from nlu.variants import folded, with_typos

FILE = Path(intent_weights.__file__).parent / "data" / intent_weights.FILE
LABELS = tuple(Intent)
SLIP = 7
# So many of the phrases for procedures are asked of engines that do not hold them.
HELD_OUT = 2000
# Questions of dev are as people ask; our sentences are written to teach.
DEV_COUNTS = 2.0
# Rare intents count more than their share: by this power of their rarity.
EVEN = 0.3
RIDGE = 1e-4
EPOCHS = 12
BATCH = 512
SPEED = 0.02
KEPT = 0.9
KEPT_SQUARE = 0.99
LEVELS = 127

Said = tuple[str, Intent, float]
TYPED: dict[str, Callable[[str], str]] = {
    "typed": str,
    "folded": folded,
    "slips": lambda text: with_typos(text, SLIP),
}
Array = NDArray[np.float64]
Table = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Lesson:
    """The signs of one way of typing a sentence, its intent, and how much it counts."""

    signs: Signs
    intent: Intent
    counts: float


@dataclass(frozen=True, slots=True)
class Rows:
    """All lessons as one sparse table: for each its signs and their values."""

    signs: tuple[NDArray[np.int64], ...]
    values: tuple[Floats, ...]

    def batch(self, chosen: NDArray[np.int64]) -> Batch:
        """Return some of the lessons, laid out for sums."""
        sizes = np.array([len(self.signs[number]) for number in chosen])
        signs = np.concatenate([self.signs[number] for number in chosen])
        order = np.argsort(signs, kind="stable")
        used, firsts = np.unique(signs[order], return_index=True)
        owners = np.repeat(np.arange(len(chosen)), sizes)
        values = np.concatenate([self.values[number] for number in chosen])
        return Batch(
            signs,
            values.astype(np.float32)[:, None],
            np.cumsum(sizes) - sizes,
            order,
            owners[order],
            used,
            firsts,
        )


@dataclass(frozen=True, slots=True)
class Batch:
    """Some lessons, by lesson (``starts``) and by sign (``order``, ``firsts``)."""

    signs: NDArray[np.int64]
    values: Table
    starts: NDArray[np.int64]
    order: NDArray[np.int64]
    owners: NDArray[np.int64]
    used: NDArray[np.int64]
    firsts: NDArray[np.int64]

    def scores(self, table: Table) -> Table:
        """Return one row of scores a lesson."""
        found: Table = np.add.reduceat(table[self.signs] * self.values, self.starts)
        return found

    def pull(self, misses: Table) -> Table:
        """Return what the misses of the lessons say about every sign used."""
        parts = misses[self.owners] * self.values[self.order]
        found: Table = np.add.reduceat(parts, self.firsts)
        return found


def main() -> int:
    """Train and write the file."""
    if not SHARED.is_dir():
        print("no ../shared/data beside the repository: nothing to train with")
        return 1
    start = perf_counter()
    if "--check" in sys.argv:
        check(train(lessons(ours())))
        return 0
    learned = lessons([*ours(), *dev()])
    print(f"{len(learned)} lessons read in {perf_counter() - start:.0f} s")
    weights = train(learned)
    save(weights, FILE)
    print(f"{FILE.stat().st_size:,} bytes")
    print(f"{perf_counter() - start:.0f} s in all")
    return 0


def ours() -> list[Said]:
    """Return the sentences that were written to be learned from."""
    plain = [(one.text, meant(one), 1.0) for one in read_all([PLAIN]).asked]
    return [*((text, intent, 1.0) for text, intent in examples()), *plain]


def dev() -> list[Said]:
    """Return the questions of the dev half, of talks the first."""
    asked = read_all([DEV])
    first = [*asked.asked, *(talk[0] for talk in asked.talks)]
    return [(one.text, meant(one), DEV_COUNTS) for one in first]


def meant(asked: Asked) -> Intent:
    """Return the intent of a question; one with a code asks about a procedure."""
    return asked.intent or Intent.ASK_PROCEDURE


def check(weights: Weights) -> None:
    """Print the macro-F1 over the dev questions that have an intent."""
    _prepare()
    model = IntentModel(weights)
    asked = [one for one in read_all([DEV]).asked if one.intent]
    for name, change in TYPED.items():
        pairs = []
        for one in asked:
            signs = _engines[0].signs(change(one.text))
            said = model.shares(signs)[0][0] if signs else Intent.OUT_OF_SCOPE
            pairs.append((one.intent, said))
        scores = [score((w is i, s is i) for w, s in pairs).f1 for i in LABELS]
        print(f"{name}: macro-F1 {np.mean(scores):.3f} over {len(pairs)} questions")


def held_out() -> list[str]:
    """Return phrases for procedures that are asked instead of indexed."""
    texts = sorted({text for one in spoken().values() for text in one.said})
    return Random(SLIP).sample(texts, HELD_OUT)


def lessons(sentences: Sequence[Said]) -> list[Lesson]:
    """Return every way of typing every sentence, read with two catalogues.

    What is read alike is one lesson that counts more.
    """
    asked = [(text, Intent.ASK_PROCEDURE, 1.0) for text in held_out()]
    found: dict[tuple[Signs, Intent], float] = {}
    with Pool(initializer=_prepare) as pool:
        for read in pool.imap(_read, [*sentences, *asked], chunksize=100):
            for lesson in read:
                key = (lesson.signs, lesson.intent)
                found[key] = found.get(key, 0.0) + lesson.counts
    return [Lesson(*key, counts) for key, counts in found.items()]


_engines: list[Engine] = []


def _prepare() -> None:
    """Build the engines of a process: the whole catalogue, and ours."""
    seed = seed_entries()
    national = national_entries({entry.code for entry in seed})
    kept = frozenset(held_out())
    _engines.append(Engine.build([*national, *seed], held_out=kept))
    _engines.append(Engine.build([*seed, *unlisted(seed)], held_out=kept))


def _read(said: Said) -> list[Lesson]:
    text, intent, counts = said
    typed = [change(text) for change in TYPED.values()]
    read = (engine.signs(variant) for variant in typed for engine in _engines)
    return [Lesson(signs, intent, counts) for signs in read if signs is not None]


def train(learned: Sequence[Lesson]) -> Weights:
    """Return the trained model, its numbers rounded as they are shipped."""
    idf = telling(learned)
    rows = table_of(learned, idf)
    labels = np.array([LABELS.index(lesson.intent) for lesson in learned])
    counts = np.array([lesson.counts for lesson in learned])
    rarity = len(labels) / np.maximum(np.bincount(labels, minlength=len(LABELS)), 1)
    counts = counts * rarity[labels] ** EVEN
    table = fit(rows, labels, counts / counts.mean())
    scale = np.maximum(np.abs(table).max(axis=0), 1e-9) / LEVELS
    sentences = examples()
    return Weights(
        labels=LABELS,
        idf=idf,
        table=np.rint(table / scale).astype(np.int8),
        scale=scale.astype(np.float32),
        words=frozenset(fold(word) for text, _ in sentences for word in words(text)),
        digest=digest(sentences),
    )


def telling(learned: Sequence[Lesson]) -> Array:
    """Return how telling the sign of every row is: rare ones more."""
    df = np.zeros(ROWS)
    for lesson in learned:
        said = (*lesson.signs.words, *lesson.signs.letters)
        df[list({row_of(sign, WORD_ROWS) for sign in said})] += 1
    return (np.log((1 + len(learned)) / (1 + df)) + 1).astype(np.float16).astype(float)


def table_of(learned: Sequence[Lesson], idf: Array) -> Rows:
    """Return the lessons' signs as one table."""
    rows = [signed(idf, one.signs) for one in learned]
    signs = tuple(np.array(known, dtype=np.int64) for known, _ in rows)
    return Rows(signs, tuple(values for _, values in rows))


def fit(rows: Rows, labels: NDArray[np.int64], counts: Array) -> Table:
    """Return the table under which the right intents are the most probable (Adam)."""
    shape = (ROWS, len(LABELS))
    table, first, second = (np.zeros(shape, dtype=np.float32) for _ in range(3))
    rng = np.random.default_rng(SLIP)
    steps = EPOCHS * -(-len(labels) // BATCH)
    step = 0
    for _ in range(EPOCHS):
        for chosen in np.array_split(rng.permutation(len(labels)), steps // EPOCHS):
            batch = rows.batch(chosen)
            shares = softmax(batch.scores(table))
            shares[np.arange(len(chosen)), labels[chosen]] -= 1
            misses = shares * (counts[chosen] / len(chosen)).astype(np.float32)[:, None]
            pull = RIDGE * table
            pull[batch.used] += batch.pull(misses)
            step += 1
            first += (1 - KEPT) * (pull - first)
            second += (1 - KEPT_SQUARE) * (pull * pull - second)
            even = np.sqrt(1 - KEPT_SQUARE**step) / (1 - KEPT**step)
            speed = SPEED * (1 - step / (steps + 1)) * even
            table -= speed * first / (np.sqrt(second) + 1e-8)
    return table


def softmax(scores: Table) -> Table:
    """Return shares that sum to one in each row."""
    powers = np.exp(scores - scores.max(axis=1, keepdims=True))
    shares: Table = powers / powers.sum(axis=1, keepdims=True)
    return shares


def save(weights: Weights, path: Path) -> None:
    """Write the model as plain arrays."""
    joined = "\n".join(sorted(weights.words)).encode()
    np.savez_compressed(
        path,
        labels=np.array([label.value for label in weights.labels]),
        words=np.frombuffer(joined, dtype=np.uint8),
        idf=weights.idf.astype(np.float16),
        table=weights.table,
        scale=weights.scale,
        digest=np.array(weights.digest),
    )


if __name__ == "__main__":
    sys.exit(main())
