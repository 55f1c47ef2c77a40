"""Which misfortune strikes this call? Each can be switched, counted or random."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Mapping
from dataclasses import asdict, replace
from enum import StrEnum

from bot.sandbox.errors import SandboxConfigError
from bot.sandbox.model import AnyPlatform, FaultRule, JsonObject


class Fault(StrEnum):
    """The misfortunes there are; the first two hit webhooks, the others the API."""

    DUPLICATES = "duplicates"
    REORDER = "reorder"
    SLOW = "slow"
    RATE_LIMIT = "rate_limit"
    SERVER_ERROR = "server_error"
    ACCEPT_THEN_DROP = "accept_then_drop"
    EXPIRED_TOKEN = "expired_token"  # noqa: S105  the name of a fault


NEVER = FaultRule()


class Faults:
    """The rules in force; chance comes from a seeded generator, so runs repeat."""

    def __init__(self, rules: Mapping[str, FaultRule], seed: int) -> None:
        self._rules: dict[Fault, FaultRule] = {}
        self._random = random.Random(seed)  # noqa: S311  repeatable on purpose
        self.fired: Counter[str] = Counter()
        for name, rule in rules.items():
            self.set(name, rule)

    def set(self, name: str, rule: FaultRule) -> None:
        """Replace a rule; raises SandboxConfigError for a fault nobody knows."""
        try:
            fault = Fault(name)
        except ValueError:
            raise SandboxConfigError(f"faults.{name}") from None
        if rule == NEVER:
            self._rules.pop(fault, None)
        else:
            self._rules[fault] = rule

    def clear(self) -> None:
        """Calm weather."""
        self._rules.clear()

    def fires(self, fault: Fault, channel: AnyPlatform) -> bool:
        """Whether it strikes now; counted rules lose one."""
        rule = self._rules.get(fault)
        if rule is None or rule.channel not in ("", channel.value):
            return False
        if not self._strikes(fault, rule):
            return False
        self.fired[fault.value] += 1
        return True

    def delay(self, channel: AnyPlatform) -> float:
        """Return the seconds this answer takes longer, mostly 0."""
        seconds = self._rules.get(Fault.SLOW, NEVER).seconds
        return seconds if self.fires(Fault.SLOW, channel) else 0.0

    def as_json(self) -> JsonObject:
        """Return every fault with its rule, those at rest too."""
        return {f.value: asdict(self._rules.get(f, NEVER)) for f in Fault}

    def _strikes(self, fault: Fault, rule: FaultRule) -> bool:
        if rule.next_calls > 0:
            self.set(fault, _one_less(rule))
            return True
        if rule.on:
            return True
        return rule.probability > 0 and self._random.random() < rule.probability


def _one_less(rule: FaultRule) -> FaultRule:
    """A rule that is used up rests, but keeps what else it says."""
    less = replace(rule, next_calls=rule.next_calls - 1)
    is_over = not less.next_calls and not less.on and not less.probability
    return NEVER if is_over else less
