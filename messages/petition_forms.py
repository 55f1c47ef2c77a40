"""Which forms can be printed, and which fields does the law want in them?

``messages/petitions/*.txt``: a line ``# title``, ``## part``, ``> remark``, or
``_n label``: a field with n lines to write on.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from messages.errors import BadFormError

FOLDER = Path(__file__).parent / "petitions"
FORMS: Mapping[str, str] = {
    "don-to-cao": "don_to_cao",
    "don-khieu-nai": "don_khieu_nai",
}
"""The name in an address -> the file. Luật 25/2018 Điều 23; Luật 02/2011 Điều 8."""
DOTS = "…" * 36
_LINE = re.compile(r"(#{1,2}|>|_[1-9]) (.+)")


@dataclass(frozen=True, slots=True)
class Part:
    """One line of a form: ``kind`` is part, remark or field; a field has lines."""

    kind: str
    text: str
    lines: int = 0


@dataclass(frozen=True, slots=True)
class Form:
    """A form of the commune, with nothing filled in."""

    name: str
    title: str
    parts: tuple[Part, ...]

    def text(self) -> str:
        """Return the form as plain text, for any word processor."""
        return "\n".join([self.title, "", *map(_plain, self.parts), ""])


@cache
def form(name: str) -> Form | None:
    """Return the form of an address, None when there is none; raises BadFormError."""
    if name not in FORMS:
        return None
    text = (FOLDER / f"{FORMS[name]}.txt").read_text(encoding="utf-8")
    return parsed(name, text)


def parsed(name: str, text: str) -> Form:
    """Read a form; raises BadFormError naming the line."""
    title, parts = "", []
    for number, line in enumerate(text.splitlines(), 1):
        found = _LINE.fullmatch(line)
        if found is None:
            raise BadFormError(f"{name}: {number}")
        mark, words = found.groups()
        if mark == "#":
            title = words
        elif mark == "##":
            parts.append(Part("part", words))
        elif mark == ">":
            parts.append(Part("remark", words))
        else:
            parts.append(Part("field", words, int(mark[1:])))
    return Form(name, title, tuple(parts))


def _plain(part: Part) -> str:
    if part.kind == "part":
        return f"\n{part.text}"
    if part.kind == "remark":
        return f"({part.text})"
    return "\n".join([f"{part.text}: {DOTS}", *[DOTS * 2] * (part.lines - 1)])
