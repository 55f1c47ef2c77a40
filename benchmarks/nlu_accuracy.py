"""How well and how fast does the reader work on the whole national catalogue?

Run from the repository with the shared data beside it:

    .venv/bin/python -m benchmarks.nlu_accuracy

LegalRAG questions: MIT licence, (c) 2025 Nguyen Thanh Hieu. A good third of them name
no matter at all ("Lệ phí bao nhiêu?"), so nobody reaches 100 on that set.
"""

from __future__ import annotations

import gc
import gzip
import json
import sys
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from time import perf_counter
from typing import Any

import numpy as np
import psutil
import yaml
from numpy.typing import NDArray

from nlu.engine import Engine
from nlu.measure.questions import Asked, Questions, read_all
from nlu.measure.report import measure
from nlu.model import Decision, Entry
from nlu.variants import folded, with_typos

ROOT = Path(__file__).resolve().parents[1]
SHARED = ROOT.parent / "shared" / "data"
OURS = ROOT / "tests" / "nlu" / "data"
SEED = 20261123

Array = NDArray[np.float64]


def main() -> int:
    """Print the tables."""
    if not SHARED.is_dir():
        print("no ../shared/data beside the repository: nothing to measure")
        return 1
    seed = seed_entries()
    national = national_entries({entry.code for entry in seed})
    engine = build_measured([*national, *seed])
    print_table(engine, "colloquial", questions(OURS / "colloquial.jsonl"))
    print_table(engine, "legalrag", questions(SHARED / "legalrag_questions.jsonl"))
    print_outside(engine)
    bare = [replace(entry, examples=()) for entry in seed]
    held_out = Engine.build([*national, *bare])
    print_table(held_out, "seed examples, held out", example_questions(seed))
    return 0


def national_entries(known: set[str]) -> list[Entry]:
    """Return the national catalogue without the codes we wrote ourselves."""
    path = SHARED / "national_catalogue_2026-07.jsonl.gz"
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        rows = [json.loads(line) for line in lines]
    return [
        Entry(
            row["ma_thu_tuc"],
            row["ten_thu_tuc"],
            field=row["linh_vuc"] or "",
            commune="cấp xã" in row["cap_thuc_hien"].lower(),
        )
        for row in rows
        if row["ma_thu_tuc"] not in known
    ]


def seed_entries() -> list[Entry]:
    """Return the entries of our own catalogue, none when it is not there yet."""
    found: dict[str, Entry] = {}
    for path in sorted((ROOT / "messages" / "catalogue").glob("*.yml")):
        for item in yaml.safe_load(path.read_text("utf-8")) or ():
            found[item["code"]] = seed_entry(item)
    return list(found.values())


def seed_entry(item: Mapping[str, Any]) -> Entry:
    """Return one entry; the values are what YAML made of the file."""
    official = item.get("official_name")
    names = [official] if official and official != item["name"] else []
    return Entry(
        item["code"],
        item["name"],
        aliases=(*names, *(item.get("aliases") or ())),
        examples=tuple(item.get("examples") or ()),
        field=item["field"],
        commune="xa" in item["levels"],
        prior=1.0 if item.get("core") else 0.0,
    )


def questions(path: Path) -> list[Asked]:
    """Return the questions of a file of JSON lines with ``q`` and ``gold``."""
    return [
        Asked(one.text, one.needs[:1]) for one in read_all([path]).asked if one.gold
    ]


def example_questions(seed: Iterable[Entry]) -> list[Asked]:
    """Return the example questions of the catalogue, each with its code."""
    return [Asked(text, ((entry.code,),)) for entry in seed for text in entry.examples]


def build_measured(entries: Sequence[Entry]) -> Engine:
    """Return the engine and print what building it cost."""
    process = psutil.Process()
    gc.collect()
    before, start = process.memory_info().rss, perf_counter()
    engine = Engine.build(entries)
    seconds = perf_counter() - start
    gc.collect()
    added = (process.memory_info().rss - before) / 2**20
    print(f"{len(entries)} entries: built in {seconds:.2f} s, {added:.0f} MiB added")
    return engine


def print_table(engine: Engine, name: str, asked: Sequence[Asked]) -> None:
    """Print the results as typed, folded and with typing mistakes."""
    print(f"\n{name}: {len(asked)} questions")
    print("variant   acc@1 acc@3  answer  ask  elsew  refuse chat  prec   p50   p99 ms")
    variants: dict[str, Callable[[str], str]] = {
        "as typed": str,
        "folded": folded,
        "typos": lambda text: with_typos(text, SEED),
    }
    for title, change in variants.items():
        changed = Questions(tuple(Asked(change(a.text), a.needs) for a in asked))
        report = measure(engine, changed, engine.twins)
        r = report.procedures
        shares = (
            *(r.first, r.third),
            *(r.answered, r.offered, r.sent_on, r.refused, r.chatted),
            r.precision,
        )
        row = " ".join(f"{100 * (share or 0.0):6.1f}" for share in shares)
        print(f"{title:9}{row} {report.p50_ms or 0:5.2f} {report.p99_ms or 0:5.2f}")


def print_outside(engine: Engine) -> None:
    """Print how often matters of others and talk are recognised."""
    foreign = json_lines(OURS / "elsewhere.jsonl")
    kept = (Decision.ELSEWHERE, Decision.UNKNOWN)
    caught = sum(engine.parse(row["q"]).decision in kept for row in foreign)
    talk = json_lines(OURS / "chat.jsonl")
    for title, change in (("as typed", str), ("folded", folded)):
        right = sum(engine.parse(change(r["q"])).intent == r["intent"] for r in talk)
        print(f"intents {title}: {right} of {len(talk)} right")
    print(f"matters of others: {caught} of {len(foreign)} not taken for ours")


def json_lines(path: Path) -> list[dict[str, str]]:
    """Return the objects of a file of JSON lines."""
    return [json.loads(line) for line in path.read_text("utf-8").splitlines()]


if __name__ == "__main__":
    sys.exit(main())
