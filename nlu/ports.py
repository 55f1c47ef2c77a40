"""Who reads a citizen's text? The embedded engine or a Rasa server."""

from __future__ import annotations

from typing import Protocol

from nlu.model import Memory, Understanding


class Reader(Protocol):
    """Reads one message; pure, no I/O in the embedded engine."""

    def parse(self, text: str, memory: Memory | None = None) -> Understanding:
        """Return what the text means in the light of what was said before."""
        ...
