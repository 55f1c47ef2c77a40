"""Speak, ask back, send on or admit: what does the reading allow?"""

from __future__ import annotations

from nlu.model import Decision

# From these probabilities on we answer, or offer the best three. Chosen so that most
# are answered outright and 92 of 100 need one tap at most; see docs/PERFORMANCE.md.
ANSWER_AT = 0.85
ASK_AT = 0.22
# From this probability on the matter is settled by others.
ELSEWHERE_AT = 0.60
ELSEWHERE_SURE = 0.30


def decide(confidence: float, outside: float, *, best_is_commune: bool) -> Decision:
    """Return what to do about a question on a procedure.

    ``confidence`` is the probability that the best one is meant, ``outside`` that it
    is one the commune does not do, both 0..1.
    """
    if best_is_commune and confidence >= ANSWER_AT:
        return Decision.ANSWER
    if outside >= ELSEWHERE_AT and confidence >= ELSEWHERE_SURE:
        return Decision.ELSEWHERE
    return Decision.ASK if confidence >= ASK_AT else Decision.UNKNOWN
