"""Are a commune's words kept whole, version by version, by those who may?"""

from __future__ import annotations

import asyncio

import pytest

from handlers.staff.people.errors import NotAllowedError, StrangerError
from handlers.staff.permissions import Role
from handlers.staff.words import chat, replies
from handlers.staff.words.errors import (
    SentenceUnknownError,
    UnfitSentenceError,
    WordedMeanwhileError,
)
from handlers.staff.words.replies import Reply
from handlers.staff.words.tone import curt
from messages.words import ChatWords
from storage import catalogue
from storage.tables import catalogue_head
from tests.handlers.staff.office import StaffOffice
from tests.storage.rows import UNIT

KEY = "small_talk.thanks"
WORDS = ChatWords()
NEW = "Dạ, cảm ơn {{ xh }} ạ."


async def test_kept_proved_and_taken_back(staff_office: StaffOffice) -> None:
    """What is put is in force, its proof names key and person; dropping undoes it."""
    await staff_office.hire("an", Role.HEAD)
    desk = staff_office.as_("an")
    assert await chat.put(desk, WORDS, KEY, NEW, WORDS.version(KEY))
    assert await chat.own(desk) == {KEY: NEW}
    tag, data = (await staff_office.proofs())[-1]
    assert (tag, data["by"], data["key"]) == ("staff:words:changed", "an", KEY)
    staff_office.clock.advance(ms=5)
    assert await chat.drop(desk, KEY)
    assert not await chat.drop(desk, KEY)

    assert [text for _, text in await chat.history(desk, KEY)] == ["", NEW]
    assert await chat.own(desk) == {}


async def test_only_who_may(staff_office: StaffOffice) -> None:
    """An officer and a stranger change nothing."""
    await staff_office.hire("binh")
    for code, refusal in (("binh", NotAllowedError), ("ai", StrangerError)):
        desk = staff_office.as_(code)
        with pytest.raises(refusal):
            await chat.put(desk, WORDS, KEY, NEW, WORDS.version(KEY))
        with pytest.raises(refusal):
            await replies.put(desk, Reply("", "a", "Dạ ạ"), "")

    assert await staff_office.rows(catalogue_head) == []


async def test_two_at_once_and_unknown_sentences(staff_office: StaffOffice) -> None:
    """Of two who saw the same wording one is told; nothing is put under no key."""
    await staff_office.hire("an", Role.HEAD)
    desk = staff_office.as_("an")
    seen = WORDS.version(KEY)
    jobs = [
        chat.put(desk, WORDS, KEY, text, seen) for text in (NEW, "Dạ, em xin cảm ơn ạ.")
    ]
    done = await asyncio.gather(*jobs, return_exceptions=True)
    late = [one for one in done if isinstance(one, BaseException)]
    assert [type(one) for one in late] == [WordedMeanwhileError]
    with pytest.raises(SentenceUnknownError):
        await chat.put(desk, WORDS, "khong.co", NEW, "")
    with pytest.raises(UnfitSentenceError):
        await chat.put(
            desk, WORDS, KEY, "{% for i in range(9**9) %}x{% endfor %}", seen
        )


async def test_words_are_no_procedures(staff_office: StaffOffice) -> None:
    """They lie on the shelves of the catalogue and are never taken for a part of it."""
    await staff_office.hire("an", Role.HEAD)
    desk = staff_office.as_("an")
    await chat.put(desk, WORDS, KEY, NEW, WORDS.version(KEY))
    await replies.put(desk, Reply("", "Hẹn", "Dạ, {{ xa }} xin hẹn ạ."), "")

    assert await desk.database.read(lambda c: catalogue.bodies(c, UNIT)) == []
    assert await desk.database.read(lambda c: catalogue.versions(c, UNIT)) == []


def test_curt_words_are_found_whole() -> None:
    """The phrase is found at the end of a sentence, not inside another word."""
    assert curt("Dạ, em không biết.")
    assert curt("Yêu cầu ông chờ")
    assert not curt("Dạ, em đang cố gắng, may mày mò thôi"[:20])
    assert not curt("Xin chúc mừng")
