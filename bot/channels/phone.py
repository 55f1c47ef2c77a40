"""How is a published Vietnamese number written for a platform's call button?"""

from __future__ import annotations

import re

_NOT_DIGIT = re.compile(r"[^0-9]")
_NATIONAL = re.compile(r"0[2-9][0-9]{8,9}")
_INTERNATIONAL = re.compile(r"84[2-9][0-9]{8,9}")


def digits(number: str) -> str:
    """Return the digits only."""
    return _NOT_DIGIT.sub("", number)


def international(number: str) -> str:
    """Return ``84…`` for a subscriber's number, '' for short and 1800/1900 ones.

    Those (113, 1022, 1900…) are answered only inside the country, so a country
    code before them would make a number that nobody has.
    """
    plain = digits(number)
    if _NATIONAL.fullmatch(plain):
        return "84" + plain[1:]
    return plain if _INTERNATIONAL.fullmatch(plain) else ""
