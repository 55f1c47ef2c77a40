"""What does the clock need to know of one unit?"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Protocol

from handlers.cases.kind import Kinds, shipped
from scheduler.escalation.chain import Chains
from scheduler.escalation.chain import shipped as shipped_chains
from scheduler.escalation.work_time import WorkTime
from storage.keys import UnitKeys


class Sentences(Protocol):
    """The commune's sentences (see handlers.ports.Words)."""

    def say(self, key: str, **values: object) -> str:
        """Return the sentence with that key, filled with the values."""
        ...


@dataclass(frozen=True, slots=True)
class Office:
    """One unit: its keys, working time, sentences, and the channels it staffs."""

    unit_id: str
    keys: UnitKeys
    work: WorkTime
    words: Sentences
    channels: tuple[str, ...] = ()
    kinds: Kinds = field(default_factory=shipped)
    chains: Chains = field(default_factory=shipped_chains)


Offices = Mapping[str, Office]
