"""How does a text look without accents, and where did each letter stand before?

Patterns run over the plain shadow; what they find is told in places of the text as
it was typed, whether its accents are composed, loose or absent.
"""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from functools import lru_cache

_DASHES = dict.fromkeys("‐‑‒–—―−", "-")
_INVISIBLE = frozenset({"Mn", "Me", "Cf", "Cc"})
_D = {"đ": "d", "Đ": "D"}


@dataclass(frozen=True, slots=True)
class Shadow:
    """The plain text, case kept; ``origin`` has one place more than it has letters."""

    text: str
    origin: tuple[int, ...]

    def place(self, start: int, end: int) -> tuple[int, int]:
        """Return where letters ``start`` to ``end`` (not empty) were typed."""
        return self.origin[start], max(self.origin[end], self.origin[end - 1] + 1)


def shadow(text: str) -> Shadow:
    """Return the shadow of a text; marks and invisible characters cast none."""
    letters: list[str] = []
    origin: list[int] = []
    for place, char in enumerate(text):
        plain = char if " " <= char <= "~" else _plain(char)
        letters.append(plain)
        origin.extend([place] * len(plain))
    return Shadow("".join(letters), (*origin, len(text)))


@lru_cache(maxsize=4_000)
def _plain(char: str) -> str:
    """Return the letters, digits or signs behind one character; "" for a mark."""
    if char in "\n\r":
        return "\n"
    if char in _D or char in _DASHES:
        return _D.get(char) or "-"
    if unicodedata.category(char) in _INVISIBLE:
        return " " if char == "\t" else ""
    parts = unicodedata.normalize("NFKD", char)
    kept = "".join(p for p in parts if not unicodedata.combining(p))
    return " " if kept.isspace() else kept
