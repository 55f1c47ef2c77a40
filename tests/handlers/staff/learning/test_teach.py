"""Can people of the commune teach of their own accord, and see what nobody knew?"""

from __future__ import annotations

import json

import pytest

from handlers.model import LessonSource, Tag
from handlers.staff.learning import review, teach
from handlers.staff.learning.errors import (
    AlreadyApprovedError,
    LabelMissingError,
    LabelUnknownError,
    UnfitTextError,
)
from handlers.staff.learning.review import Approval
from nlu.artefact import MEANS
from nlu.model import Entry
from nlu.train import Example
from storage import people
from storage.tables import evidence_entry, lesson_candidate, lesson_example, vault_item
from tests.handlers.citizen.talk import Shelf
from tests.handlers.staff.learning.conftest import BIRTH, MARRIAGE, Office
from tests.storage.rows import UNIT

SAID = "cho cái tí lên tờ đầu đời"
GAP = LessonSource.UNANSWERED


async def test_a_sentence_is_taught(office: Office) -> None:
    """Sealed, named after who taught it, proved by its hash, listed again."""
    name = await teach.sentence(office.desk, Approval(f" {SAID} ", BIRTH), Shelf())
    (row,) = await office.rows(lesson_example)
    (found,) = await teach.listed(office.desk)
    (entry,) = await office.rows(evidence_entry)
    leaf = json.loads(entry["leaf"])

    assert SAID.encode() not in row["sealed"]
    assert found.example_id == name
    assert found.example == Example(SAID, BIRTH)
    assert (found.by, found.source) == ("canbo01", "staff")
    assert (entry["tag"], leaf["data"]["label"]) == (Tag.LESSON_APPROVED, BIRTH)
    assert SAID not in entry["leaf"].decode()


async def test_a_word_is_taught_once(office: Office) -> None:
    """A word has one meaning at a time; another needs the first withdrawn."""
    name = await teach.local_word(office.desk, " GKHx ", "giấy  kết hôn", [])
    with pytest.raises(AlreadyApprovedError):
        await teach.local_word(office.desk, "gkhx!", "giấy khai sinh", [])
    assert [one.example for one in await teach.listed(office.desk)] == [
        Example("gkhx", f"{MEANS}giấy kết hôn")
    ]
    await review.reject(office.desk, name)
    await teach.local_word(office.desk, "gkhx", "giấy khai sinh", [])

    assert (await office.tags())[-2:] == [Tag.LESSON_WITHDRAWN, Tag.LESSON_APPROVED]


@pytest.mark.parametrize(
    ("approval", "error"),
    [
        (Approval("lên sổ cho ông Nguyễn Văn An", BIRTH), UnfitTextError),
        (Approval(SAID), LabelMissingError),
        (Approval(SAID, "9.9"), LabelUnknownError),
        (Approval(SAID, intent="hát"), LabelUnknownError),
        (Approval("tôi tố cáo cán bộ", BIRTH), UnfitTextError),
    ],
)
async def test_what_may_not_be_taught(
    office: Office, approval: Approval, error: type[Exception]
) -> None:
    """The same rules as for citizens' words; nothing is left behind."""
    with pytest.raises(error):
        await teach.sentence(office.desk, approval, Shelf())

    assert await office.rows(lesson_example) == []
    assert await office.tags() == []


@pytest.mark.parametrize(
    ("short", "full"),
    [
        ("hai tiếng", "nghĩa"),
        ("", "nghĩa"),
        ("12", "nghĩa"),
        ("gkh", ""),
        ("gkh", "GKH"),
        ("gkh", "nghĩa = khác"),
        ("gkh", "0912345678"),
        ("gkh", "dài " * 20),
    ],
)
async def test_what_is_no_word(office: Office, short: str, full: str) -> None:
    """One word, and a meaning without personal data."""
    with pytest.raises(UnfitTextError):
        await teach.local_word(office.desk, short, full, [])


async def test_an_ordinary_word_keeps_its_meaning(office: Office) -> None:
    """A word of the catalogue itself is refused; with other accents it is another."""
    many = [*office.shelf.entries, *(Entry(str(n), "Xin giấy phép") for n in range(3))]
    for word in ("giấy", "Giấy!"):
        with pytest.raises(UnfitTextError, match="từ thường dùng"):
            await teach.local_word(office.desk, word, "đăng ký kết hôn", many)

    assert await teach.local_word(office.desk, "giáy", "giấy tờ", many)


async def test_gaps_stand_apart_and_together(office: Office) -> None:
    """What nobody could answer is listed by itself, similar words as one."""
    await office.say("xin cấp tờ màu hồng", "", source=GAP)
    office.clock.advance(ms=5)
    await office.say("cho em xin cap to mau hong a", "", who="p2", source=GAP)
    await office.say("thuê loa đài", "", who="p2", source=GAP)
    await office.say(SAID)
    (one,) = await review.listed(office.desk)
    first, second = await review.listed(office.desk, gaps=True)

    assert (one.text, one.is_gap) == (SAID, False)
    assert (first.people, len(first.lesson_ids), first.is_gap) == (2, 2, True)
    assert first.last - first.since == 5
    assert {first.text, *first.also} == {
        "xin cấp tờ màu hồng",
        "cho em xin cap to mau hong a",
    }
    assert second.text == "thuê loa đài"
    assert (await office.tags())[-1] == Tag.LESSONS_READ


async def test_a_gap_is_filled_or_dismissed(office: Office) -> None:
    """An example made of it, or a no: either way all that is like it goes."""
    await office.say("xin cấp tờ màu hồng", "", source=GAP)
    name = await office.say("xin cap to mau hong", "", who="p2", source=GAP)
    other = await office.say("thuê loa đài", "", source=GAP)
    with pytest.raises(LabelMissingError):
        await review.approve(office.desk, name, Approval("tờ màu hồng"), Shelf())
    wanted = Approval("tờ màu hồng", BIRTH)
    await review.approve(office.desk, name, wanted, Shelf())
    await review.reject(office.desk, other)

    assert await review.listed(office.desk, gaps=True) == []
    assert await office.rows(lesson_candidate) == []
    assert await office.rows(vault_item) == []
    (taught,) = await teach.listed(office.desk)
    assert (taught.example, taught.source) == (Example("tờ màu hồng", BIRTH), GAP)


async def test_a_correction_fills_its_gap(office: Office) -> None:
    """The citizen told us later what was meant: approving that closes the gap."""
    await office.say(SAID, "", source=GAP)
    named = await office.say(SAID, MARRIAGE, source=LessonSource.CORRECTED)
    await review.approve(office.desk, named, Approval(SAID), Shelf())

    assert await office.rows(lesson_candidate) == []


async def test_a_gap_dies_with_its_person(office: Office) -> None:
    """Erased: nobody can read the words any more."""
    await office.say("xin cấp tờ màu hồng", "", source=GAP)
    await office.desk.database.write(lambda c: people.erase(c, UNIT, "p1", 5))

    assert await review.listed(office.desk, gaps=True) == []
    assert await office.rows(vault_item) == []
