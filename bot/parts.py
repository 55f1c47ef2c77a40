"""Which parts of the work does a process do? One does all, or several share it."""

from __future__ import annotations

from enum import StrEnum


class Part(StrEnum):
    """What one process can do of the work; ``thanthien run`` does all of it."""

    DOOR = "web"
    ROAD = "worker"
    CLOCK = "scheduler"


EVERYTHING = frozenset(Part)
INBOX = "inbox"
"""The topic rung when something was received; the others are channels."""
