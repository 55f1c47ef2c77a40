"""Speak, ask back, send on or admit: what does the reading allow?"""

from __future__ import annotations

from dataclasses import dataclass

from nlu.model import Decision

# From these probabilities on we answer, or offer the best three. Chosen so that on
# kept-out questions at least 92 of 100 direct answers are right; see
# benchmarks/nlu_accuracy.py.
ANSWER_AT = 0.78
ASK_AT = 0.18
# How far a procedure of another level must lead the commune's best to win.
ELSEWHERE_LEAD = 0.10
ELSEWHERE_AT = 0.30


@dataclass(frozen=True, slots=True)
class Contest:
    """The best of all against the best of the commune, scores as found."""

    best_is_commune: bool
    best: float
    best_commune: float

    @property
    def lead_of_elsewhere(self) -> float:
        """The lead of another level's procedure, as a share; negative when behind."""
        if self.best_is_commune or self.best <= 0:
            return -1.0
        return (self.best - self.best_commune) / self.best


def decide(confidence: float, contest: Contest) -> Decision:
    """Return what to do about a question on a procedure."""
    if not contest.best_is_commune:
        return _outside(confidence, contest)
    if confidence >= ANSWER_AT:
        return Decision.ANSWER
    return Decision.ASK if confidence >= ASK_AT else Decision.UNKNOWN


def _outside(confidence: float, contest: Contest) -> Decision:
    """Return what to do when the best procedure is not the commune's."""
    clear = contest.lead_of_elsewhere >= ELSEWHERE_LEAD
    if clear and confidence >= ELSEWHERE_AT:
        return Decision.ELSEWHERE
    return Decision.ASK if confidence >= ASK_AT else Decision.UNKNOWN
