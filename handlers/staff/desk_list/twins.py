"""Which open cases are perhaps about the same thing? By field, days, place and words.

Words are opened in memory to be compared; shown are codes and the words of the case
that is open anyway. Only cases that the reader may see are looked at.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Final

from sqlalchemy import Connection

from handlers.cases.alike import EMPTY, shared, words
from handlers.cases.case import IN_HAND, Case
from handlers.cases.moments import to_ms
from handlers.cases.nearby import METRES, metres
from handlers.staff.cases.show import Shown
from handlers.staff.cases.workroom import Room
from nlu.normalise import fold
from storage import desk_lists
from storage.errors import ErasedError
from storage.keys import InvalidTag

DAYS: Final = timedelta(days=30)
MOST: Final = 60
"""Newest open cases that are looked into; each costs an opening of its words."""
SHOWN: Final = 4
LONGEST: Final = 6
HERE: Final = 2
"""Words that two reports of one place share."""
ANYWHERE: Final = 4
"""Words that they share when a place is not known."""
TEXTS: Final = ("text", "what", "where")
PLACES: Final = ("where", "hamlet")

Texts = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Twin:
    """A case that may be about the same; ``words`` stand in both."""

    code: str
    kind: str
    words: tuple[str, ...]
    is_same_place: bool


async def twins(room: Room, shown: Shown) -> tuple[Twin, ...]:
    """Return the likeliest first; none for a case whose words are gone."""
    case = shown.file.case
    mine = _said(shown.texts)
    if not mine:
        return ()
    rows = await room.database.read(lambda c: _candidates(room, c, case))
    found = [t for row in rows if (t := _compared(room, row, shown.texts, mine))]
    found.sort(key=lambda one: (not one.is_same_place, -len(one.words)))
    return tuple(found[:SHOWN])


def _candidates(room: Room, connection: Connection, case: Case) -> list[dict[str, Any]]:
    """Return open cases of the same field received within some days of this one."""
    office = room.services.kinds.get(case.kind).office
    seen = room.services.kinds.listed(room.roles)
    kinds = [code for code in seen if room.services.kinds.get(code).office == office]
    near = (to_ms(case.received_at - DAYS), to_ms(case.received_at + DAYS))
    states = [state.value for state in IN_HAND]
    known = {case.case_id, case.merged_into, *(link.ref for link in case.links)}
    rows = desk_lists.with_words(connection, room.unit_id, kinds, states, near, MOST)
    return [row for row in rows if row["case_id"] not in known]


def _compared(room: Room, row: Mapping[str, Any], own: Texts, mine: str) -> Twin | None:
    try:
        vault = room.vault.unwrap(row["person_id"], row["wrapped_key"])
        texts = vault.open(row["sealed"], row["item_id"]).get("texts", {})
    except (ErasedError, InvalidTag):
        return None
    same = list(dict.fromkeys(shared(mine, _said(texts))))
    is_same_place = _is_same_place(own, texts)
    if len(same) < (HERE if is_same_place else ANYWHERE):
        return None
    kind = room.services.kinds.get(row["kind"]).name
    return Twin(row["code"], kind, tuple(same[:LONGEST]), is_same_place)


def _is_same_place(one: Texts, other: Texts) -> bool:
    if metres(str(one.get("point", "")), str(other.get("point", ""))) <= METRES:
        return True
    first, second = (
        {w for name in PLACES for w in words(fold(str(texts.get(name, "")).lower()))}
        for texts in (one, other)
    )
    return bool((first & second) - EMPTY)


def _said(texts: Texts) -> str:
    return " ".join(str(texts.get(name, "")) for name in TEXTS).strip()
