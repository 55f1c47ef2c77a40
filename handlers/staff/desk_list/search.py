"""Which cases and talks hold some words? Without accents, and without plaintext.

Words become keyed hashes (storage.desk_search). A denunciation is never read: what is
about one is left out even where its words still lie in a vault.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection

from handlers.staff.cases.workroom import Room
from handlers.staff.desk_list import discretion
from handlers.staff.desk_list.listing import (
    Line,
    TalkLine,
    lines,
    seen_reasons,
    talk_line,
)
from nlu.normalise import fold
from storage import desk_lists, desk_search, desk_talk
from storage.database import Database
from storage.errors import ErasedError
from storage.keys import InvalidTag, UnitKeys
from storage.vault import PersonVault, Vault

PAGE = 50
BATCH = 200
MOST_TOKENS = 200
SHORTEST_NUMBER = 4
OVERLAP_MS = 60_000
"""Items of another process may become visible later than younger ones."""
STOP = frozenset(
    {"cho", "con", "cua", "da", "du", "em", "la", "ma", "mot", "nay", "nhe", "nhu"}
    | {"oi", "roi", "thi", "va", "voi", "vay", "xin"}
)
DENUNCIATION = "to cao"
_WORD = re.compile(r"[a-z0-9]+")
_NUMBER = re.compile(r"[\d\s.\-()+]{4,}")


@dataclass(frozen=True, slots=True)
class Found:
    """What holds the words; ``next`` is where the next page of cases begins."""

    lines: tuple[Line, ...] = ()
    talks: tuple[TalkLine, ...] = ()
    next: str = ""


def words_of(text: str) -> frozenset[str]:
    """Return the words of a text as they are known: folded, numbers also joined."""
    plain = fold(text.lower())
    found = dict.fromkeys(
        w for w in _WORD.findall(plain) if len(w) > 1 and w not in STOP
    )
    for number in _NUMBER.findall(plain):
        digits = re.sub(r"\D", "", number)
        if len(digits) >= SHORTEST_NUMBER:
            found[digits] = None
    return frozenset(list(found)[:MOST_TOKENS])


def asked(text: str) -> frozenset[str]:
    """Return what somebody searches for; a number typed with gaps is one word."""
    if _NUMBER.fullmatch(text.strip()):
        digits = re.sub(r"\D", "", text)
        return frozenset({digits}) if len(digits) > 1 else frozenset()
    plain = fold(text.lower())
    return frozenset(w for w in _WORD.findall(plain) if len(w) > 1 and w not in STOP)


async def search(room: Room, text: str, before: str = "") -> Found:
    """Return the cases and (on the first page) talks that hold all words."""
    await catch_up(room.database, room.unit_id, room.vault.keys)
    tokens = hashed(room.vault.keys, asked(text))
    if not tokens:
        return Found()
    unit_id, kinds = room.unit_id, room.services.kinds.listed(room.roles)

    def work(c: Connection) -> tuple[list[str], list[Any], list[Any], Any]:
        refs = desk_search.found(c, unit_id, desk_search.CASE, tokens, PAGE + 1, before)
        people = (
            []
            if before
            else desk_search.found(c, unit_id, desk_search.TALK, tokens, PAGE)
        )
        heads = desk_lists.by_ids(c, unit_id, kinds, refs[:PAGE])
        people = _open(room, c, people, tokens)
        talks = desk_lists.talks_of(c, unit_id, people) if people else []
        talks.sort(key=lambda row: (row["person_id"], row["channel"]), reverse=True)
        return refs, heads, talks, desk_lists.waiting_talks(c, unit_id)

    refs, heads, talks, waiting = await room.database.read(work)
    return Found(
        await lines(room, heads),
        tuple(talk_line(row, seen_reasons(room, waiting)) for row in talks),
        refs[PAGE - 1] if len(refs) > PAGE else "",
    )


def _open(room: Room, c: Connection, people: list[str], tokens: list[str]) -> list[str]:
    """Return the people whose words stand in what this reader may see.

    Words are opened only where something is kept from the reader.
    """
    partly = discretion.partly_open(room, c, people)
    return [
        one
        for one in people
        if one not in partly or _is_said(room, c, one, partly[one], tokens)
    ]


def _is_said(
    room: Room,
    c: Connection,
    person_id: str,
    seen: frozenset[str],
    tokens: list[str],
) -> bool:
    key = desk_lists.key_of(c, room.unit_id, person_id)
    rows = desk_talk.items(c, room.unit_id, person_id, discretion.MOST)
    said: set[str] = set()
    for row in rows:
        if row["item_id"] in seen and row["kind"] == desk_talk.RECEIVED:
            text = _text(room.vault, dict(row) | {"wrapped_key": key})
            said.update(hashed(room.vault.keys, words_of(text)))
    return said.issuperset(tokens)


async def catch_up(
    database: Database, unit_id: str, keys: UnitKeys, limit: int = BATCH
) -> int:
    """Read what was written since the last time; return how many items that were."""
    seen = await database.read(lambda c: desk_search.mark(c, unit_id))
    if not await database.read(lambda c: desk_search.has_fresh(c, unit_id, seen)):
        return 0
    vault = Vault(unit_id, keys)

    def work(connection: Connection) -> int:
        mark = desk_search.mark(connection, unit_id)
        items = desk_search.fresh(connection, unit_id, _since(mark), limit)
        newer = [row for row in items if row["item_id"] > mark]
        if not newer:
            # All that is new lies beyond what was looked at twice.
            items = newer = desk_search.fresh(connection, unit_id, mark, limit)
        desk_search.put(connection, rows_of(connection, vault, items))
        if newer:
            desk_search.set_mark(connection, unit_id, newer[-1]["item_id"])
        return len(newer)

    return await database.write(work)


async def rebuild(database: Database, unit_id: str, keys: UnitKeys) -> int:
    """Forget and read everything again; return how many items were read."""
    await database.write(lambda c: desk_search.clear(c, unit_id))
    total = 0
    while done := await catch_up(database, unit_id, keys, 10 * BATCH):
        total += done
    return total


def rows_of(
    connection: Connection, vault: Vault, items: list[dict[str, Any]]
) -> Iterable[Mapping[str, Any]]:
    """Yield the places of the words of vault items."""
    cases = desk_search.cases_of(connection, vault.unit_id, items)
    for row in items:
        text = _text(vault, row)
        ref, code = cases.get(row["item_id"], ("", ""))
        if not text or (row["kind"] == desk_search.STEP and not ref):
            continue
        kind = desk_search.CASE if ref else desk_search.TALK
        for token in hashed(vault.keys, words_of(f"{code} {text}")):
            yield {
                "unit_id": vault.unit_id,
                "token": token,
                "kind": kind,
                "ref": ref or row["person_id"],
                "person_id": row["person_id"],
            }


def hashed(keys: UnitKeys, words: Iterable[str]) -> list[str]:
    """Return words as nobody without the unit's key can read them."""
    return [keys.mac("desk-search", word)[:16] for word in sorted(words)]


def _text(vault: Vault, row: Mapping[str, Any]) -> str:
    try:
        whose: PersonVault = vault.unwrap(row["person_id"], row["wrapped_key"])
        value = whose.open(row["sealed"], row["item_id"])
    except (ErasedError, InvalidTag):
        return ""
    texts = value.get("texts", {})
    whole = " ".join(str(text) for text in texts.values())
    return "" if DENUNCIATION in fold(whole.lower()) else whole


def _since(mark: str) -> str:
    """Return the smallest id of a little while before another (see storage.ids)."""
    if not mark:
        return ""
    at = max((int(mark, 16) >> 80) - OVERLAP_MS, 0)
    return f"{at << 80:032x}"
