"""Are answers to the survey kept once each, counted, and kept when a person goes?"""

from __future__ import annotations

from typing import Any

from storage import survey
from storage.database import Database
from storage.tables import survey_answer

UNIT = "thanh-ha"
AT = 1_790_000_000_000


def row(about: str, score: int, **changes: Any) -> dict[str, Any]:
    """Return one answer about a case."""
    basic = {
        "unit_id": UNIT,
        "about": about,
        "kind": survey.CASE,
        "channel": "zalo",
        "case_id": about.partition(":")[2],
        "person_id": "p1",
        "counter": None,
        "item_id": None,
        "score": score,
        "at": AT,
    }
    return basic | changes


async def test_a_later_answer_takes_the_place_of_the_earlier(
    database: Database,
) -> None:
    """A case has one score: the last one."""
    for score in (2, 5):
        await database.write(
            lambda c, score=score: survey.put(c, row("case:a", score))  # type: ignore[misc]  # bound at once
        )
    assert await database.read(lambda c: survey.of_case(c, UNIT, "a")) == 5
    assert await database.read(lambda c: survey.of_case(c, UNIT, "b")) == 0


async def test_scores_are_counted_by_kind_and_time(database: Database) -> None:
    """Only answers of the span count, each kind for itself."""
    answers = [
        row("case:a", 5),
        row("case:b", 5),
        row("case:c", 1, at=AT + 10),
        row("talk:p1:d", 3, kind=survey.TALK),
    ]
    for answer in answers:
        await database.write(lambda c, one=answer: survey.put(c, one))  # type: ignore[misc]  # bound at once
    counted = await database.read(lambda c: survey.scores(c, UNIT, AT, AT + 10))
    assert counted == {"case": {5: 2}, "talk": {3: 1}}


async def test_words_are_added_to_an_answer(database: Database) -> None:
    """Words find their answer; without one there is nothing to add them to."""
    await database.write(lambda c: survey.put(c, row("case:a", 2)))
    assert await database.write(lambda c: survey.explain(c, UNIT, "case:a", "i1"))
    assert not await database.write(lambda c: survey.explain(c, UNIT, "case:b", "i1"))


async def test_the_score_of_an_erased_person_is_nobodys(database: Database) -> None:
    """Statistics stay; who gave the score and where the words are does not."""
    await database.write(lambda c: survey.put(c, row("case:a", 4, item_id="i1")))
    await database.write(lambda c: survey.forget(c, UNIT, "p1"))
    (left,) = await database.read(
        lambda c: [dict(r) for r in c.execute(survey_answer.select()).mappings()]
    )
    assert (left["score"], left["person_id"], left["item_id"]) == (4, None, None)
