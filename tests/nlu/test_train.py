"""Does training make the same model of the same lessons, and measure it fairly?"""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from nlu.artefact import MEANS, Artefact, dump, parse
from nlu.model import Decision, Intent
from nlu.train import Example, Shelf, basis, build, fresh, is_same, train
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


def test_training_is_the_same_every_time() -> None:
    """The order of examples and counts leaves no trace in the bytes."""
    examples = [
        Example("lên sổ", BIRTH),
        Example("cưới vợ", "1.000894"),
        Example("dạ đúng rồi", "affirm", is_intent=True),
        Example("giấy đầu đời", BIRTH),
        Example("gks", MEANS + "giấy khai sinh"),
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
    assert first.words == {"gks": "giấy khai sinh"}
    assert first.wanted[BIRTH] == 1000


def test_what_was_taught_is_read(shelf: Shelf) -> None:
    """A sentence nobody could guess is understood after it was taught."""
    engine = build(shelf, learnt(Example(STRANGE, BIRTH)))

    assert best(engine.parse(STRANGE)) == BIRTH


def test_a_local_word_is_read_as_what_it_stands_for(shelf: Shelf) -> None:
    """A word of the place, learnt like a sentence; the configuration goes before."""
    word = Example("dkx", MEANS + "đăng ký kết hôn")
    plain = Shelf(shelf.entries, {})
    own = Shelf(shelf.entries, {"dkx": "làm giấy khai sinh"})

    assert build(plain, None).parse("hỏi dkx").decision is not Decision.ANSWER
    assert best(build(plain, learnt(word)).parse("hỏi dkx")) == MARRIAGE
    assert best(build(own, learnt(word)).parse("hỏi dkx")) == BIRTH
    assert fresh(None, learnt(word)) == [("dkx", "=đăng ký kết hôn")]


def test_the_same_knowledge_is_the_same() -> None:
    """Training twice on the same lessons leads nowhere."""
    lesson = Example(STRANGE, BIRTH)
    old, new = learnt(lesson), learnt(lesson, model="m2")

    assert is_same(old, new)
    assert is_same(None, learnt())


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
