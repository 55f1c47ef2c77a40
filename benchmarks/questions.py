"""Are citizens' questions answered rightly, through the real webhooks?

    .venv/bin/python -m benchmarks.questions

Imports the whole national catalogue into a fresh installation, asks every question
as a signed webhook of a citizen of its own, as typed, without accents and with
typing mistakes, and reads from the evidence what was understood.
"""

from __future__ import annotations

import asyncio
import json
import os
import tempfile
from collections import Counter
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import aiohttp

from bot.config import load_config
from bot.installation import open_installation, read_ring
from bot.sandbox.webhook import zalo_event
from handlers.staff.catalogue.effective import UnitCatalogue, load
from nlu.variants import folded, with_typos
from tests.bot.kill_harness import UNIT, Rig, free_port, rows, settled, spawn

SHARED = Path(__file__).parent.parent.parent / "shared" / "data"
OWN = Path(__file__).parent.parent / "tests" / "nlu" / "data" / "colloquial.jsonl"
CATALOGUE = SHARED / "national_catalogue_2026-07.jsonl.gz"
SETS = {"formal": SHARED / "legalrag_questions.jsonl", "colloquial": OWN}
IN_FLIGHT = 32


async def main() -> None:
    """Ask everything and print a table."""
    with tempfile.TemporaryDirectory(dir=os.environ.get("BENCH_DIR")) as folder:
        rig = Rig(Path(folder), free_port(), free_port())
        try:
            await rig.start_sandbox()
            await rig.prepare()
            await _import(rig)
            await rig.start_service()
            for name, path in SETS.items():
                await _set(rig, name, _questions(path))
        finally:
            await rig.close()


async def _import(rig: Rig) -> None:
    process = await spawn(
        "bot", "catalogue", "import", str(CATALOGUE), "--config", str(rig.config_path)
    )
    assert await process.wait() == 0


def _questions(path: Path) -> list[tuple[str, list[str]]]:
    lines = path.read_text(encoding="utf-8").splitlines()
    return [(item["q"], item["gold"]) for item in map(json.loads, lines)]


async def _set(rig: Rig, name: str, questions: list[tuple[str, list[str]]]) -> None:
    variants = {
        "as typed": [q for q, _ in questions],
        "folded": [folded(q) for q, _ in questions],
        "typos": [with_typos(q, seed) for seed, (q, _) in enumerate(questions)],
    }
    golds = [gold for _, gold in questions]
    config = load_config(rig.config_path)
    async with open_installation(config) as opened:
        catalogue = await opened.database.read(lambda c: load(c, UNIT))
    for variant, texts in variants.items():
        label = f"{name}-{variant}".replace(" ", "")
        await _ask(rig, label, texts)
        await settled(rig)
        _report(f"{name}, {variant}", _read(rig, label, len(texts)), golds, catalogue)


async def _ask(rig: Rig, label: str, texts: Iterable[str]) -> None:
    gate = asyncio.Semaphore(IN_FLIGHT)
    async with aiohttp.ClientSession() as session:

        async def one(number: int, text: str) -> None:
            user = str(9_200_000_000_000_000 + abs(hash((label, number))) % 10**12)
            request = zalo_event(
                rig.platforms(), user, text, message_id=f"{label}-{number}"
            )
            async with (
                gate,
                session.post(
                    rig.service_url + request.path,
                    data=request.body,
                    headers=request.headers,
                ) as response,
            ):
                assert response.status == 200

        await asyncio.gather(*(one(n, text) for n, text in enumerate(texts)))


def _read(rig: Rig, label: str, number: int) -> list[dict[str, Any]]:
    keys = read_ring(load_config(rig.config_path)).unit(UNIT)
    events = {
        r["dedupe"]: r["event_id"] for r in rows(rig, "SELECT * FROM inbox_event")
    }
    query = (
        "SELECT subject, leaf FROM evidence_entry WHERE tag = 'bot:message:understood'"
    )
    leaves = {r["subject"]: json.loads(r["leaf"])["data"] for r in rows(rig, query)}
    found = []
    for n in range(number):
        event_id = events[keys.mac("event:zalo", f"{label}-{n}")]
        found.append(leaves[event_id])
    return found


def _report(
    title: str,
    readings: list[dict[str, Any]],
    golds: list[list[str]],
    catalogue: UnitCatalogue,
) -> None:
    first = third = right_direct = tap = 0
    decisions: Counter[str] = Counter()
    for reading, gold in zip(readings, golds, strict=True):
        wanted = _resolved(gold, catalogue)
        codes = [code for code in reading.get("codes", "").split(",") if code]
        is_first = bool(codes) and codes[0] in wanted
        is_third = any(code in wanted for code in codes[:3])
        decision = reading.get("decision", "chat")
        decisions[decision] += 1
        first += is_first
        third += is_third
        right_direct += decision == "answer" and is_first
        tap += is_first if decision == "answer" else decision == "ask" and is_third
    total = len(readings)
    answered = decisions["answer"]
    refused = total - answered - decisions["ask"]
    print(
        f"{title}: n {total}, acc@1 {first / total:.1%}, acc@3 {third / total:.1%},"
        f" answered {answered / total:.1%} (right"
        f" {right_direct / answered if answered else 0:.1%}),"
        f" asked back {decisions['ask'] / total:.1%}, refused {refused / total:.1%},"
        f" within one tap {tap / total:.1%}"
    )


def _resolved(gold: list[str], catalogue: UnitCatalogue) -> set[str]:
    found = (catalogue.get(code) for code in gold)
    return set(gold) | {procedure.code for procedure in found if procedure}


if __name__ == "__main__":
    asyncio.run(main())
