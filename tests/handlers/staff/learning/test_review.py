"""Can a person of the commune list, approve and reject, and is each step proved?"""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import timedelta

import pytest

from handlers.model import Consent, Conversation, Tag
from handlers.staff.learning import propose, review
from handlers.staff.learning.errors import (
    AlreadyApprovedError,
    CandidateGoneError,
    LabelMissingError,
    LabelUnknownError,
    LearningError,
    UnfitTextError,
)
from handlers.staff.learning.review import Approval
from storage import people
from storage.tables import evidence_entry, lesson_candidate, lesson_example, vault_item
from tests.handlers.citizen.talk import Shelf
from tests.handlers.staff.learning.conftest import BIRTH, COPY, MARRIAGE, Office
from tests.storage.rows import UNIT

SHELF = Shelf()
WORDS = "cho cháu lên sổ"


async def test_the_same_words_are_one_line(office: Office) -> None:
    """What several people said comes first, counted; that it was read is in the log."""
    await office.say("sao y cái này", COPY)
    first = await office.say(WORDS, who="p2")
    office.clock.advance(ms=5)
    second = await office.say(WORDS, who="p3")
    await office.say(WORDS, is_right=False)
    waiting = await review.listed(office.desk)

    assert [(one.text, one.label, one.people) for one in waiting] == [
        (WORDS, BIRTH, 2),
        (WORDS, BIRTH, 1),
        ("sao y cái này", COPY, 1),
    ]
    assert waiting[0].lesson_ids == (second, first)
    assert waiting[0].since == office.clock.now_ms() - 5
    assert await office.tags() == [Tag.LESSONS_READ]
    assert len(await review.listed(office.desk, 1)) == 1


async def test_an_approved_example_is_nobodys(office: Office) -> None:
    """The words of the commune are kept sealed; the candidates and their words go."""
    await office.say(WORDS, who="p2")
    lesson_id = await office.say(WORDS)
    approval = Approval("  Cho bé lên  sổ ")
    example_id = await review.approve(office.desk, lesson_id, approval, SHELF)

    (row,) = await office.rows(lesson_example)
    context = review.example_context(UNIT, example_id)
    assert office.desk.keys.box.open(row["sealed"], context) == "Cho bé lên sổ".encode()
    assert (row["label"], row["is_intent"], row["approved_by"]) == (
        BIRTH,
        False,
        "canbo01",
    )
    assert await office.rows(lesson_candidate) == []
    assert await office.rows(vault_item) == []
    (entry,) = await office.rows(evidence_entry)
    leaf = json.loads(entry["leaf"])
    assert leaf["tag"] == "staff:lesson:approved"
    assert leaf["data"]["people"] == 2
    assert leaf["data"]["by"] == "canbo01"
    assert "Cho bé" not in entry["leaf"].decode()


async def test_staff_may_know_better(office: Office) -> None:
    """Another procedure, or an intent, takes the place of the citizen's label."""
    ids = [await office.say(f"{WORDS} {number}") for number in range(3)]
    approvals = [
        Approval("một hai", code=MARRIAGE),
        Approval("ba bốn", intent="thanks"),
    ]
    for lesson_id, approval in zip(ids, approvals, strict=False):
        await review.approve(office.desk, lesson_id, approval, SHELF)

    labels = {
        (row["label"], row["is_intent"]) for row in await office.rows(lesson_example)
    }
    assert labels == {(MARRIAGE, False), ("thanks", True)}


@pytest.mark.parametrize(
    ("approval", "error"),
    [
        (Approval("bà Lụa lên sổ"), UnfitTextError),
        (Approval("bà [họ tên] lên sổ"), UnfitTextError),
        (Approval("lên sổ cho con", code="0.0"), LabelUnknownError),
        (Approval("lên sổ cho con", intent="nothing"), LabelUnknownError),
        (Approval("lên sổ cho con", intent="ask_procedure"), LabelUnknownError),
    ],
)
async def test_what_cannot_be_approved_stays(
    office: Office, approval: Approval, error: type[LearningError]
) -> None:
    """A refused approval changes nothing and names its reason."""
    lesson_id = await office.say(WORDS)
    with pytest.raises(error) as caught:
        await review.approve(office.desk, lesson_id, approval, SHELF)

    assert str(caught.value)
    assert caught.value.hint
    assert len(await office.rows(lesson_candidate)) == 1
    assert await office.tags() == []


async def test_a_negative_lesson_needs_the_right_label(office: Office) -> None:
    """What was not meant says nothing of what was; staff must say it."""
    lesson_id = await office.say(WORDS, is_right=False)
    with pytest.raises(LabelMissingError):
        await review.approve(office.desk, lesson_id, Approval("lên sổ con"), SHELF)
    await review.approve(
        office.desk, lesson_id, Approval("lên sổ con", code=COPY), SHELF
    )

    (row,) = await office.rows(lesson_example)
    assert row["label"] == COPY


async def test_the_same_sentence_is_approved_once(office: Office) -> None:
    """A second approval of the same words is refused and leaves its candidate."""
    first, second = await office.say("một hai ba"), await office.say("bốn năm sáu")
    await review.approve(office.desk, first, Approval("Lên sổ"), SHELF)
    with pytest.raises(AlreadyApprovedError):
        await review.approve(office.desk, second, Approval("lên sổ"), SHELF)

    assert len(await office.rows(lesson_candidate)) == 1
    assert await office.tags() == ["staff:lesson:approved"]


async def test_a_rejected_candidate_is_forgotten(office: Office) -> None:
    """All who said the same are spared a second look; once only."""
    await office.say(WORDS, who="p2")
    lesson_id = await office.say(WORDS)

    assert await review.reject(office.desk, lesson_id) is Tag.LESSON_REJECTED
    assert await office.rows(vault_item) == []
    assert await office.tags() == ["staff:lesson:rejected"]
    with pytest.raises(CandidateGoneError):
        await review.reject(office.desk, lesson_id)


async def test_an_approved_example_can_be_withdrawn(office: Office) -> None:
    """What should not have been approved goes, with proof."""
    lesson_id = await office.say(WORDS)
    approval = Approval("lên sổ cho con")
    example_id = await review.approve(office.desk, lesson_id, approval, SHELF)

    assert await review.reject(office.desk, example_id) is Tag.LESSON_WITHDRAWN
    assert await office.rows(lesson_example) == []
    assert (await office.tags())[-1] == "staff:lesson:withdrawn"


async def test_an_erased_person_leaves_nothing_to_approve(office: Office) -> None:
    """The candidate dies with its person, also while staff look at it."""
    lesson_id = await office.say(WORDS)
    await review.listed(office.desk)
    await office.desk.database.write(lambda c: people.erase(c, UNIT, "p1", 5))

    with pytest.raises(CandidateGoneError):
        await review.approve(office.desk, lesson_id, Approval("lên sổ"), SHELF)
    assert await review.listed(office.desk) == []


async def test_after_half_a_year_nobody_looks_any_more(office: Office) -> None:
    """What was never approved is deleted with its words."""
    await office.say(WORDS)
    office.clock.advance(timedelta(days=181))
    await office.say("sao y cái này", who="p2")

    assert [one.text for one in await review.listed(office.desk)] == ["sao y cái này"]
    assert len(await office.rows(vault_item)) == 1


@pytest.mark.parametrize("name", ["Nguyễn Văn A", "", "a b", "x" * 41])
def test_staff_are_known_by_a_code(office: Office, name: str) -> None:
    """The log holds no name of a person of the commune either."""
    with pytest.raises(LearningError, match="Mã cán bộ"):
        replace(office.desk, by=name)


@pytest.mark.parametrize(
    ("talk", "question", "is_kept"),
    [
        (Conversation(consent=Consent.GIVEN), "bà Lụa hỏi lên sổ", True),
        (Conversation(consent=Consent.DECLINED), "lên sổ cho con", False),
        (Conversation(opted_out=True), "lên sổ cho con", False),
        (Conversation(), "tôi tố cáo cán bộ", False),
    ],
)
async def test_an_answer_of_staff_is_a_candidate(
    office: Office, talk: Conversation, question: str, *, is_kept: bool
) -> None:
    """What staff answered with labels the question, under the same rules."""
    await office.say("một hai")
    vault = office.known["p1"]
    now = office.clock.now_ms()
    made = await office.desk.database.write(
        lambda c: propose.propose(
            c, vault, talk, question, BIRTH, SHELF, office.desk.ids, now
        )
    )

    waiting = await review.listed(office.desk)
    found = [one for one in waiting if one.source == "staff"]
    assert [one.lesson_id for one in found] == ([made] if is_kept else [])
    assert (made is not None) is is_kept
