"""Does the report say what a scripted reader did right and wrong?"""

from __future__ import annotations

import pytest

from nlu.measure.questions import Asked, Questions
from nlu.measure.report import measure
from nlu.model import (
    Candidate,
    Decision,
    Facet,
    Intent,
    Memory,
    Understanding,
)


def seen(
    decision: Decision,
    *codes: str,
    intent: Intent = Intent.ASK_PROCEDURE,
    facets: tuple[Facet, ...] = (),
    others: tuple[Understanding, ...] = (),
) -> Understanding:
    """Return a reading with these candidates."""
    candidates = tuple(Candidate(code, 0.5) for code in codes)
    return Understanding(
        "", intent, facets, decision, candidates, 0.9, False, False, 2.0, others
    )


class Scripted:
    """A reader that knows its lines, and remembers what it was given."""

    def __init__(self, **lines: Understanding) -> None:
        self._lines = lines
        self.memories: list[Memory | None] = []

    def parse(self, text: str, memory: Memory | None = None) -> Understanding:
        """Return the reading written for the text."""
        self.memories.append(memory)
        return self._lines[text]


def nobody(_code: str) -> tuple[str, ...]:
    """Return no twins."""
    return ()


def test_procedures() -> None:
    """Right, offered, refused and precision follow from the decisions."""
    reader = Scripted(
        a=seen(Decision.ANSWER, "1"),
        b=seen(Decision.ANSWER, "2", "1"),
        c=seen(Decision.ASK, "3", "1"),
        d=seen(Decision.UNKNOWN),
    )
    asked = tuple(Asked(text, (("1",),)) for text in "abcd")

    found = measure(reader, Questions(asked), nobody).procedures

    assert (found.first, found.third) == (0.25, 0.75)
    assert (found.answered, found.offered, found.refused) == (0.5, 0.25, 0.25)
    assert found.precision == 0.5
    assert found.one_tap == 0.5


def test_outside() -> None:
    """Matters of others are caught when nothing of ours is answered or offered."""
    reader = Scripted(
        a=seen(Decision.ELSEWHERE, "9"),
        b=seen(Decision.ANSWER, "1"),
        c=seen(Decision.UNKNOWN, intent=Intent.OUT_OF_SCOPE),
        d=seen(Decision.ELSEWHERE, "9"),
    )
    asked = (
        Asked("a", (("9",),), foreign=True),
        Asked("b", foreign=True),
        Asked("c", intent=Intent.OUT_OF_SCOPE),
        Asked("d", (("1",),)),
    )

    found = measure(reader, Questions(asked), nobody).outside

    assert (found.matters, found.caught, found.named) == (2, 0.5, 1.0)
    assert (found.chatter, found.chatter_caught) == (1, 1.0)
    assert found.false_alarms == 1.0
    assert found.curve[0] == pytest.approx((0.0, 2 / 3, 1.0))
    assert found.curve[-1] == pytest.approx((0.95, 1.0, 1.0))


def test_intents_and_facets() -> None:
    """Each intent and facet has its score; mistakes are listed."""
    reader = Scripted(
        a=seen(Decision.CHAT, intent=Intent.THANKS),
        b=seen(Decision.CHAT, intent=Intent.THANKS),
        c=seen(Decision.ANSWER, "1", facets=(Facet.FEE,)),
    )
    asked = (
        Asked("a", intent=Intent.THANKS),
        Asked("b", intent=Intent.PRAISE),
        Asked("c", (("1",),), facets=frozenset({Facet.FEE, Facet.TIME})),
    )

    found = measure(reader, Questions(asked), nobody)

    assert found.intents[Intent.THANKS].f1 == pytest.approx(2 / 3)
    assert found.intents[Intent.PRAISE].f1 == 0
    assert found.macro_f1 == pytest.approx(1 / 3)
    assert found.confusions == ((Intent.PRAISE, Intent.THANKS, 1),)
    assert found.facets[Facet.FEE].f1 == 1
    assert found.facets[Facet.TIME].recall == 0


def test_several_matters() -> None:
    """All matters of a message must be found, in the main reading or the others."""
    both = seen(Decision.ANSWER, "1", others=(seen(Decision.ANSWER, "2"),))
    reader = Scripted(a=both, b=seen(Decision.ANSWER, "1"))
    asked = tuple(Asked(text, (("1",), ("2",))) for text in "ab")

    assert measure(reader, Questions(asked), nobody).several == (2, 0.5)


def test_talks_are_read_in_the_light_of_what_was_said() -> None:
    """What was answered is remembered for the next turn, what was offered as well."""
    reader = Scripted(
        a=seen(Decision.ASK, "1", "2", facets=(Facet.FEE,)),
        b=seen(Decision.ANSWER, "2"),
        c=seen(Decision.ANSWER, "3"),
    )
    talk = (
        Asked("a", (("2",),), facets=frozenset({Facet.FEE})),
        Asked("b", (("2",),)),
        Asked("c", (("2",),)),
    )

    found = measure(reader, Questions(talks=(talk,)), nobody)

    assert found.talks == (3, 2 / 3)
    assert reader.memories == [
        Memory(),
        Memory(None, ("1", "2"), (Facet.FEE,)),
        Memory("2", (), ()),
    ]
