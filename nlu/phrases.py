"""How do people speak of procedures that we have not described ourselves?

Our own words for procedures of the national catalogue, by code, in
``data/phrases/*.yml``. They add nothing to what a citizen is told; they only make a
procedure that was imported easier to find.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from functools import cache

from nlu import resources
from nlu.model import Entry

FOLDER = "phrases"
ELSEWHERE = "elsewhere_"


@dataclass(frozen=True, slots=True)
class Spoken:
    """A procedure as people speak of it; ``commune`` is False for other levels.

    ``name`` is our short name for what our own catalogue does not describe, else "".
    """

    code: str
    name: str
    said: tuple[str, ...]
    commune: bool


@cache
def spoken() -> Mapping[str, Spoken]:
    """Return what we know of how people speak, by code."""
    found: dict[str, Spoken] = {}
    for title in resources.names(FOLDER):
        commune = not title.startswith(ELSEWHERE)
        for item in resources.load(f"{FOLDER}/{title}"):
            code = str(item["code"])
            before = found.get(code, Spoken(code, "", (), commune))
            said = tuple(dict.fromkeys((*before.said, *item["said"])))
            name = before.name or item.get("name", "")
            found[code] = Spoken(code, name, said, commune)
    return found


def with_phrases(
    entries: Iterable[Entry], held_out: Collection[str] = ()
) -> list[Entry]:
    """Return the entries, each with our words for it among its aliases.

    What is held out is not added, so that it can be asked when weights are fitted.
    """
    known = spoken()
    return [
        _extended(entry, known[entry.code], held_out) if entry.code in known else entry
        for entry in entries
    ]


def unlisted(entries: Iterable[Entry]) -> list[Entry]:
    """Return what people also ask about, for a reader without a national catalogue."""
    listed = {entry.code for entry in entries}
    return [
        Entry(item.code, item.name, item.said, commune=item.commune)
        for item in spoken().values()
        if item.name and item.code not in listed
    ]


def _extended(entry: Entry, known: Spoken, held_out: Collection[str]) -> Entry:
    """Return the entry with the name and phrases people use."""
    named = (known.name,) if known.name else ()
    said = (text for text in known.said if text not in held_out)
    return replace(entry, aliases=(*entry.aliases, *named, *said))
