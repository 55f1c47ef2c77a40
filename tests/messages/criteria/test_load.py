"""Is the shipped set whole, and is a set with a mistake refused by name?"""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

from messages.criteria.errors import CriteriaError
from messages.criteria.load import load, shipped
from messages.criteria.model import Mode


def test_the_shipped_set_is_the_appendix() -> None:
    """88 rows, 69 scored, 25 of them only filed; no score was invented."""
    found = shipped()

    assert (len(found.rows), len(found.scored)) == (88, 69)
    assert Counter(r.mode for r in found.scored)[Mode.FILED] == 25
    assert {row.score for row in found.rows} == {None}
    assert all(row.papers or row.draws for row in found.scored)
    assert found.named("I.1.a") is not None


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("[]", "rows"),
        ("rows: [{id: A, level: item}]", "A: 'title'"),
        ("rows: [{id: ../A, level: item, title: x}]", "../A"),
        ("rows: [{id: A, level: item, title: x, mod: y}]", "mod"),
        ("rows: [{id: A, level: row, title: x}]", "row"),
        ("rows: [{id: A, level: item, title: x}, {id: A, level: item, title: y}]", "A"),
        ("rows: [{id: A, level: item, title: x, draws: [{kind: z, title: y}]}]", "z"),
    ],
)
def test_a_mistake_is_named(tmp_path: Path, text: str, said: str) -> None:
    """The message holds the row and the word."""
    path = tmp_path / "own.yml"
    path.write_text(text, encoding="utf-8")

    with pytest.raises(CriteriaError) as caught:
        load(path)
    assert said in str(caught.value)
