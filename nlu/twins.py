"""Which procedures are one and the same for a citizen?

The national catalogue lists a procedure once per authority ("… (cấp xã)"). Such
twins are merged; the merged one goes by the code of the commune.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from nlu.model import Entry
from nlu.normalise import fold, words_all

_AUTHORITY = re.compile(
    r"\b(?:thuc hien )?(?:(?:tai|o) )?(?:(?:cong an|ubnd|uy ban nhan dan) )?"
    r"cap (?:trung uong|bo|tinh|huyen|xa)\b"
    r"(?: (?:va )?(?:cap )?(?:trung uong|bo|tinh|huyen|xa)\b)*"
)
_LEADING = re.compile(r"^(?:thu tuc(?: hanh chinh)?|ve viec|viec)\s+")


@dataclass(frozen=True, slots=True)
class Group:
    """Entries that are one procedure; the first is the one to show."""

    entries: tuple[Entry, ...]

    @property
    def code(self) -> str:
        """The code candidates carry."""
        return self.entries[0].code

    @property
    def commune(self) -> bool:
        """Whether the commune does it."""
        return self.entries[0].commune

    @property
    def prior(self) -> float:
        """How often people ask for it, 0..1."""
        return max(entry.prior for entry in self.entries)


def key(name: Sequence[str]) -> str:
    """Return the words of a name without the authority, folded, for comparing."""
    folded = " ".join(map(fold, name))
    bare = _AUTHORITY.sub(" ", folded) if " cap " in folded else folded
    plain = " ".join(bare.split()) or folded
    return _LEADING.sub("", plain)


def merge(entries: Sequence[Entry]) -> list[Group]:
    """Return the groups of twins in the order of their first entry."""
    groups: dict[str, list[Entry]] = {}
    names = words_all([entry.name for entry in entries])
    for entry, name in zip(entries, names, strict=True):
        groups.setdefault(key(name), []).append(entry)
    return [Group(tuple(sorted(group, key=_rank))) for group in groups.values()]


def _rank(entry: Entry) -> tuple[bool, float, bool, str]:
    """Order twins: the commune's first, then the one people ask for."""
    return (not entry.commune, -entry.prior, not entry.aliases, entry.code)
