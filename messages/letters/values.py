"""Are the typed data enough for a letter of this kind, and what was not used?"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from messages.letters.errors import BadDataError, MissingDataError
from messages.letters.kinds import LetterKind
from messages.letters.text import plain


@dataclass(frozen=True, slots=True)
class Values:
    """Clean data by field name, and the typed names that mean nothing here."""

    data: Mapping[str, str]
    unused: tuple[str, ...] = ()


def read(kind: LetterKind, raw: Mapping[str, object]) -> Values:
    """Return the data of a letter, cleaned.

    Raises MissingDataError or BadDataError, naming the field as staff know it.
    """
    names = {alias: f.name for f in kind.fields.values() for alias in f.aliases}
    names |= {name: name for name in kind.fields}
    data: dict[str, str] = {}
    unused = []
    for typed, value in raw.items():
        name = names.get(plain(typed))
        if name is None:
            unused.append(typed)
        else:
            _add(data, name, kind.fields[name].read(value))
    _check(kind, data)
    return Values(MappingProxyType(data), tuple(sorted(unused)))


def _add(data: dict[str, str], name: str, text: str) -> None:
    """An empty value never hides a given one under another name of the field."""
    if text and data.setdefault(name, text) != text:
        raise BadDataError(f"mục {name} được ghi hai lần, khác nhau")


def _check(kind: LetterKind, data: Mapping[str, str]) -> None:
    missing = [group for group in kind.required if not any(map(data.get, group))]
    if missing:
        raise MissingDataError("; ".join(_labels(kind, group) for group in missing))


def _labels(kind: LetterKind, group: tuple[str, ...]) -> str:
    return " hoặc ".join(f"{kind.fields[name].label} ({name})" for name in group)
