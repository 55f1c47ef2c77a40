"""Does a chosen order change only what is offered, and our own guess stay on show?"""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nlu.ai.rerank import MOST_CHOSEN, MOST_SHOWN, chosen, reranked
from nlu.ai.use import Result
from nlu.model import Candidate, Decision, Intent
from tests.nlu.ai.support import (
    AGAIN,
    HOUSE,
    LAND,
    MARRIAGE,
    SHOP,
    SINGLE,
    SPLIT,
    choices,
    codes_of,
    reading,
)

TEN = choices(HOUSE, LAND, SPLIT, SHOP, MARRIAGE, AGAIN, SINGLE, "a", "b", "c")


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        ('{"order": []}', ()),
        ('{"order": [3]}', (2,)),
        ('{"order": [10, 1, 5]}', (9, 0, 4)),
        ('{"order": [1, 2, 3, 4, 5]}', (0, 1, 2)),
        ('{"order": [11]}', Result.INVENTED),
        ('{"order": [1, 0]}', Result.INVENTED),
        ('{"order": [-1]}', Result.INVENTED),
        ('{"order": [1, 2, 3, 999999999999999999999]}', Result.INVENTED),
        ('{"order": [1, 1]}', Result.WRONG_SHAPE),
        ('{"order": [1.0]}', Result.WRONG_SHAPE),
        ('{"order": [true]}', Result.WRONG_SHAPE),
        ('{"order": ["1"]}', Result.WRONG_SHAPE),
        ('{"order": ["1.001193"]}', Result.WRONG_SHAPE),
        ('{"order": [[1]]}', Result.WRONG_SHAPE),
        ('{"order": {}}', Result.WRONG_SHAPE),
        ('{"order": "1"}', Result.WRONG_SHAPE),
        ('{"order": 1}', Result.WRONG_SHAPE),
        ('{"order": null}', Result.WRONG_SHAPE),
        ('{"order": [NaN]}', Result.WRONG_SHAPE),
        ('{"order": [1], "answer": "miễn phí"}', Result.WRONG_SHAPE),
        ("số 1 ạ", Result.NOT_JSON),
    ],
)
def test_a_reply_is_numbers_of_the_list(
    content: str, expected: tuple[int, ...] | Result
) -> None:
    """A code, a number off the list, a word of explanation: nothing of it is taken."""
    assert chosen(content, 10) == expected


def test_no_list_is_longer_than_ours() -> None:
    """More numbers than there were procedures are no choice."""
    assert chosen(json.dumps({"order": [1, 2, 3]}), 2) is Result.WRONG_SHAPE


@pytest.mark.parametrize(
    ("places", "shown"),
    [
        ((), [HOUSE, LAND]),
        ((0,), [HOUSE, LAND]),
        ((1,), [LAND, HOUSE]),
        ((4,), [MARRIAGE, HOUSE, LAND]),
        ((4, 0), [MARRIAGE, HOUSE, LAND]),
        ((4, 5), [MARRIAGE, AGAIN, HOUSE, LAND]),
        ((4, 5, 6), [MARRIAGE, AGAIN, HOUSE, SINGLE, LAND]),
        ((4, 1, 0), [MARRIAGE, LAND, HOUSE]),
    ],
)
def test_the_chosen_come_first_and_ours_stays(
    places: tuple[int, ...], shown: list[str]
) -> None:
    """What our engine thinks likeliest is among the three buttons."""
    own = reading(Decision.ASK, HOUSE, LAND)

    found = reranked(own, places, TEN)
    assert codes_of(found) == shown
    assert (found.decision, found.confidence, found.facets) == (
        Decision.ASK,
        own.confidence,
        own.facets,
    )


def test_where_we_had_nothing_the_chosen_are_offered() -> None:
    """From "unknown" it becomes a question with three buttons, never an answer."""
    own = reading(Decision.UNKNOWN, SHOP, intent=Intent.OUT_OF_SCOPE)

    found = reranked(own, (1, 0), TEN)
    assert (found.intent, found.decision) == (Intent.ASK_PROCEDURE, Decision.ASK)
    assert codes_of(found) == [LAND, HOUSE]
    assert reranked(own, (), TEN) is own


@given(
    st.sampled_from([Decision.ASK, Decision.UNKNOWN]),
    st.lists(
        st.sampled_from([HOUSE, LAND, SPLIT]), min_size=1, max_size=3, unique=True
    ),
    st.lists(st.integers(0, 9), max_size=MOST_CHOSEN, unique=True),
)
def test_whatever_is_chosen_it_is_a_question(
    decision: Decision, ours: list[str], places: list[int]
) -> None:
    """Only listed procedures, each once; ours not hidden; never surer than before."""
    own = reading(decision, *ours)
    found = reranked(own, places, TEN)
    shown = codes_of(found)

    assert found.decision in {decision, Decision.ASK}
    assert found.confidence == own.confidence
    assert len(shown) == len(set(shown)) <= MOST_SHOWN
    assert set(shown) <= {*ours, *(one.candidate.code for one in TEN)}
    if decision is Decision.ASK:
        assert ours[0] in shown[:MOST_CHOSEN]
    if places:
        assert TEN[places[0]].candidate.code == shown[0]


def test_a_question_without_candidates_gets_some() -> None:
    """When all we found are matters of others, there is nothing of ours to keep."""
    assert codes_of(reranked(reading(Decision.ASK), (4,), TEN)) == [MARRIAGE]


def test_the_same_procedure_keeps_one_score() -> None:
    """Ours and theirs are one candidate by its code, not two by their scores."""
    own = reading(Decision.ASK, HOUSE, LAND)
    found = reranked(own, (1,), TEN)

    assert len(found.candidates) == 2
    assert found.candidates[0] == Candidate(LAND, 0.4)
