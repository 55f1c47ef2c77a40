"""What does a citizen say about how they were served? A score, and perhaps words."""

from __future__ import annotations

from dataclasses import dataclass

WORST, BEST = 1, 5
LOW = 2
"""Up to this score we apologise and ask what went wrong."""


@dataclass(frozen=True, slots=True)
class Rating:
    """One answer; ``case_id`` is "" when it is about the service as a whole.

    ``score`` is 1 (very dissatisfied) to 5 (very satisfied), 0 where only words are
    added to what was said before.
    """

    score: int = 0
    case_id: str = ""
    words: str = ""
