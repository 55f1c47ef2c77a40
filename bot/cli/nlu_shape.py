"""In which shape do other programs get a reading? (DESIGN.md, public interface)"""

from __future__ import annotations

from typing import Any

from nlu.model import Candidate, Understanding


def as_mapping(reading: Understanding) -> dict[str, Any]:
    """Return a reading as JSON shows it."""
    return {
        "text": reading.text,
        "intent": reading.intent.value,
        "facets": [facet.value for facet in reading.facets],
        "decision": reading.decision.value,
        "candidates": [
            {"code": c.code, "score": round(c.score, 4)} for c in _shown(reading)
        ],
        "has_accents": reading.has_accents,
        "ms": round(reading.ms, 3),
    }


def _shown(reading: Understanding) -> list[Candidate]:
    """Return the best of each matter in the message, then the runners-up."""
    others = [other.candidates[0] for other in reading.others if other.candidates]
    return [*reading.candidates[:1], *others, *reading.candidates[1:]]
