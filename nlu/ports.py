"""Who reads a citizen's text? The embedded engine, and who is asked before it."""

from __future__ import annotations

from typing import Protocol

from nlu.model import Memory, Understanding


class Reader(Protocol):
    """Reads one message; pure, no I/O in the embedded engine."""

    def parse(self, text: str, memory: Memory | None = None) -> Understanding:
        """Return what the text means in the light of what was said before."""
        ...


class Ahead(Protocol):
    """Asks a server about a text before the handlers, which are pure, read it.

    Stages stand in a row: each is given the reader of the stage before, the first
    one our engine's. They are asked only about questions whose words may leave this
    process (see bot.ahead).
    """

    async def ahead(
        self, reader: Reader, text: str, memory: Memory | None = None
    ) -> Reader:
        """Return a reader that already knows what the server says of this text.

        Whatever the server does, it comes back within the stage's own time limit and
        raises nothing; then the reader reads as the one before. About another text
        it reads as the one before too, and about the same text with another memory
        it asks nobody again.
        """
        ...
