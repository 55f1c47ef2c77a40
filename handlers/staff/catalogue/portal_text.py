"""How are the portal's texts cleaned and cut?"""

from __future__ import annotations

import re

_SWAPPED = re.compile(r"^QĐ(\d+)-(.+)$")
_DECISION = re.compile(r"\d+[A-Z]?/QĐ-[A-ZĐ][A-ZĐ0-9\-]*")

NOTHING = frozenset({"", "không có thông tin", "không", "không có", "không quy định"})
"""What the portal writes for an empty field, folded to lower case, no full stop."""


def clean(text: str) -> str:
    """Return the text on one line with single spaces."""
    return " ".join(text.split())


def said(text: str) -> str:
    """Return the cleaned text, empty when it only says that there is nothing."""
    plain = clean(text)
    return "" if plain.lower().rstrip(". ") in NOTHING else plain


def cut(text: str, limit: int) -> str:
    """Return at most ``limit`` characters, ended at a word with an ellipsis."""
    plain = clean(text)
    if len(plain) <= limit:
        return plain
    head, _, tail = plain[: limit - 1].rpartition(" ")
    return (head or tail).rstrip(" ,;:.-") + "…"


def bare(text: str) -> str:
    """Return the text without list signs around it."""
    return re.sub(r"^[\s\-–+*•]+", "", clean(text)).rstrip(" ;:,.-")


def decision(text: str) -> str:
    """Return the number of a decision as ``163/QĐ-BTP``; empty when it is none.

    The portal also holds ``QĐ2338-BTP``, ``2267./QĐ-BXD``, ``SỐ 64/QĐ-NHNN`` and
    stand-ins such as ``QĐ/0001-BCA`` that no decision ever had.
    """
    plain = clean(text).upper().replace("QD-", "QĐ-").removeprefix("SỐ ")
    plain = _SWAPPED.sub(r"\1/QĐ-\2", plain.replace("./", "/"))
    return plain if _DECISION.fullmatch(plain) else ""
