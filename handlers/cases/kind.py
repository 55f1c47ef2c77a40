"""Which kinds of case are there, and what does each allow? Read from data/kinds.yml."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from handlers.cases.case import Goal, State
from handlers.cases.errors import BadKindsError, UnknownKindError

FOLDER = Path(__file__).parent / "data"
KEYS = frozenset(
    {"code", "letters", "name", "office", "basis", "clocks", "in_chat", "guidance"}
    | {"sealed", "roles", "approval", "pauses", "requires", "also"}
)


@dataclass(frozen=True, slots=True)
class Basis:
    """What the law says about a kind, in force between two days (None: open)."""

    text: str
    valid_from: date | None = None
    valid_to: date | None = None

    def is_in_force(self, day: date) -> bool:
        """Whether it is the law on a local day."""
        is_begun = self.valid_from is None or self.valid_from <= day
        return is_begun and (self.valid_to is None or day <= self.valid_to)


@dataclass(frozen=True, slots=True)
class ClockRule:
    """A clock of a kind: the rule that gives its term, and which step of it."""

    goal: Goal
    rule: str
    step: str = ""


@dataclass(frozen=True, slots=True)
class CaseKind:
    """One kind. ``roles`` may see it; ``also`` adds states in which a step may be made.

    ``is_guidance``: never a case to handle, only a record that guidance was given.
    """

    code: str
    letters: str
    name: str
    office: str
    basis: tuple[Basis, ...]
    clocks: tuple[ClockRule, ...]
    in_chat: bool
    is_guidance: bool
    is_sealed: bool
    roles: frozenset[str]
    needs_approval: bool
    pauses: frozenset[str]
    requires: tuple[str, ...]
    also: Mapping[str, frozenset[State]]

    def basis_on(self, day: date) -> str:
        """Return the basis in force on a local day, "" when there was none."""
        return "; ".join(one.text for one in self.basis if one.is_in_force(day))

    def may_be_seen_by(self, roles: Iterable[str]) -> bool:
        """Whether one of these roles may see cases of this kind."""
        return not self.roles.isdisjoint(roles)


@dataclass(frozen=True, slots=True)
class Kinds:
    """All kinds, by code."""

    by_code: Mapping[str, CaseKind]

    def get(self, code: str) -> CaseKind:
        """Return a kind; raises UnknownKindError."""
        try:
            return self.by_code[code]
        except KeyError:
            raise UnknownKindError(code[:40]) from None

    def __iter__(self) -> Iterator[CaseKind]:
        return iter(self.by_code.values())

    @property
    def letters(self) -> frozenset[str]:
        """The first letters of codes that citizens are told."""
        return frozenset(kind.letters for kind in self if not kind.is_guidance)

    def listed(self, roles: Iterable[str] | None = None) -> tuple[str, ...]:
        """Return the kinds that staff lists show; sealed ones never, whoever asks.

        ``roles`` None: whoever works at the command line of the installation.
        """
        return tuple(
            kind.code
            for kind in self
            if not kind.is_sealed and (roles is None or kind.may_be_seen_by(roles))
        )


@cache
def shipped() -> Kinds:
    """Return the kinds that ship with the service."""
    return read(yaml.safe_load((FOLDER / "kinds.yml").read_text(encoding="utf-8")))


@cache
def promises() -> tuple[Mapping[str, Any], ...]:
    """Return the commune's own promises, records of the shape of the deadline rules."""
    return tuple(yaml.safe_load((FOLDER / "promises.yml").read_text(encoding="utf-8")))


def read(records: Any) -> Kinds:
    """Return kinds from records; raises BadKindsError naming what is wrong."""
    if not isinstance(records, list):
        raise BadKindsError
    found: dict[str, CaseKind] = {}
    for record in records:
        kind = _kind(record)
        if kind.code in found:
            raise BadKindsError(kind.code)
        found[kind.code] = kind
    return Kinds(found)


def _kind(record: Any) -> CaseKind:
    code = str(record.get("code", "?")) if isinstance(record, Mapping) else "?"
    try:
        if strangers := sorted(record.keys() - KEYS):
            raise ValueError(", ".join(strangers))  # noqa: TRY301  one way out for all
        return _checked(_read(record))
    except (KeyError, ValueError, TypeError, AttributeError) as error:
        raise BadKindsError(f"{code}: {error}") from error


def _read(record: Any) -> CaseKind:
    return CaseKind(
        code=str(record["code"]),
        letters=str(record["letters"]),
        name=str(record["name"]),
        office=str(record["office"]),
        basis=tuple(_basis(one) for one in record["basis"]),
        clocks=tuple(
            ClockRule(Goal(one["goal"]), str(one["rule"]), str(one.get("step", "")))
            for one in record.get("clocks", [])
        ),
        in_chat=record.get("in_chat") is True,
        is_guidance=record.get("guidance") is True,
        is_sealed=record.get("sealed") is True,
        roles=frozenset(map(str, record["roles"])),
        needs_approval=record.get("approval") is True,
        pauses=frozenset(map(str, record.get("pauses", []))),
        requires=tuple(map(str, record["requires"])),
        also={
            str(name): frozenset(map(State, states))
            for name, states in record.get("also", {}).items()
        },
    )


def _checked(kind: CaseKind) -> CaseKind:
    """A kind to handle has an answer's clock; one of guidance has none and no chat."""
    has_answer = Goal.ANSWER in {clock.goal for clock in kind.clocks}
    if kind.is_guidance and (kind.clocks or kind.in_chat):
        raise ValueError("guidance")
    if not kind.is_guidance and not has_answer:
        raise ValueError("clocks")
    if len(kind.letters) != 2 or not kind.letters.isupper() or not kind.roles:  # noqa: PLR2004  a code begins with two letters
        raise ValueError("letters, roles")
    return kind


def _basis(one: Any) -> Basis:
    return Basis(str(one["text"]), _day(one, "valid_from"), _day(one, "valid_to"))


def _day(one: Any, key: str) -> date | None:
    return date.fromisoformat(str(one[key])) if key in one else None
