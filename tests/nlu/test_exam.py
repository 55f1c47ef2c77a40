"""Are two readers compared fairly, question by question?"""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from nlu.artefact import MEANS, Artefact
from nlu.errors import NoQuestionsError
from nlu.exam import (
    MOST_KEPT,
    TYPED,
    Comparison,
    Exam,
    Figures,
    Tally,
    compare,
    examine,
    kept,
    readings,
)
from nlu.gate import Refusal, refusals
from nlu.model import Intent
from nlu.paper import Kind, Paper, held_files, kind_of, paper, regression_files
from nlu.train import Example, Shelf, build, fresh, train
from tests.nlu.support import DATA, entries
from tests.nlu.test_train import BIRTH, MARRIAGE, STRANGE, TODAY

QUESTIONS = [DATA / "small_regression.jsonl"]


@pytest.fixture(scope="module")
def shelf() -> Shelf:
    """The small catalogue."""
    return Shelf(entries(), {})


def learnt(*examples: Example, model: str = "m1") -> Artefact:
    """Train on examples alone."""
    return train(Artefact("xa-thu", model, 1), examples, [], TODAY)


def compared(
    shelf: Shelf, old: Artefact | None, new: Artefact, asked: Paper | None = None
) -> Comparison:
    """Let both sit the small exam."""
    asked = asked or paper(QUESTIONS)
    lessons, earlier = fresh(old, new), kept(old, new)
    before = examine(shelf, old, asked, lessons, earlier)
    after = examine(shelf, new, asked, lessons, earlier)
    return compare((old, new), (before, after), asked)


def written(path: Path, *rows: dict[str, object]) -> Path:
    """Write a file of questions."""
    lines = [json.dumps(row, ensure_ascii=False) for row in rows]
    path.write_text("\n".join(lines), encoding="utf-8")
    return path


def test_a_better_model_may_go_live(shelf: Shelf) -> None:
    """New examples are read better and the questions no worse."""
    found = compared(shelf, None, learnt(Example(STRANGE, BIRTH)))

    assert found.fresh == len(TYPED)
    assert found.new_right > found.old_right
    assert found.new == found.old == found.since
    assert found.lost == ()
    assert found.gain == found.learnt == (found.new_right - found.old_right) / 3
    assert refusals(found) == ()


def test_an_intent_is_taught(shelf: Shelf) -> None:
    """A sentence of a commune's own may stand for an intent."""
    lesson = Example("hay quá chừng luôn bây ơi", "praise", is_intent=True)
    new = learnt(lesson)
    exam = examine(shelf, new, paper(QUESTIONS), fresh(None, new))

    assert exam.right >= 1
    assert build(shelf, new).parse(lesson.text).intent is Intent.PRAISE


def test_a_word_is_right_when_it_reads_as_its_meaning(shelf: Shelf) -> None:
    """Nobody need say what a word asks for: its meaning says that."""
    new = learnt(Example("dkx", MEANS + "đăng ký kết hôn"))
    found = compared(shelf, None, new)

    assert (found.fresh, found.old_right, found.new_right) == (1, 0, 1)
    assert refusals(found) == ()


def test_a_lesson_that_costs_what_must_hold_is_refused(
    shelf: Shelf, tmp_path: Path
) -> None:
    """Its own gain does not outweigh one question that no lesson may cost."""
    file = written(tmp_path / "held.jsonl", {"q": STRANGE, "gold": [BIRTH]})
    asked = paper(QUESTIONS, [file])
    right, wrong = (learnt(Example(STRANGE, code)) for code in (BIRTH, MARRIAGE))
    found = compared(shelf, right, wrong, asked)

    assert asked.held == {len(asked.asked) - 1}
    assert found.held_lost == 1
    assert found.lost == ((len(asked.asked) - 1, MARRIAGE),)
    assert Refusal.HELD_LOST in refusals(found)


def test_earlier_lessons_are_read_again() -> None:
    """A lesson that makes us forget one before counts as a reading lost."""
    old = learnt(Example(STRANGE, BIRTH))
    asked = paper(QUESTIONS)
    new = learnt(Example(STRANGE, BIRTH), Example("lên tờ", MARRIAGE))
    before, after = Exam(FULL, kept=(True,)), Exam(FULL, 3, 1.0, (False,))
    found = compare((old, new), (before, after), asked)

    assert kept(old, new) == [(STRANGE, BIRTH)]
    assert (found.forgotten, found.recalled, found.gain) == (1, 0, 0)


def test_not_all_of_very_many_earlier_lessons() -> None:
    """A sample spread evenly, so that training stays quick."""
    many = learnt(*(Example(f"câu số {n}", BIRTH) for n in range(3 * MOST_KEPT + 1)))

    assert MOST_KEPT / 2 < len(kept(many, many)) <= MOST_KEPT
    assert kept(None, many) == []


FULL = Figures(1.0, None, None)


def test_known_figures_are_taken_over(shelf: Shelf) -> None:
    """The old model need not sit the same exam again."""
    known = Figures(0.5, None, 0.25)

    assert examine(shelf, None, known, []) == Exam(known)


def test_what_was_sure_to_be_something_else_is_told(shelf: Shelf) -> None:
    """Staff hear that a new lesson contradicts what was answered outright."""
    lessons = [("làm giấy khai sinh", MARRIAGE), ("làm giấy khai sinh", BIRTH)]
    exam = examine(shelf, None, FULL, lessons)

    assert exam.otherwise == (("làm giấy khai sinh", BIRTH),)


def test_without_questions_nothing_is_measured(shelf: Shelf) -> None:
    """No model may go live unmeasured."""
    with pytest.raises(NoQuestionsError):
        examine(shelf, None, Paper(), [])


def test_each_kind_is_judged_in_its_own_way(shelf: Shelf, tmp_path: Path) -> None:
    """A procedure by what came first, an intent by its name, a foreign one by a no."""
    file = written(
        tmp_path / "kinds.jsonl",
        {"q": "làm giấy khai sinh", "gold": [BIRTH]},
        {"q": "đăng ký kết hôn", "gold": [BIRTH]},
        {"q": "cảm ơn nhiều nhé", "intent": "thanks"},
        {"q": "làm khai sinh với kết hôn", "needs": [[BIRTH], [MARRIAGE]]},
        {"q": "làm giấy khai sinh", "gold": [BIRTH], "scope": "elsewhere"},
        {"turns": [{"q": "làm khai sinh", "gold": [BIRTH]}]},
    )
    asked = paper([file])
    figures = examine(shelf, None, asked, []).figures

    assert [kind_of(one) for one in asked.asked] == [
        Kind.PROCEDURE,
        Kind.PROCEDURE,
        Kind.INTENT,
        Kind.OUTSIDE,
    ]
    assert figures == Figures(0.5, 1.0, 0.0, ((1, MARRIAGE), (3, BIRTH)))


def test_losses_are_counted_from_the_first_model() -> None:
    """What several models lost little by little is seen in one sum."""
    asked = paper(QUESTIONS)
    since = Figures(1.0, None, None)
    old, new = (Figures(0.5, None, None, missed) for missed in (((0, ""),), TWO))
    models = learnt(model="m1"), learnt(Example(STRANGE, BIRTH))
    found = compare(models, (Exam(old), Exam(new)), asked, since)

    assert found.changes[0] == Tally(Kind.PROCEDURE, lost=1, won=0)
    assert found.drift[0] == Tally(Kind.PROCEDURE, lost=2, won=0)


TWO = ((0, ""), (1, ""))


def test_words_are_read_once_and_sentences_three_ways() -> None:
    """A slip in a short form is another word."""
    lessons = [("gks", "=giấy khai sinh"), ("làm giấy", BIRTH)]

    assert readings(lessons)[0] == lessons[0]
    assert len(readings(lessons)) == 1 + len(TYPED)


def test_our_own_questions_ship_with_us() -> None:
    """Files of the regression, and of what must hold, are beside the code."""
    asked = paper(regression_files(), held_files())

    assert len(asked.asked) >= 500
    assert 30 <= len(asked.held) <= 100
    assert {kind_of(asked.asked[n]) for n in asked.held} == {
        Kind.PROCEDURE,
        Kind.INTENT,
    }
