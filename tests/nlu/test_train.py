"""Does training make the same model of the same lessons, and measure it fairly?"""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import date
from pathlib import Path

import pytest

from nlu.artefact import Artefact, dump, parse
from nlu.errors import NoQuestionsError
from nlu.gate import Refusal, refusals
from nlu.measure.questions import Questions
from nlu.model import Intent
from nlu.train import (
    TYPED,
    Comparison,
    Exam,
    Example,
    Figures,
    Shelf,
    basis,
    build,
    compare,
    examine,
    fresh,
    is_same,
    regression,
    regression_files,
    train,
)
from nlu.usage import DayCount, Sign
from tests.nlu.support import DATA, best, entries

TODAY = date(2026, 11, 23)
BIRTH, MARRIAGE = "1.001193", "1.000894"
QUESTIONS = [DATA / "small_regression.jsonl"]
STRANGE = "cho cái tí nhà tui lên tờ đầu đời"


@pytest.fixture(scope="module")
def shelf() -> Shelf:
    """The small catalogue."""
    return Shelf(entries(), {"gks": "giấy khai sinh"})


def learnt(*examples: Example, model: str = "m1") -> Artefact:
    """Train on examples alone."""
    return train(Artefact("xa-thu", model, 1), examples, [], TODAY)


def compared(
    shelf: Shelf,
    old: Artefact | None,
    new: Artefact,
    files: Sequence[Path] = QUESTIONS,
) -> Comparison:
    """Let both sit the small exam."""
    asked, lessons = regression(files), fresh(old, new)
    before, after = (examine(shelf, one, asked, lessons) for one in (old, new))
    return compare(old, new, before, after)


def test_training_is_the_same_every_time() -> None:
    """The order of examples and counts leaves no trace in the bytes."""
    examples = [
        Example("lên sổ", BIRTH),
        Example("cưới vợ", "1.000894"),
        Example("dạ đúng rồi", "affirm", is_intent=True),
        Example("giấy đầu đời", BIRTH),
    ]
    counts = [
        DayCount(TODAY, BIRTH, Sign.TAP, 9),
        DayCount(TODAY, "1.000894", Sign.ANSWER, 5),
    ]
    blank = Artefact("xa-thu", "m1", 1)
    first = train(blank, examples, counts, TODAY)
    second = train(blank, examples[::-1], counts[::-1], TODAY)

    assert dump(first) == dump(second)
    assert parse(dump(first)) == first
    assert first.examples[BIRTH] == ("giấy đầu đời", "lên sổ")
    assert first.said == (("dạ đúng rồi", Intent.AFFIRM),)
    assert first.wanted[BIRTH] == 1000


def test_what_was_taught_is_read(shelf: Shelf) -> None:
    """A sentence nobody could guess is understood after it was taught."""
    engine = build(shelf, learnt(Example(STRANGE, BIRTH)))

    assert best(engine.parse(STRANGE)) == BIRTH


def test_an_intent_is_taught(shelf: Shelf) -> None:
    """A sentence of a commune's own may stand for an intent."""
    lesson = Example("hay quá chừng luôn bây ơi", "praise", is_intent=True)
    new = learnt(lesson)
    exam = examine(shelf, new, regression(QUESTIONS), fresh(None, new))

    assert exam.right >= 1
    assert build(shelf, new).parse(lesson.text).intent is Intent.PRAISE


def test_a_better_model_may_go_live(shelf: Shelf) -> None:
    """New examples are read better and the questions no worse."""
    found = compared(shelf, None, learnt(Example(STRANGE, BIRTH)))

    assert found.fresh == len(TYPED)
    assert found.new_right > found.old_right
    assert found.new.first == found.old.first
    assert found.lost == ()
    assert refusals(found) == ()


def test_a_wrong_lesson_does_not_pass(shelf: Shelf, tmp_path: Path) -> None:
    """A sentence under the wrong procedure costs a question and is refused."""
    file = tmp_path / "strange.jsonl"
    file.write_text(json.dumps({"q": STRANGE, "gold": [BIRTH]}), encoding="utf-8")
    right, wrong = (learnt(Example(STRANGE, code)) for code in (BIRTH, MARRIAGE))
    found = compared(shelf, right, wrong, [*QUESTIONS, file])

    assert Refusal.WORSE_FIRST in refusals(found)
    assert found.lost == ((4, MARRIAGE),)


def test_the_same_knowledge_is_nothing_new(shelf: Shelf) -> None:
    """Training twice on the same lessons leads nowhere, and says so."""
    lesson = Example(STRANGE, BIRTH)
    old, new = learnt(lesson), learnt(lesson, model="m2")

    assert is_same(old, new)
    assert is_same(None, learnt())
    assert refusals(compared(shelf, old, new)) == (Refusal.NOTHING_NEW,)


def test_known_figures_are_taken_over(shelf: Shelf) -> None:
    """The old model need not sit the same exam again."""
    known = Figures(0.5, None, 0.25)

    assert examine(shelf, None, known, []) == Exam(known, 0)


def test_without_questions_nothing_is_measured(shelf: Shelf) -> None:
    """No model may go live unmeasured."""
    with pytest.raises(NoQuestionsError):
        examine(shelf, None, Questions(), [])


def test_talks_are_left_out() -> None:
    """The regression is about single questions; what is learnt is no memory."""
    found = regression(QUESTIONS)

    assert len(found.asked) == 4
    assert found.talks == ()


def test_the_ground_moves_with_catalogue_and_questions(
    shelf: Shelf, tmp_path: Path
) -> None:
    """Figures are comparable only over the same entries, words and questions."""
    other = tmp_path / "small_regression.jsonl"
    other.write_text('{"q": "a b", "gold": ["1"]}\n', encoding="utf-8")
    grounds = [
        basis(shelf, QUESTIONS),
        basis(shelf, [other]),
        basis(Shelf(shelf.entries[1:], shelf.abbreviations), QUESTIONS),
        basis(Shelf(shelf.entries, {}), QUESTIONS),
    ]

    assert len(set(grounds)) == len(grounds)
    assert basis(shelf, QUESTIONS) == grounds[0]


def test_our_own_questions_ship_with_us() -> None:
    """The files of the regression are found beside the code, and can be read."""
    files = regression_files()

    assert files
    assert len(regression(files).asked) >= 200


def gate(
    old: Sequence[float | None], new: Sequence[float | None], **changes: int
) -> tuple[Refusal, ...]:
    """Ask the gate about figures: first, intents, outside."""
    counts = {"fresh": 3, "old_right": 0, "new_right": 3, "withdrawn": 0} | changes
    before, after = Figures(old[0], old[1], old[2]), Figures(new[0], new[1], new[2])
    found = Comparison(before, after, is_same=False, **counts)
    return refusals(found)


@pytest.mark.parametrize(
    ("new", "changes", "expected"),
    [
        ((0.8, 0.9, 0.7), {}, ()),
        ((0.799, 0.9, 0.7), {}, (Refusal.WORSE_FIRST,)),
        ((0.9, 0.896, 0.7), {}, ()),
        ((0.9, 0.89, 0.7), {}, (Refusal.WORSE_INTENTS,)),
        ((0.9, 0.9, 0.69), {}, (Refusal.WORSE_OUTSIDE,)),
        ((0.9, 0.9, 0.7), {"old_right": 3}, (Refusal.NOTHING_GAINED,)),
        ((0.8, 0.9, 0.7), {"fresh": 0, "new_right": 0}, (Refusal.NOTHING_GAINED,)),
        ((0.81, 0.9, 0.7), {"fresh": 0, "new_right": 0}, ()),
        ((0.1, 0.1, 0.1), {"fresh": 0, "new_right": 0, "withdrawn": 1}, ()),
        (
            (0.1, 0.1, 0.1),
            {"withdrawn": 1},
            (Refusal.WORSE_FIRST, Refusal.WORSE_INTENTS, Refusal.WORSE_OUTSIDE),
        ),
    ],
)
def test_the_gate(
    new: tuple[float, ...], changes: dict[str, int], expected: tuple[Refusal, ...]
) -> None:
    """No worse on the questions, strictly better on what is new; forgetting is free."""
    assert gate((0.8, 0.9, 0.7), new, **changes) == expected
