"""Are questions that say about the same put together, and only those?"""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from nlu.likeness import alike

TEXTS = st.lists(st.text(max_size=30) | st.sampled_from(["xin giấy", "xin giay ạ"]))


def test_the_same_question_in_other_letters_is_one() -> None:
    """Accents, order, politeness and what was masked make no difference."""
    texts = [
        "cho hỏi xin tờ vuông màu hồng",
        "xin to vuong mau hong a",
        "màu hồng vuông tờ xin [họ tên]",
        "đổi bằng lái",
    ]

    assert alike(texts) == [[0, 1, 2], [3]]


def test_a_word_in_common_is_not_enough() -> None:
    """Two matters that share a word stay apart."""
    assert alike(["thuê xe cẩu", "thuê hội trường thôn"]) == [[0], [1]]
    assert alike([]) == []


@given(TEXTS)
def test_every_text_is_in_one_group(texts: list[str]) -> None:
    """Nothing is lost, nothing twice; groups come in order of their first text."""
    groups = alike(texts)

    assert sorted(place for group in groups for place in group) == [*range(len(texts))]
    assert [group[0] for group in groups] == sorted(group[0] for group in groups)
    assert all(group == sorted(group) for group in groups)
