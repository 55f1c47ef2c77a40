"""What could the best imaginable language model add to our reader, and what is asked?

    .venv/bin/python -m benchmarks.ai_ceiling              # the regression half
    .venv/bin/python -m benchmarks.ai_ceiling dev

No model is needed: every question goes through the real stage to a client that always
says "none of these", and it is counted how often the right procedure was on the list.
"""

from __future__ import annotations

import asyncio
import sys
from collections import Counter
from collections.abc import Callable, Mapping
from pathlib import Path

from benchmarks.nlu_accuracy import seed_entries
from nlu.ai.budget import Budget, Caps
from nlu.ai.envelope import Reply
from nlu.ai.link import AiLink
from nlu.ai.lookup import EngineLookup
from nlu.ai.prompt import Prompt
from nlu.ai.stage import AiStage
from nlu.ai.use import Purpose, Result
from nlu.engine import Engine
from nlu.measure.questions import Asked, read_all
from nlu.phrases import unlisted
from nlu.variants import folded

QUESTIONS = Path(__file__).resolve().parents[1] / "nlu" / "questions"
VARIANTS: Mapping[str, Callable[[str], str]] = {"typed": str, "folded": folded}
BUTTONS = 3


class Nobody:
    """A model that never chooses."""

    model = "nobody"

    async def ask(self, prompt: Prompt) -> Reply | Result:
        """Return an empty choice, whichever is asked for."""
        return Reply('{"order": []}' if "thu_tuc" in prompt.user else '{"search": ""}')


class Endless:
    """A ledger without an end."""

    async def take(self, day: str, tokens: int, caps: Caps) -> bool:
        """Allow it."""
        del day, tokens, caps
        return True

    async def settle(self, day: str, tokens: int) -> None:
        """Forget it."""


class Table:
    """Counts over one way of typing."""

    def __init__(self, engine: Engine, lookup: EngineLookup) -> None:
        self.counts: Counter[str] = Counter()
        self._engine = engine
        self._lookup = lookup
        budget = Budget(Endless(), Caps(1, 1), lambda: "")
        link = AiLink(Nobody(), lambda: 0.0, self._count)
        self._stage = AiStage(link, lookup, budget, tuple(Purpose))

    async def add(self, asked: Asked, text: str) -> None:
        """Let one question go its way."""
        found = await self._stage.ahead(self._engine, text)
        self.counts["questions"] += 1
        if found.used is None:
            return
        self.counts[f"asked to {found.used.purpose}"] += 1
        if not asked.is_procedure or not asked.gold:
            return
        gold = {twin for code in asked.gold for twin in self._codes(code)}
        shown = [one.code for one in found.reading.candidates]
        ten = self._lookup.best(text, found.reading.candidates)
        self.counts["… with a procedure"] += 1
        self.counts["… right one first"] += bool(gold & set(shown[:1]))
        self.counts["… among the buttons"] += bool(gold & set(shown[:BUTTONS]))
        self.counts["… among the ten"] += bool(
            gold & {choice.candidate.code for choice in ten}
        )

    def _codes(self, code: str) -> tuple[str, ...]:
        return (code, *self._engine.twins(code))

    def _count(self, result: Result, tokens: int) -> None:
        self.counts[f"stage: {result}"] += 1
        self.counts["most tokens"] = max(self.counts["most tokens"], tokens)


async def main() -> int:
    """Print the counts of each way of typing."""
    half = sys.argv[1] if len(sys.argv) > 1 else "regression"
    seed = seed_entries()
    entries = [*seed, *unlisted(seed)]
    engine = Engine.build(entries)
    lookup = EngineLookup(engine, entries)
    for title, change in VARIANTS.items():
        table = Table(engine, lookup)
        for asked in read_all([QUESTIONS / half]).asked:
            await table.add(asked, change(asked.text))
        print(f"{half}, {title}")
        for name, number in table.counts.items():
            print(f"  {name:24} {number:5}")
    return 0


if __name__ == "__main__":
    sys.exit(asyncio.run(main()))
