"""What does "2 YC-3F9A2 Dạ, mời bác ra ..." mean, where there are no buttons?

``<number> [<code>] [<words>]``. Words without a number go to nobody: an officer who
only chats must never write to a citizen by mistake.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from handlers.staff.desk import Act

NUMBERS: Mapping[Act, int] = {act: place for place, act in enumerate(Act, start=1)}
_ACTS = {number: act for act, number in NUMBERS.items()}
_CODE = r"[A-Za-z]{2}-[0-9A-Za-z-]{1,32}"
_SHAPE = re.compile(
    rf"\s*([1-{len(NUMBERS)}])(?:[.):]|\b)\s*({_CODE})?[\s,:.]*(.*)", re.DOTALL
)
CODE_DIGITS = 5


@dataclass(frozen=True, slots=True)
class Choice:
    """A choice as it was written; ``code`` is "" when only one matter is open."""

    act: Act
    code: str
    text: str


def read(text: str) -> Choice | None:
    """Return the choice, None for words that are none."""
    found = _SHAPE.fullmatch(text)
    if found is None:
        return None
    number, code, words = found.groups()
    if words and not code and number and words[:1].isdigit():
        return None  # "1 000 đồng", "2 30" are not choices
    return Choice(_ACTS[int(number)], (code or "").upper(), words.strip())


def short_code(ref: str) -> str:
    """Return the code that staff see for a matter without a code of its own."""
    return f"YC-{ref[-CODE_DIGITS:].upper()}"


def matching(code: str, known: Sequence[tuple[str, str]]) -> tuple[str, ...]:
    """Return the ids, of (code, id) pairs, that a code may mean; all for no code."""
    return tuple(ref for name, ref in known if code in ("", name.upper(), ref.upper()))
