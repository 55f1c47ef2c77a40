"""Is only what Rasa would say believed?"""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nlu.rasa.answer import MOST_RANKED, Answer, Ranked, answer_of
from nlu.rasa.errors import WrongShapeError
from tests.nlu.rasa.fake import said

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=8,
)
NAMES = st.none() | st.text() | st.sampled_from(["thanks", "tt_1_001193"])
INTENTS = st.fixed_dictionaries({"name": NAMES, "confidence": JSON}) | JSON


def test_ranking_is_best_first_and_says_nothing_twice() -> None:
    """The intent leads; the others follow by share, whatever order they came in."""
    document = said(("a", 0.5), ("c", 0.1), ("b", 0.3), ("a", 0.5), ("c", 0.05))

    assert answer_of(document) == Answer(
        (Ranked("a", 0.5), Ranked("b", 0.3), Ranked("c", 0.1))
    )


def test_the_intent_leads_whatever_the_shares() -> None:
    """A classifier behind the ranking may have had the last word."""
    document = {
        "intent": {"name": "a", "confidence": 0.3},
        "intent_ranking": [
            {"name": "b", "confidence": 0.6},
            {"name": "a", "confidence": 0.2},
        ],
    }

    assert answer_of(document) == Answer((Ranked("a", 0.3), Ranked("b", 0.6)))


def test_no_idea_is_an_answer() -> None:
    """Rasa names no intent for a text without a known word."""
    assert answer_of(said()) == Answer(())


def test_a_ranking_may_be_missing() -> None:
    """Classifiers other than DIET rank nothing."""
    document = {"intent": {"name": "thanks", "confidence": 1}}

    assert answer_of(document) == Answer((Ranked("thanks", 1.0),))


def test_a_hair_more_than_one_is_one() -> None:
    """Single precision adds up to 1.0000001."""
    assert answer_of(said(("a", 1.0000001))).ranking[0].share == 1.0


@pytest.mark.parametrize(
    "confidence",
    [None, True, "0.9", [], {}, -0.5, 1.5, 10**400, float("nan"), float("inf")],
)
def test_a_share_is_a_number_between_nought_and_one(confidence: object) -> None:
    """Anything else is no share."""
    with pytest.raises(WrongShapeError):
        answer_of({"intent": {"name": "a", "confidence": confidence}})


@given(
    JSON
    | st.fixed_dictionaries(
        {"intent": INTENTS}, optional={"intent_ranking": st.lists(INTENTS) | JSON}
    )
)
def test_any_document_is_an_answer_or_wrong(document: Any) -> None:
    """Whatever JSON comes, it is a sound ranking or one named error."""
    try:
        answer = answer_of(document)
    except WrongShapeError:
        return
    names = [ranked.name for ranked in answer.ranking]
    assert len(names) == len(set(names)) <= MOST_RANKED + 1
    assert all(0 <= ranked.share <= 1 for ranked in answer.ranking)
