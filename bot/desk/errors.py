"""What can go wrong between staff channels and cases? Docstrings are the messages."""

from __future__ import annotations


class NotKeptError(Exception):
    """An officer's file is not kept; ``args`` name the sentence that says why."""
