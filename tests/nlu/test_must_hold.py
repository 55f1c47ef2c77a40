"""Is what the gate defends read right, typed with care or in haste?"""

from __future__ import annotations

from collections.abc import Callable

import pytest

from bot.cli.nlu_reader import seed_reader
from nlu.engine import Engine
from nlu.exam import judge
from nlu.measure.questions import Asked, read_all
from nlu.paper import Paper, held_files
from nlu.variants import folded

ASKED = read_all(held_files()).asked


@pytest.fixture(scope="module")
def engine() -> Engine:
    """The reader as it ships."""
    return seed_reader()


@pytest.mark.parametrize("change", [str, folded], ids=["typed", "folded"])
def test_what_must_hold_holds(engine: Engine, change: Callable[[str], str]) -> None:
    """A question that is missed already would defend nothing."""
    asked = [
        Asked(change(one.text), one.needs, one.intent, one.facets) for one in ASKED
    ]
    missed = judge(engine, Paper(tuple(asked))).missed

    assert [(asked[number].text, said) for number, said in missed] == []


def test_no_question_is_there_twice() -> None:
    """Each counts once."""
    assert len({one.text.lower() for one in ASKED}) == len(ASKED)
