"""What states can a received file be in, and which of them are ends?"""

from __future__ import annotations

from enum import StrEnum


class FileState(StrEnum):
    """How far a citizen's file got; ``GONE``: the platform no longer has it."""

    WANTED = "wanted"
    STORED = "stored"
    REFUSED = "refused"
    GONE = "gone"


FILE_ENDS = frozenset({FileState.STORED, FileState.REFUSED, FileState.GONE})
