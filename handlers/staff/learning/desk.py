"""What does every job of learning work with, and how is it proved?"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection

from handlers.model import Tag
from handlers.staff.learning.errors import LearningError
from handlers.staff.people.model import CODE
from handlers.staff.proof import proof
from storage.database import Database
from storage.evidence import Entry
from storage.ids import Ids
from storage.keys import UnitKeys
from storage.vault import Vault

Kept = Callable[[Connection, Sequence[Mapping[str, Any]]], frozenset[str]]
"""Returns the ids of candidates (rows) that belong to a matter kept from somebody."""


@dataclass(frozen=True, slots=True)
class Desk:
    """One unit, and the person of the commune who works: a code, never a name."""

    database: Database
    unit_id: str
    keys: UnitKeys
    ids: Ids
    now_ms: Callable[[], int]
    by: str
    kept: Kept | None = None
    """Which candidates this reader may not see; None where nothing is kept back."""

    def __post_init__(self) -> None:
        """Refuse anything that the log must not hold."""
        if not CODE.fullmatch(self.by):
            raise LearningError(
                "Mã cán bộ chỉ gồm chữ không dấu, số và các dấu . _ -",
                "Ví dụ: --by canbo01",
            )

    @property
    def vault(self) -> Vault:
        """The vault of the unit."""
        return Vault(self.unit_id, self.keys)

    def proof(self, tag: Tag, subject: str, **data: str | int | bool) -> Entry:
        """Return the evidence of one job: codes and numbers only."""
        return proof(self, tag, subject, "", **data)
