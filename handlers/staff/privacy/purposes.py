"""What may data be used for, and how is each use agreed to? Data, read once.

The law's age of a child stands with them (Luật 91/2025/QH15 Điều 24).
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from handlers.staff.privacy.errors import BadPurposesError

FILE = Path(__file__).parent / "data" / "purposes.yml"
LONGEST_CODE = 24


class Basis(StrEnum):
    """Why data may be used at all."""

    CONSENT = "consent"
    LAW = "law"


class Asked(StrEnum):
    """Where people are asked."""

    NOTICE = "notice"
    APART = "apart"


class Minors(StrEnum):
    """What holds for a minor."""

    GUARDIAN = "guardian"
    NEVER = "never"
    LAW = "law"


@dataclass(frozen=True, slots=True)
class Purpose:
    """One use of data; ``name`` completes "để ..."."""

    code: str
    name: str
    basis: Basis
    asked: Asked
    minors: Minors
    is_sensitive: bool = False

    @property
    def can_be_withdrawn(self) -> bool:
        """Whether it rests on consent alone."""
        return self.basis is Basis.CONSENT


@dataclass(frozen=True, slots=True)
class Purposes:
    """All uses, in the order in which they are told; ``minor_under`` is in years."""

    all: tuple[Purpose, ...]
    minor_under: int

    def get(self, code: str) -> Purpose | None:
        """Return a purpose, None for one nobody knows."""
        return next((one for one in self.all if one.code == code), None)

    def of_notice(self, *, is_minor: bool = False) -> tuple[Purpose, ...]:
        """Return what the first notice asks for; of a minor only what may be."""
        return tuple(
            one
            for one in self.all
            if one.asked is Asked.NOTICE
            and one.can_be_withdrawn
            and not (is_minor and one.minors is Minors.NEVER)
        )


@cache
def purposes() -> Purposes:
    """Return the purposes that ship with the service."""
    return read_purposes(FILE)


def read_purposes(path: Path) -> Purposes:
    """Read purposes from YAML; raises BadPurposesError."""
    try:
        value = yaml.safe_load(path.read_text(encoding="utf-8"))
        found = tuple(_purpose(raw) for raw in value["purposes"])
        under = int(value["minor_under"])
    except (OSError, ValueError, KeyError, TypeError, yaml.YAMLError) as error:
        raise BadPurposesError from error
    if len({one.code for one in found}) != len(found):
        raise BadPurposesError
    return Purposes(found, under)


def _purpose(raw: Any) -> Purpose:
    code = str(raw["code"])
    if not 0 < len(code) <= LONGEST_CODE:
        raise ValueError(code)
    return Purpose(
        code=code,
        name=str(raw["name"]),
        basis=Basis(raw["basis"]),
        asked=Asked(raw["asked"]),
        minors=Minors(raw["minors"]),
        is_sensitive=raw.get("sensitive") is True,
    )
