"""What is an import made of? Rows of fields, rows refused, a plan and a report."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

Fields = Mapping[str, Any]
"""Some or all fields of a Procedure, in JSON values; never mutated."""


class Layer(StrEnum):
    """Where a fact comes from; a later layer stands above an earlier one."""

    BASE = "base"
    NATIONAL = "national"
    COMMUNE = "commune"


@dataclass(frozen=True, slots=True)
class Row:
    """One readable row; ``number`` is its line, row or position, from 1."""

    number: int
    fields: Fields

    @property
    def code(self) -> str:
        """The code of the procedure."""
        return str(self.fields["code"])


@dataclass(frozen=True, slots=True)
class Rejection:
    """One refused row and why, in Vietnamese; ``code`` is empty when unknown."""

    number: int
    code: str
    reason: str


@dataclass(frozen=True, slots=True)
class Batch:
    """What a file says. ``is_portal``: it has the national portal's shape."""

    source: str
    rows: tuple[Row, ...] = ()
    rejections: tuple[Rejection, ...] = ()
    ignored_columns: tuple[str, ...] = ()
    is_portal: bool = False


@dataclass(frozen=True, slots=True)
class Report:
    """What an import does to a layer; ``import_id`` is None when nothing changed."""

    unit_id: str
    layer: Layer
    source: str
    added: tuple[str, ...] = ()
    changed: tuple[str, ...] = ()
    unchanged: int = 0
    removed: tuple[str, ...] = ()
    rejections: tuple[Rejection, ...] = ()
    ignored_columns: tuple[str, ...] = ()
    import_id: str | None = None

    @property
    def has_changes(self) -> bool:
        """Whether a new version is needed."""
        return bool(self.added or self.changed or self.removed)

    def counts(self) -> dict[str, int]:
        """The five numbers, as the evidence log and the version keep them."""
        return {
            "added": len(self.added),
            "changed": len(self.changed),
            "unchanged": self.unchanged,
            "removed": len(self.removed),
            "rejected": len(self.rejections),
        }


@dataclass(frozen=True, slots=True)
class Plan:
    """An import worked out and not yet written.

    ``listing`` is code -> hash of the whole layer afterwards; ``documents`` is
    hash -> text of what is new; ``head`` is the import it was compared with.
    """

    report: Report
    listing: Mapping[str, str]
    documents: Mapping[str, str]
    head: str | None


def canonical(fields: Fields) -> str:
    """Return the one JSON text of these fields."""
    return json.dumps(fields, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def digest(text: str) -> str:
    """Return the SHA-256 (hex) by which a text is kept."""
    return hashlib.sha256(text.encode()).hexdigest()
