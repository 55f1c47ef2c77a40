"""Among which procedures may a language model choose? The best ten of our search."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np

from nlu.decoys import DECOY
from nlu.engine import Engine
from nlu.model import Candidate, Entry

MOST = 10


@dataclass(frozen=True, slots=True)
class Choice:
    """A procedure of the catalogue: its code and score, and its official name."""

    candidate: Candidate
    name: str


class Lookup(Protocol):
    """Searches the catalogue deeper than a reading shows."""

    def best(self, text: str, shown: Sequence[Candidate]) -> tuple[Choice, ...]:
        """Return at most ten procedures, those already shown first."""
        ...

    def name(self, code: str) -> str:
        """Return the name of a procedure, "" for an unknown code."""
        ...


class EngineLookup:
    """Looks into our engine; ``entries`` are those it was built with.

    A local embedder would stand here as another Lookup (docs/adr/0013).
    """

    def __init__(self, engine: Engine, entries: Sequence[Entry]) -> None:
        self._engine = engine
        self._names = {entry.code: entry.name for entry in entries}

    def best(self, text: str, shown: Sequence[Candidate]) -> tuple[Choice, ...]:
        """Return at most ten procedures, those already shown first."""
        found: dict[str, Choice] = {}
        for one in (*shown, *self._searched(text)):
            name = self.name(one.code)
            if name:
                found.setdefault(one.code, Choice(one, name))
        return tuple(found.values())[:MOST]

    def name(self, code: str) -> str:
        """Return the name of a procedure, "" for an unknown code."""
        return self._names.get(code, "")

    def _searched(self, text: str) -> list[Candidate]:
        looked = self._engine.look(text)
        if looked is None:
            return []
        shares = looked[1].probabilities
        order = np.argsort(-shares, kind="stable")
        found: list[Candidate] = []
        for group in map(int, order):
            code = self._engine.code_of(group)
            if not code.startswith(DECOY):
                found.append(Candidate(code, round(float(shares[group]), 4)))
            if len(found) == MOST:
                break
        return found
