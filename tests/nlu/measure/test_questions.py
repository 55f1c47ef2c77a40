"""Are question files read as written, and is a bad line named?"""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from nlu.errors import BadQuestionsError
from nlu.measure.questions import Asked, read_all
from nlu.model import Facet, Intent

QUESTIONS = Path(__file__).resolve().parents[3] / "nlu" / "questions"
LEAST_SHIPPED = 600


def write(path: Path, *rows: object) -> Path:
    """Write the rows as JSON lines, text rows as they are."""
    lines = [row if isinstance(row, str) else json.dumps(row) for row in rows]
    path.write_text("\n".join(lines), encoding="utf-8")
    return path


def test_every_kind_of_line(tmp_path: Path) -> None:
    """Gold, needs, intent, scope and turns become what they mean."""
    path = write(
        tmp_path / "a.jsonl",
        {"q": "khai sinh", "gold": ["1", "2"], "facets": ["fee"]},
        "",
        {"q": "khai sinh và khai tử", "needs": [["1"], ["3"]]},
        {"q": "cảm ơn", "intent": "thanks"},
        {"q": "ly hôn", "scope": "elsewhere"},
        {"turns": [{"q": "khai sinh", "gold": ["1"]}, {"q": "phí", "gold": ["1"]}]},
    )

    found = read_all([path])

    assert found.asked == (
        Asked("khai sinh", (("1", "2"),), facets=frozenset({Facet.FEE})),
        Asked("khai sinh và khai tử", (("1",), ("3",))),
        Asked("cảm ơn", intent=Intent.THANKS),
        Asked("ly hôn", foreign=True),
    )
    assert [len(talk) for talk in found.talks] == [2]


@pytest.mark.parametrize(
    "row",
    [
        "{",
        "[]",
        {"gold": ["1"]},
        {"q": " "},
        {"q": "a", "gold": [1]},
        {"q": "a", "intent": "dance"},
        {"q": "a", "facets": ["colour"]},
        {"turns": [{"q": 1}]},
    ],
)
def test_a_bad_line_is_named(tmp_path: Path, row: object) -> None:
    """The file and the line of the first mistake are told."""
    path = write(tmp_path / "bad.jsonl", {"q": "khai sinh", "gold": ["1"]}, row)

    with pytest.raises(BadQuestionsError, match=r"bad\.jsonl:2"):
        read_all([path])


def test_shipped_questions() -> None:
    """Both halves are readable, big enough, and share no question."""
    dev, regression = (read_all([QUESTIONS / n]) for n in ("dev", "regression"))
    texts = [{one.text for one in half.asked} for half in (dev, regression)]

    assert len(texts[0]) + len(texts[1]) >= LEAST_SHIPPED
    assert not texts[0] & texts[1]
