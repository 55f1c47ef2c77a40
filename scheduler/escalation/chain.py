"""Which steps does a kind of case have, and whom does each tell? Read from data.

A chain is frozen into a case when it begins: it is kept as canonical JSON under the
hash of its content, so a later release or another wish of the commune leaves the terms
of cases in hand alone.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from itertools import pairwise
from typing import Any, Final

from handlers.cases.case import Goal
from scheduler import resources
from scheduler.errors import BadDataError

RUNG: Final = frozenset({"name", "owner", "role", "title", "not_title"})
WHEN: Final = frozenset({"left_share", "before_days", "on_day", "at_end", "after_days"})
STEP: Final = WHEN | {"step", "tell"}
LONGEST_NAME: Final = 16


@dataclass(frozen=True, slots=True)
class Rung:
    """Who stands on one rung; ``is_owner``: who has the case, or is on duty."""

    name: str
    is_owner: bool = False
    role: str = ""
    title: str = ""
    not_title: str = ""


@dataclass(frozen=True, slots=True)
class Step:
    """When to tell, and which rungs. ``left_permille`` is a share of working time."""

    name: str
    rungs: tuple[str, ...]
    left_permille: int = 0
    before_days: int = 0
    on_day: bool = False
    at_end: bool = False
    after_days: int = 0


@dataclass(frozen=True, slots=True)
class Chain:
    """The steps of one kind by what a clock waits for, in the order of time."""

    kind: str
    steps: Mapping[Goal, tuple[Step, ...]] = field(default_factory=dict)

    def dump(self) -> bytes:
        """Return canonical JSON."""
        steps = {g.value: [_dumped(one) for one in s] for g, s in self.steps.items()}
        value = {"v": 1, "kind": self.kind, "steps": steps}
        return json.dumps(value, sort_keys=True, separators=(",", ":")).encode()

    @property
    def chain_id(self) -> str:
        """The hash of its content, 32 hex digits."""
        return hashlib.sha256(self.dump()).hexdigest()[:32]


def load(data: bytes) -> Chain:
    """Read a frozen chain."""
    return _loaded(bytes(data))


@cache
def _loaded(data: bytes) -> Chain:
    value = json.loads(data)
    steps = {
        Goal(goal): tuple(Step(**(one | {"rungs": tuple(one["rungs"])})) for one in s)
        for goal, s in value["steps"].items()
    }
    return Chain(value["kind"], steps)


@dataclass(frozen=True, slots=True)
class Chains:
    """The rungs from below, and the chain of each kind."""

    rungs: tuple[Rung, ...]
    default: Mapping[Goal, tuple[Step, ...]]
    own: Mapping[str, Mapping[Goal, tuple[Step, ...]]]

    def of(self, kind: str) -> Chain:
        """Return the chain that a case of this kind begins with."""
        return Chain(kind, {**self.default, **self.own.get(kind, {})})

    def above(self, name: str) -> tuple[Rung, ...]:
        """Return a rung and those above it; none for a rung that is not known."""
        names = [rung.name for rung in self.rungs]
        return self.rungs[names.index(name) :] if name in names else ()


@cache
def shipped() -> Chains:
    """Return what ``scheduler/data/escalation.yml`` says."""
    return read(resources.load("escalation"))


def read(facts: Any) -> Chains:
    """Return chains from records; raises BadDataError naming the place."""
    if not isinstance(facts, dict) or facts.keys() != {"rungs", "default", "kinds"}:
        raise BadDataError("escalation")
    rungs = tuple(_rungs(facts["rungs"]))
    names = [rung.name for rung in rungs]
    if len(set(names)) != len(names):
        raise BadDataError("escalation: rungs")
    default = _by_goal(facts["default"], names, "default")
    own = {
        str(kind): _by_goal(steps, names, str(kind))
        for kind, steps in facts["kinds"].items()
    }
    return Chains(rungs, default, own)


def _rungs(value: Any) -> Iterator[Rung]:
    for one in resources.records(value, "rungs", RUNG):
        rung = Rung(
            name=str(one.get("name", "")),
            is_owner=one.get("owner") is True,
            role=str(one.get("role", "")),
            title=str(one.get("title", "")),
            not_title=str(one.get("not_title", "")),
        )
        if not rung.name or rung.is_owner == bool(rung.role):
            raise BadDataError(f"rungs: {one}")
        yield rung


def _by_goal(
    value: Any, rungs: Sequence[str], where: str
) -> dict[Goal, tuple[Step, ...]]:
    if not isinstance(value, dict):
        raise BadDataError(where)
    found: dict[Goal, tuple[Step, ...]] = {}
    for name, records in value.items():
        place = f"{where}: {name}"
        try:
            goal = Goal(name)
        except ValueError as error:
            raise BadDataError(place) from error
        steps = tuple(
            _step(one, rungs, place) for one in resources.records(records, place, STEP)
        )
        _check_order(steps, place)
        found[goal] = steps
    return found


def _step(one: Any, rungs: Sequence[str], where: str) -> Step:
    name, tell = str(one.get("step", "")), one.get("tell")
    is_named = 0 < len(name) <= LONGEST_NAME and isinstance(tell, list) and bool(tell)
    if not is_named or not set(tell) <= set(rungs) or WHEN.isdisjoint(one):
        raise BadDataError(f"{where}: {one}")
    share = float(one.get("left_share", 0))
    if not 0 <= share < 1:
        raise BadDataError(f"{where}: {name}")
    return Step(
        name=name,
        rungs=tuple(str(rung) for rung in rungs if rung in tell),
        left_permille=round(share * 1000),
        before_days=int(one.get("before_days", 0)),
        on_day=one.get("on_day") is True,
        at_end=one.get("at_end") is True,
        after_days=int(one.get("after_days", 0)),
    )


def _check_order(steps: Sequence[Step], where: str) -> None:
    """A later step tells whoever the former told, so that one may stand for both."""
    names = [step.name for step in steps]
    if len(set(names)) != len(names):
        raise BadDataError(f"{where}: {names}")
    for before, after in pairwise(steps):
        if not set(before.rungs) <= set(after.rungs):
            raise BadDataError(f"{where}: {after.name}")


def _dumped(step: Step) -> dict[str, Any]:
    whole = {
        "name": step.name,
        "rungs": list(step.rungs),
        "left_permille": step.left_permille,
        "before_days": step.before_days,
        "on_day": step.on_day,
        "at_end": step.at_end,
        "after_days": step.after_days,
    }
    return {name: value for name, value in whole.items() if value}
