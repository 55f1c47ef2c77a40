"""Is every use of a language model told in figures?"""

from __future__ import annotations

from typing import Any

from handlers.ai_use import event, evidence
from handlers.model import Event, Tag
from nlu.ai.stage import AiReader
from nlu.ai.use import AiUse, Purpose, Result
from nlu.model import Decision, Intent, Memory, Understanding

USE = AiUse(Purpose.RERANK, "mau-thu", 812, 431, Result.INVENTED)
TOLD = Event(
    Tag.AI_ASKED,
    {
        "purpose": "rerank",
        "model": "mau-thu",
        "ms": 812,
        "tokens": 431,
        "result": "invented",
    },
)
READING = Understanding(
    "xin giấy", Intent.ASK_PROCEDURE, (), Decision.ASK, (), 0.3, True, False, 1.0
)


def reader(used: AiUse | None) -> AiReader:
    """Return a reader that asked, or did not."""
    nothing: Any = None
    return AiReader(nothing, "xin giấy", Memory(), READING, used)


def test_a_use_is_told_without_a_word() -> None:
    """For what, which model, how long, how much, what came of it; nothing private."""
    assert event(USE) == TOLD
    assert event(USE).private == {}


def test_only_what_was_asked_is_told() -> None:
    """A reader that asked nothing, another reader, none at all."""
    assert evidence(reader(USE)) == (TOLD,)
    assert evidence(reader(None)) == ()
    assert evidence(None) == ()
