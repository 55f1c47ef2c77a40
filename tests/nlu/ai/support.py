"""What do the tests of reading with a model share? Readings, choices, a stage."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace

from nlu.ai.budget import Budget, Caps
from nlu.ai.link import AiLink, Client
from nlu.ai.lookup import Choice, EngineLookup
from nlu.ai.stage import AiStage
from nlu.ai.use import Purpose, Result
from nlu.engine import Engine
from nlu.model import Candidate, Decision, Facet, Intent, Memory, Understanding
from nlu.ports import Reader
from tests.conftest import FakeClock
from tests.nlu.ai.fake import Book
from tests.nlu.support import entries

MARRIAGE, AGAIN, SINGLE = "1.000894", "1.004746", "1.004873"
HOUSE, LAND, SPLIT, SHOP = "1.013225", "1.115620", "1.115614", "1.001612"
DISABLED = "1.001699"
TODAY = "2026-11-23"
BOTH = (Purpose.RERANK, Purpose.REWRITE)
ASKED = "xin giấy tờ nhà"
"""Names no child, no illness, nobody."""


def reading(
    decision: Decision,
    *codes: str,
    intent: Intent = Intent.ASK_PROCEDURE,
    confidence: float = 0.3,
    text: str = ASKED,
) -> Understanding:
    """Return a reading as our engine may have made it."""
    candidates = tuple(Candidate(code, 0.4) for code in codes)
    facets = (Facet.FEE,)
    return Understanding(
        text, intent, facets, decision, candidates, confidence, True, False, 1.0
    )


def choices(*codes: str) -> tuple[Choice, ...]:
    """Return a list to choose from."""
    return tuple(Choice(Candidate(code, 0.1), f"thủ tục {code}") for code in codes)


def codes_of(found: Understanding) -> list[str]:
    """Return the codes of the candidates, best first."""
    return [candidate.code for candidate in found.candidates]


class Says:
    """A reader that reads some texts as told, and all others as the inner one."""

    def __init__(
        self, inner: Reader, said: Mapping[str, Understanding] | None = None
    ) -> None:
        self._inner = inner
        self._said = dict(said or {})
        self.read: list[tuple[str, Memory]] = []

    def parse(self, text: str, memory: Memory | None = None) -> Understanding:
        """Return the reading."""
        self.read.append((text, memory or Memory()))
        told = self._said.get(text)
        return replace(told, text=text) if told else self._inner.parse(text, memory)


class Counts:
    """Results and tokens, as told to the metrics."""

    def __init__(self) -> None:
        self.results: list[Result] = []
        self.tokens = 0

    def __call__(self, result: Result, tokens: int) -> None:
        """Count one."""
        self.results.append(result)
        self.tokens += tokens


def stage(
    engine: Engine,
    client: Client,
    clock: FakeClock,
    book: Book,
    *purposes: Purpose,
    caps: Caps | None = None,
    counted: Callable[[Result, int], None] | None = None,
) -> AiStage:
    """Return a stage over the small catalogue; for both purposes by default."""
    link = AiLink(client, lambda: clock.now_ms() / 1000, counted or Counts())
    budget = Budget(book, caps or Caps(100, 1_000_000), lambda: TODAY)
    lookup = EngineLookup(engine, entries())
    return AiStage(link, lookup, budget, purposes or BOTH)
