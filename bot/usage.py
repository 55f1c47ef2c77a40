"""Which procedures were wanted in this turn? Counts by day, of nobody in particular."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any

from bot.clock import from_ms
from bot.policy import LOCAL
from handlers.model import Event, Outcome, Tag
from nlu.usage import Sign

SLOTS = 16
_SIGNS: Mapping[object, Sign] = {
    "picked": Sign.TAP,
    "search": Sign.ANSWER,
    "elsewhere": Sign.ANSWER,
}
"""How a procedure came to be shown; further taps on its own buttons say no more."""


def usage_rows(
    event: Mapping[str, Any], outcome: Outcome, now: int
) -> list[dict[str, Any]]:
    """Return the counts to add for one event; ``now`` is UTC ms, days are local."""
    counts = Counter(_seen(outcome))
    day = from_ms(now).astimezone(LOCAL).date().isoformat()
    return [
        {
            "unit_id": event["unit_id"],
            "day": day,
            "code": code,
            "sign": sign.value,
            "slot": sum(event["event_id"].encode()) % SLOTS,
            "count": number,
        }
        for (code, sign), number in counts.items()
    ]


def _seen(outcome: Outcome) -> Iterator[tuple[str, Sign]]:
    for fact in outcome.events:
        sign = _sign(fact)
        code = str(fact.data.get("code", ""))
        if sign is not None and code:
            yield code, sign


def _sign(fact: Event) -> Sign | None:
    if fact.tag is Tag.PROCEDURE_SHOWN:
        return _SIGNS.get(fact.data["via"])
    return Sign.WRONG if fact.tag is Tag.FEEDBACK_WRONG else None
