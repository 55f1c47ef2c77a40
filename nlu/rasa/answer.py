"""What did the Rasa server say? Its JSON, believed only when it has the right shape.

Shape of ``/model/parse`` (Rasa 3.6): ``{"intent": {"name", "confidence"},
"intent_ranking": [...]}``; other keys are of no interest.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import isfinite
from typing import Any

from nlu.rasa.errors import WrongShapeError

MOST_RANKED = 10
# Single-precision shares may add up to a hair more than one.
ROUNDING = 1e-3


@dataclass(frozen=True, slots=True)
class Ranked:
    """An intent by the name Rasa gives it, and its share, 0..1."""

    name: str
    share: float


@dataclass(frozen=True, slots=True)
class Answer:
    """The intents, likeliest first, no name twice; empty when Rasa has no idea."""

    ranking: tuple[Ranked, ...]


def answer_of(document: Any) -> Answer:
    """Return what a parsed JSON document says (any shape may come).

    Raises ``WrongShapeError`` for anything that Rasa would not say.
    """
    if not isinstance(document, dict):
        raise WrongShapeError("{}")
    best = _ranked(document.get("intent"))
    others = document.get("intent_ranking", [])
    if not isinstance(others, list):
        raise WrongShapeError("intent_ranking")
    if best is None:
        return Answer(())
    rest = [found for one in others[:MOST_RANKED] if (found := _ranked(one))]
    kept: dict[str, Ranked] = {}
    for ranked in (best, *sorted(rest, key=lambda one: -one.share)):
        kept.setdefault(ranked.name, ranked)
    return Answer(tuple(kept.values()))


def _ranked(value: Any) -> Ranked | None:
    """Return one intent; None where Rasa names none."""
    if not isinstance(value, dict):
        raise WrongShapeError("intent")
    name = value.get("name")
    if name is None:
        return None
    if not isinstance(name, str):
        raise WrongShapeError("intent.name")
    return Ranked(name, _share(value.get("confidence")))


def _share(value: Any) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise WrongShapeError("confidence")
    # An integer of a hundred digits is no share, and no float either.
    if not -ROUNDING <= value <= 1 + ROUNDING or not isfinite(value):
        raise WrongShapeError("confidence")
    return min(1.0, max(0.0, float(value)))
