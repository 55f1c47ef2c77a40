"""Which counters are there before a commune says its own? Codes with their names.

A number, a field of work, or the one-stop desk (see counter_book for what the head
names): a code in an address, on a poster or in the log never names a person.
"""

from __future__ import annotations

import re
from typing import Final

from handlers.staff.roster.words import field_names

MOST: Final = 20
ONE_STOP: Final = "mot-cua"
RECEPTION: Final = "tiep-dan"
_NUMBER = re.compile(r"quay-([1-9]|1[0-9]|20)", re.ASCII)
_OTHERS = {ONE_STOP: "Bộ phận Một cửa", RECEPTION: "Nơi tiếp công dân"}


def name_of(code: str) -> str | None:
    """Return what people call a counter, None when there is none of that code."""
    if code in _OTHERS:
        return _OTHERS[code]
    if found := _NUMBER.fullmatch(code):
        return f"Quầy số {found[1]}"
    field = code.removeprefix("quay-").replace("-", "_")
    if code.startswith("quay-") and field in field_names() and "_" not in code:
        return f"Quầy {field_names()[field]}"
    return None


def choices() -> list[tuple[str, str]]:
    """Return (code, name) of all counters."""
    codes = [
        *_OTHERS,
        *(f"quay-{number}" for number in range(1, MOST + 1)),
        *(f"quay-{field.replace('_', '-')}" for field in field_names()),
    ]
    return [(code, name) for code in codes if (name := name_of(code))]
