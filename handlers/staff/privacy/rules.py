"""How long is each group of data kept? Rules are data, a commune may have its own."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from handlers.staff.privacy.errors import BadRulesError
from storage.retention import Group

SHIPPED = Path(__file__).parent / "data" / "retention.yml"
FIELDS = frozenset({"code", "group", "days", "name", "why"})
FEWEST_DAYS = 30
"""A slip of the pen must not erase people who wrote last week."""
DAY_MS = 86_400_000


@dataclass(frozen=True, slots=True)
class Rule:
    """A group of data, how many days it is kept, and why."""

    code: str
    group: Group
    days: int
    name: str
    why: str

    def before(self, now: int) -> int:
        """Return the time (UTC ms) before which what is quiet is over."""
        return now - self.days * DAY_MS


def read_rules(path: Path = SHIPPED) -> tuple[Rule, ...]:
    """Read rules from YAML; raises BadRulesError."""
    try:
        value = yaml.safe_load(path.read_text(encoding="utf-8"))
        found = tuple(_rule(raw) for raw in value["rules"])
    except (OSError, ValueError, KeyError, TypeError, yaml.YAMLError) as error:
        raise BadRulesError from error
    codes = {rule.code for rule in found}
    if len(codes) != len(found):
        raise BadRulesError
    return found


def _rule(raw: Any) -> Rule:
    if raw.keys() != FIELDS or type(raw["days"]) is not int:
        raise BadRulesError
    if raw["days"] < FEWEST_DAYS:
        raise BadRulesError
    group = Group(raw["group"])
    name, why = str(raw["name"]), str(raw["why"])
    return Rule(str(raw["code"]), group, raw["days"], name, why)
