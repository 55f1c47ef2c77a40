"""Are lists, talks and words found alike on both engines, and gone with the person?"""

from __future__ import annotations

from functools import partial

import pytest
from sqlalchemy import Connection

from handlers.staff.cases.workroom import Room
from handlers.staff.desk_list import search, talk
from handlers.staff.desk_list.listing import Wish, page, talks
from handlers.staff.desk_list.search import asked, words_of
from storage import desk_lists, desk_search, desk_talk, evidence, people
from storage.database import Database
from storage.desk_lists import Tab
from storage.evidence import Entry
from storage.ids import Ids
from storage.keys import KeyRing
from storage.vault import PersonVault
from tests.conftest import FakeClock
from tests.handlers.staff.cases.commune import UNIT, Commune, make


@pytest.fixture
def commune(database: Database, ring: KeyRing, ids: Ids, clock: FakeClock) -> Commune:
    """08:00 on Monday 23/11/2026; nobody wrote yet."""
    return make(database, ring, ids, clock)


async def _writes(room: Room, vault: PersonVault, text: str) -> str:
    item_id = room.ids.new()
    row = {
        "unit_id": UNIT,
        "item_id": item_id,
        "person_id": vault.person_id,
        "kind": desk_search.WORDS,
        "sealed": vault.seal({"texts": {"text": text}}, item_id),
        "created_at": room.now_ms(),
    }
    await room.database.write(lambda c: people.add_items(c, [row]))
    return item_id


async def test_words_are_found_and_read_once(commune: Commune) -> None:
    """Rare and common words together, newest first; nothing is read twice."""
    room = commune.as_("canbo01", "officer")
    first, second = await commune.citizen("ba Tư"), await commune.citizen("cô Sáu")
    await _writes(room, first, "Cống tắc trước chợ Đình")
    await _writes(room, second, "chợ đình đông quá")
    case = await commune.reports(second)
    both = await search.search(room, "cho dinh")
    assert [one.person_id for one in both.talks] == [
        second.person_id,
        first.person_id,
    ]
    one = await search.search(room, "CỐNG chợ")
    assert [line.person_id for line in one.talks] == [first.person_id]
    found = await search.search(room, case.code)
    assert [line.case.code for line in found.lines] == [case.code]
    keys = room.vault.keys
    assert await search.catch_up(room.database, UNIT, keys) == 0


async def test_a_page_of_found_cases_begins_after_the_last(commune: Commune) -> None:
    """The place to go on from is the id of the last case shown."""
    vault = await commune.citizen("ba Tư")
    for _ in range(3):
        await commune.reports(vault)
    room = commune.as_("canbo01", "officer")
    await search.catch_up(room.database, UNIT, room.vault.keys)
    tokens = search.hashed(room.vault.keys, asked("den duong"))

    def two(c: Connection) -> tuple[list[str], list[str]]:
        head = desk_search.found(c, UNIT, desk_search.CASE, tokens, 2)
        rest = desk_search.found(c, UNIT, desk_search.CASE, tokens, 2, head[-1])
        return head, rest

    head, rest = await room.database.read(two)
    assert (len(head), len(rest)) == (2, 1)
    assert sorted({*head, *rest}, reverse=True) == [*head, *rest]


async def test_lists_and_talks_agree_on_both_engines(commune: Commune) -> None:
    """Counts are those of the tabs; the next page begins after the last line."""
    vault = await commune.citizen("ba Tư")
    codes = [(await commune.reports(vault)).code for _ in range(3)]
    await commune.citizen("cô Sáu")
    room = commune.as_("canbo01", "officer")
    first = await page(room, Wish(Tab.NEW, limit=2))
    rest = await page(room, Wish(Tab.NEW, after=first.next, limit=2))
    assert [one.case.code for one in (*first.lines, *rest.lines)] == codes
    assert rest.next is None
    assert first.counts == {
        "new": 3,
        "mine": 0,
        "today": 0,
        "overdue": 0,
        "waiting": 0,
        "open": 3,
    }
    assert (await page(room, Wish(Tab.DONE))).lines == ()
    lines, more = await talks(room, limit=1)
    others, end = await talks(room, after=more, limit=1)
    assert len({one.person_id for one in (*lines, *others)}) == 2
    assert end is None
    waiting = await room.database.read(lambda c: desk_lists.waiting_talks(c, UNIT))
    assert waiting == {}
    await _writes(room, vault, "chào xã")
    shown = await talk.talk(room, vault.person_id, "facebook")
    assert [one.text for one in shown.bubbles if one.side == "citizen"] == ["chào xã"]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Đường  HỎNG!", {"duong", "hong"}),
        ("gọi 0912 345 678", {"goi", "0912", "345", "678", "0912345678"}),
        ("PA-261125-0042", {"pa", "261125", "0042", "2611250042"}),
        ("a ơ ... 🌸", set()),
        ("", set()),
    ],
)
def test_words_are_folded_and_numbers_joined(text: str, words: set[str]) -> None:
    """What is indexed of a text; single letters and fillers are not."""
    assert words_of(text) == words


def test_a_number_typed_with_gaps_is_one_word() -> None:
    """As people write telephone numbers."""
    assert asked("0912 345 678") == {"0912345678"}
    assert asked("pa-261125-0042") == {"pa", "261125", "0042"}


def _appended(entry: Entry, connection: Connection) -> None:
    evidence.append(connection, [entry.row()])


async def test_readings_are_found_by_instant(commune: Commune) -> None:
    """Which instants were read as one of some matters; proofs come in their order."""
    room = commune.room
    times = {}
    for intent in ("phan_anh", "khieu_nai", "privacy"):
        commune.passes(minutes=1)
        times[intent] = room.now_ms()
        told = (desk_talk.UNDERSTOOD, intent)
        entry = Entry(
            UNIT, room.ids.new(), room.now_ms(), *told, data={"intent": intent}
        )
        await room.database.write(partial(_appended, entry))

    def work(c: Connection) -> tuple[frozenset[int], list[str]]:
        wanted = ["khieu_nai", "privacy", "to_cao"]
        found = desk_talk.read_as(c, UNIT, list(times.values()), wanted)
        newest_first = list(reversed(times.values()))
        return found, [r["subject"] for r in desk_talk.proofs(c, UNIT, newest_first)]

    found, subjects = await room.database.read(work)
    assert found == {times["khieu_nai"], times["privacy"]}
    assert subjects == list(times)
