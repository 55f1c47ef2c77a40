"""How is a case called by people? PA-261125-0042: letters, local date, number."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date

from handlers.cases.errors import BadCodeError

_GAP = r"[\s\-–—._/]{0,3}"
_CODE = re.compile(
    rf"(?<![a-z0-9])([a-z]{{2}}){_GAP}([0-9]{{6}}){_GAP}([0-9]{{1,6}})(?![0-9])",
    re.IGNORECASE,
)
_DIGITS = re.compile(r"(?<![0-9])([0-9]{4})(?![0-9])")
_CENTURY = 2000


@dataclass(frozen=True, slots=True)
class CaseCode:
    """The letters of a kind, the local day of opening, the number of that day."""

    letters: str
    day: date
    number: int

    def __str__(self) -> str:
        return f"{self.letters}-{self.day:%y%m%d}-{self.number:04d}"


def parse(text: str) -> CaseCode:
    """Return the code that a text consists of; raises BadCodeError."""
    found = find(text)
    if found is None or _CODE.sub("", text).strip(" .,;:!?#\"'()"):
        raise BadCodeError(text[:40])
    return found


def find(text: str) -> CaseCode | None:
    """Return the first code in a text, however it was typed; None when none."""
    for letters, day, number in _CODE.findall(text):
        at = _day(day)
        if at is not None:
            return CaseCode(letters.upper(), at, int(number))
    return None


def last_digits(text: str) -> str:
    """Return the four digits that stand beside a code, "" when there are none."""
    rest = _CODE.sub(" ", text)
    found = _DIGITS.findall(rest)
    return str(found[-1]) if found else ""


def _day(text: str) -> date | None:
    year, month, day = (int(text[at : at + 2]) for at in (0, 2, 4))
    try:
        return date(_CENTURY + year, month, day)
    except ValueError:
        return None
