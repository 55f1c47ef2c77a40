"""Which rules are there, and which version was the law on a day?

The facts are ``scheduler/data/sla.yml``; a commune may replace a rule, its own promises
above all, by a record with the same code.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from itertools import pairwise
from typing import Any, Final

from scheduler import resources
from scheduler.deadlines.rule import (
    Extension,
    Goal,
    Mode,
    PauseReason,
    Rule,
    Step,
    Term,
    Unit,
)
from scheduler.errors import BadDataError, NotInForceError, UnknownRuleError

VALIDITY: Final = frozenset({"valid_from", "valid_to"})
TERM: Final = frozenset({"amount", "unit"})
RULE: Final = (
    VALIDITY
    | TERM
    | frozenset(
        {"code", "kind", "name", "start", "step", "basis", "before", "promise"}
        | {"verified", "note", "extensions", "steps", "pauses"}
    )
)
STEP: Final = TERM | {"step", "name", "basis", "promise"}
EXTENSION: Final = TERM | {"code", "name", "mode", "times"}
PAUSE: Final = VALIDITY | {"code", "name", "basis"}


@dataclass(frozen=True, slots=True)
class RuleBook:
    """All versions of all rules, by code, the oldest first."""

    versions: Mapping[str, tuple[Rule, ...]]

    def codes(self) -> tuple[str, ...]:
        """Return the codes in the order of the file."""
        return tuple(self.versions)

    def rule(self, code: str, day: date) -> Rule:
        """Return the version in force on a day, that of receipt.

        Raises UnknownRuleError, NotInForceError.
        """
        if code not in self.versions:
            raise UnknownRuleError(code)
        for version in self.versions[code]:
            if version.is_in_force(day):
                return version
        raise NotInForceError(f"{code}, {day:%d/%m/%Y}")


@cache
def shipped() -> RuleBook:
    """Return the rules that ship with the service, one object a process."""
    return read(())


def read(own: Iterable[Any]) -> RuleBook:
    """Return the shipped rules, those of a commune in place of the same codes.

    Raises BadDataError naming the rule: a missing or unknown key, a bad number or date,
    two versions of one rule that are in force together.
    """
    theirs = _group(resources.records(resources.load("sla"), "sla", RULE))
    ours = _group(resources.records(list(own), "deadlines", RULE))
    return RuleBook({**theirs, **ours})


def _group(records: Iterable[Any]) -> dict[str, tuple[Rule, ...]]:
    found: dict[str, list[Rule]] = {}
    for rule in map(_rule, records):
        found.setdefault(rule.code, []).append(rule)
    for code, versions in found.items():
        versions.sort(key=lambda rule: rule.valid_from or date.min)
        for earlier, later in pairwise(versions):
            if earlier.valid_to is None or later.is_in_force(earlier.valid_to):
                raise BadDataError(f"{code}: valid_from, valid_to")
    return {code: tuple(versions) for code, versions in found.items()}


def _rule(record: Any) -> Rule:
    code = str(record.get("code"))
    try:
        return Rule(
            code=code,
            kind=str(record["kind"]),
            name=str(record["name"]),
            start=str(record["start"]),
            last=_step(record, str(record["basis"])),
            steps=_steps(record, code),
            is_before=record.get("before") is True,
            valid_from=_date(record, "valid_from"),
            valid_to=_date(record, "valid_to"),
            verified=record.get("verified", True) is True,
            note=str(record.get("note", "")),
            extensions=_extensions(record, code),
            pauses=_pauses(record, code),
        )
    except (KeyError, ValueError, TypeError) as error:
        raise BadDataError(f"{code}: {error}") from error


def _step(record: Any, basis: str) -> Step:
    return Step(
        goal=Goal(record["step"]),
        name=str(record["name"]),
        term=_term(record),
        basis=basis,
        promise=record.get("promise") is True,
    )


def _steps(record: Any, code: str) -> tuple[Step, ...]:
    found = resources.records(record.get("steps", []), code, STEP)
    return tuple(_step(one, str(one.get("basis", record["basis"]))) for one in found)


def _term(record: Any) -> Term:
    amount = record["amount"]
    if type(amount) is not int or amount < 1:
        raise ValueError(str(amount))
    return Term(amount, Unit(record["unit"]))


def _extensions(record: Any, code: str) -> tuple[Extension, ...]:
    return tuple(
        Extension(
            code=str(one["code"]),
            name=str(one["name"]),
            mode=Mode(one["mode"]),
            term=_term(one),
            times=int(one.get("times", 1)),
        )
        for one in resources.records(record.get("extensions", []), code, EXTENSION)
    )


def _pauses(record: Any, code: str) -> tuple[PauseReason, ...]:
    return tuple(
        PauseReason(
            code=str(one["code"]),
            name=str(one["name"]),
            basis=str(one["basis"]),
            valid_from=_date(one, "valid_from"),
            valid_to=_date(one, "valid_to"),
        )
        for one in resources.records(record.get("pauses", []), code, PAUSE)
    )


def _date(record: Any, key: str) -> date | None:
    return resources.day(record[key], key) if key in record else None
