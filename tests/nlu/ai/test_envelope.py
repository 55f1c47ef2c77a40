"""Is only the one thing taken from a reply that was asked for?"""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nlu.ai.envelope import MOST_TOKENS, Reply, only_value, reply_of
from nlu.ai.errors import WrongShapeError
from nlu.ai.use import Result
from tests.nlu.ai.fake import envelope

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(["choices", "message", "content", "usage", "order"]),
            inner,
            max_size=4,
        )
    ),
    max_leaves=10,
)


@pytest.mark.parametrize(
    ("told", "counted"),
    [
        (1, 1),
        (MOST_TOKENS, MOST_TOKENS),
        (MOST_TOKENS + 1, None),
        (10**400, None),
        (0, None),
        (-5, None),
        (True, None),
        (3.5, None),
        ("12", None),
        (None, None),
    ],
)
def test_a_cost_that_is_none_is_not_believed(told: object, counted: int | None) -> None:
    """Then the most it can have cost is counted."""
    assert reply_of(envelope("{}", told)) == Reply("{}", counted)


@pytest.mark.parametrize("usage", [None, [], "12", {"tokens": 3}])
def test_a_server_may_tell_no_cost(usage: object) -> None:
    """Some local servers do not count."""
    assert reply_of(envelope("{}") | {"usage": usage}) == Reply("{}", None)


@given(JSON)
def test_any_json_is_read_or_refused(document: object) -> None:
    """Nothing but WrongShapeError is ever raised."""
    try:
        found = reply_of(document)
    except WrongShapeError:
        return
    assert isinstance(found.content, str)


def test_the_value_of_the_one_key() -> None:
    """Blanks around do no harm."""
    assert only_value(' {"order": [1, 2]}\n', "order") == [1, 2]


@pytest.mark.parametrize(
    "content",
    [
        "",
        "Dạ, anh/chị cần làm thủ tục số 2 ạ.",
        'Kết quả: {"order": [1]}',
        '```json\n{"order": [1]}\n```',
        '{"order": [1]} {"order": [2]}',
        '{"order": [1',
        "[" * 50_000,
    ],
)
def test_words_around_json_are_no_json(content: str) -> None:
    """A model that chats is not listened to."""
    assert only_value(content, "order") is Result.NOT_JSON


@pytest.mark.parametrize(
    "content",
    [
        "{}",
        "[]",
        "[1]",
        '[["order", [1]]]',
        '[{"order": [1]}]',
        "null",
        '"order"',
        '{"search": "khai tử"}',
        '{"order": [1], "fee": "50.000 đồng"}',
        '{"order": [1], "link": "http://lua-dao.example"}',
        '{"order": [1], "order": [2]}',
        '{"ORDER": [1]}',
    ],
)
def test_anything_else_beside_it_is_refused(content: str) -> None:
    """Facts, links and further keys void the whole reply."""
    assert only_value(content, "order") is Result.WRONG_SHAPE


@given(st.text() | JSON.map(json.dumps))
def test_any_content_is_read_or_refused(content: str) -> None:
    """Whatever a model writes, nothing is raised."""
    only_value(content, "order")
