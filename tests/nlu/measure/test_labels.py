"""Whoever asks for somebody to turn to asks for the place, in all labelled files."""

from __future__ import annotations

import json

import pytest

from nlu.measure.labels import QUESTIONS, asks_whom, labelled, lacking


@pytest.mark.parametrize(
    "text",
    [
        "mở lớp giữ trẻ thì xin phép ai",
        "nop ho so cho ai",
        "ai có thẩm quyền giải quyết việc này",
        "cơ quan nào cấp giấy này",
        "nên hỏi bên nào",
    ],
)
def test_asks_whom(text: str) -> None:
    """Who takes or decides it is asked for, with and without accents."""
    assert asks_whom(text)


@pytest.mark.parametrize(
    "text",
    ["ai cũng làm được à", "xin giấy ai là chủ đất", "bên nào chịu phí", "ai đó"],
)
def test_asks_nobody(text: str) -> None:
    """Other words for people ask for no place."""
    assert not asks_whom(text)


def test_labelled() -> None:
    """The place is added to what was labelled, nothing is taken away."""
    line = '{"q": "phí bao nhiêu, gặp ai", "facets": ["fee"]}'
    assert lacking(line)
    assert json.loads(labelled(line))["facets"] == ["fee", "place"]
    assert not lacking(labelled(line))


def test_the_rule_holds_everywhere() -> None:
    """No labelled question lacks the place that the rule asks for."""
    lines = (
        line
        for path in QUESTIONS.rglob("*.jsonl")
        for line in path.read_text("utf-8").splitlines()
    )
    assert sum(map(lacking, filter(str.strip, lines))) == 0
