"""How is the use of a language model put on record?

Each one that left this process, helpful or not: for what, which model, how long, how
much, what came of it. No text is in it, neither theirs nor the citizen's.
"""

from __future__ import annotations

from handlers.model import Event, Tag
from nlu.ai.stage import AiReader
from nlu.ai.use import AiUse
from nlu.ports import Reader


def evidence(reader: Reader | None) -> tuple[Event, ...]:
    """Return the event of what a reader asked; () when it asked nothing."""
    if not isinstance(reader, AiReader) or reader.used is None:
        return ()
    return (event(reader.used),)


def event(use: AiUse) -> Event:
    """Return the event of one use; milliseconds and tokens are whole numbers."""
    return Event(
        Tag.AI_ASKED,
        {
            "purpose": use.purpose.value,
            "model": use.model,
            "ms": use.ms,
            "tokens": use.tokens,
            "result": use.result.value,
        },
    )
