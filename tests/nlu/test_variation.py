"""A variant of the matter spoken of is found from the few words that name it."""

from __future__ import annotations

import pytest

from nlu.engine import Engine
from nlu.model import Facet, Memory
from tests.nlu.support import best

BIRTH, AGAIN = "1.001193", "1.004884"
TALK = Memory(code=BIRTH, facets=(Facet.FEE,))


@pytest.mark.parametrize(
    "text",
    [
        "không, ý em là đăng ký lại",
        "khong y em la dang ky lai",
        "còn đăng ký lại thì sao",
    ],
)
def test_a_correction_names_the_variant(engine: Engine, text: str) -> None:
    """The words said now are read with the matter in the memory, its facets kept."""
    reading = engine.parse(text, TALK)

    assert best(reading) == AGAIN
    assert reading.facets == TALK.facets


def test_a_new_matter_is_no_variant(engine: Engine) -> None:
    """Who names another matter outright is answered about that."""
    assert best(engine.parse("còn đăng ký kết hôn thì sao", TALK)) == "1.000894"


@pytest.mark.parametrize("text", ["còn lệ phí thì sao", "con le phi thi sao"])
def test_a_facet_is_no_variant(engine: Engine, text: str) -> None:
    """A question for another part stays with the matter, "còn" is no child."""
    reading = engine.parse(text, TALK)

    assert best(reading) == BIRTH
    assert reading.facets == (Facet.FEE,)
