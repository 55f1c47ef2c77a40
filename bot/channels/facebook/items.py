"""Where in a Facebook batch does each item lie, counted the same way for ever?

Entries in order; in each the lists ``messaging``, ``standby``, ``changes`` in
that order. What should be a list but is not counts as one item, and so does an
entry without items: every position stays where it is after ``redact``.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from bot.channels import wire
from bot.channels.errors import Malformed

AREAS = ("messaging", "standby", "changes")


@dataclass(frozen=True, slots=True)
class Slot:
    """One item: in which entry, in which list, at which place.

    ``area`` is '' when the entry itself is the item; ``place`` is -1 when the
    whole list is.
    """

    entry_at: int
    entry: Mapping[str, object]
    area: str
    place: int
    item: object


def slots(document: Mapping[str, object]) -> Iterator[Slot]:
    """Go through the items of a body in index order. Raises Malformed."""
    entries = document.get("entry")
    if not isinstance(entries, list) or "object" not in document:
        raise Malformed("entry")
    for at, entry in enumerate(entries):
        yield from _slots_of(at, entry)


def _slots_of(at: int, entry: object) -> Iterator[Slot]:
    known = wire.mapping(entry)
    found = [slot for area in AREAS for slot in _slots_in(at, known, area)]
    yield from found or [Slot(at, known, "", -1, entry)]


def _slots_in(at: int, entry: Mapping[str, object], area: str) -> Iterator[Slot]:
    if area not in entry:
        return
    listed = entry[area]
    if not isinstance(listed, list):
        yield Slot(at, entry, area, -1, listed)
        return
    for place, item in enumerate(listed):
        yield Slot(at, entry, area, place, item)


def redact(body: bytes, index: int) -> bytes:
    """Return the body with that item replaced by {}, all other indexes kept.

    Used to erase one person from a batch that names several. An index that does
    not exist changes nothing. Raises Malformed.
    """
    document = wire.load(body)
    for position, slot in enumerate(slots(document)):
        if position == index:
            _blank(document["entry"], slot)
            return json.dumps(document, separators=(",", ":")).encode("ascii")
    return body


def _blank(entries: object, slot: Slot) -> None:
    """Empty the item in place; the body was parsed for this and is ours."""
    if not isinstance(entries, list):
        return
    entry = entries[slot.entry_at]
    if not slot.area:
        entries[slot.entry_at] = {}
    elif slot.place < 0:
        entry[slot.area] = {}
    else:
        entry[slot.area][slot.place] = {}
