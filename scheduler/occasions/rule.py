"""At what hour is an occasion greeted, until when, and whom may it reach? (rules.yml)

No rule may reach into the night: the hours lie between 06:00 and 21:59, when the
platforms themselves take such messages (PLATFORMS.md 1.7).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import time
from enum import StrEnum
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Any, Final

import yaml

from scheduler.errors import BadDataError

FILE: Final = Path(__file__).with_name("rules.yml")
MORNING, NIGHT = time(6), time(21, 45)
KEYS: Final = frozenset({"at", "until", "reach", "audience"})
GROUPS_FILE: Final = Path(__file__).with_name("segments.yml")


class Reach(StrEnum):
    """Whom a greeting is for: people with an open talk, the public, or nobody."""

    PEOPLE = "people"
    PUBLIC = "public"
    OFF = "off"


@dataclass(frozen=True, slots=True)
class Rule:
    """Hours are local; nothing begins before ``at`` or after ``until``.

    ``audience``: codes of groups; () with reach people means everybody.
    """

    at: time
    until: time
    reach: Reach
    audience: tuple[str, ...] = ()


@cache
def groups() -> Mapping[str, str]:
    """Return the groups people may belong to: code -> name."""
    raw = yaml.safe_load(GROUPS_FILE.read_text(encoding="utf-8"))
    return MappingProxyType({str(code): str(name) for code, name in raw.items()})


@cache
def shipped() -> tuple[Rule, Mapping[str, Rule]]:
    """Return the rule of every other occasion, and the rules by code."""
    return read(yaml.safe_load(FILE.read_text(encoding="utf-8")))


def read(raw: Mapping[str, Any]) -> tuple[Rule, Mapping[str, Rule]]:
    """Return rules; raises BadDataError naming the occasion."""
    usual = raw.get("defaults", {})
    found = {
        str(code): _rule(usual | record, str(code))
        for code, record in raw.get("rules", {}).items()
    }
    return _rule(usual, "defaults"), MappingProxyType(found)


def rule_of(code: str) -> Rule:
    """Return the rule of an occasion."""
    usual, rules = shipped()
    return rules.get(code, usual)


def _rule(record: Mapping[str, Any], where: str) -> Rule:
    try:
        rule = Rule(
            time.fromisoformat(record["at"]),
            time.fromisoformat(record["until"]),
            Reach(record["reach"]),
            tuple(record.get("audience", ())),
        )
    except (KeyError, TypeError, ValueError) as error:
        raise BadDataError(f"rules {where}") from error
    is_by_day = MORNING <= rule.at < rule.until <= NIGHT
    is_known = record.keys() <= KEYS and groups().keys() >= {*rule.audience}
    if not is_by_day or not is_known:
        raise BadDataError(f"rules {where}")
    return rule
