"""Matters of others: told from ours, and whose they are."""

from __future__ import annotations

import pytest

from nlu.decoys import decoys, offices
from nlu.engine import Engine
from nlu.model import Decision


def test_every_matter_of_others_has_an_office() -> None:
    """Nobody is sent on without being told where."""
    named = offices()

    assert {entry.code for entry in decoys()} == set(named)
    assert all(named.values())


@pytest.mark.parametrize(
    ("text", "office"),
    [
        ("tôi muốn ly hôn đơn phương", "Tòa án"),
        ("đăng kiểm xe ô tô ở đâu", "đăng kiểm"),
        ("nop tien dien", "Điện lực"),
    ],
)
def test_a_matter_of_others_names_its_office(
    engine: Engine, text: str, office: str
) -> None:
    """What no catalogue describes still has somebody who settles it."""
    reading = engine.parse(text)

    assert reading.decision is Decision.ELSEWHERE
    assert office in reading.office


def test_a_matter_of_ours_names_no_other_office(engine: Engine) -> None:
    """A question for the commune is not sent on."""
    assert engine.parse("làm khai sinh cho con").office == ""
