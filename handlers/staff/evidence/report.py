"""What did a check find? Faults by name and place, and what it could not check."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

MOST = 50
"""Faults told one by one; the rest is a number."""


@dataclass(slots=True)
class Report:
    """The result; ``entries`` stand in the log, ``waiting`` come in next."""

    entries: int = 0
    root: str = ""
    waiting: int = 0
    faults: list[str] = field(default_factory=list)
    unchecked: list[str] = field(default_factory=list)
    number: int = 0

    @property
    def is_ok(self) -> bool:
        """Whether nothing at all is wrong."""
        return not self.number

    def fault(self, text: str) -> None:
        """Note what is wrong, one sentence with the place."""
        self.number += 1
        if len(self.faults) < MOST:
            self.faults.append(text)

    def mapping(self) -> dict[str, Any]:
        """Return what ``--json`` prints."""
        return {
            "ok": self.is_ok,
            "entries": self.entries,
            "root": self.root,
            "waiting": self.waiting,
            "faults": self.faults,
            "more_faults": self.number - len(self.faults),
            "unchecked": self.unchecked,
        }
