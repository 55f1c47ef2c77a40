"""What does a message mean when our engine and Rasa have both read it?

Rasa knows sentences; our engine knows what Rasa cannot say: emergencies, codes and
numbers, what was spoken of, what others settle, which part is asked for. Rasa may
make us surer or give us another choice to offer; it never takes away a direct answer
that our engine is sure of.
"""

from __future__ import annotations

from dataclasses import replace

from nlu.model import Candidate, Decision, Intent, Understanding
from nlu.rasa.answer import Answer, Ranked
from nlu.rasa.known import Known
from nlu.rasa.names import CHAT, UNSURE
from nlu.rasa.tally import Result

# A mistake in these costs a citizen most, and what they say stays in this process.
OURS_ALONE = frozenset(
    {Intent.EMERGENCY, Intent.TO_CAO, Intent.OPT_OUT, Intent.PRIVACY}
)
# Shares of Rasa from which it is believed; measured with benchmarks/rasa_compare.py.
CHAT_AT = 0.80
ANSWER_AT = 0.90
AGREE_AT = 0.20
ASK_AT = 0.30
MOST_SHOWN = 5

Read = tuple[Understanding, Result]


def is_settled(own: Understanding) -> bool:
    """Whether our engine alone decides, so that there is nothing to ask Rasa."""
    certain = own.confidence >= 1.0
    bare = own.intent is Intent.ASK_PROCEDURE and own.confidence <= 0.0
    return (
        own.intent in OURS_ALONE
        or own.decision is Decision.ELSEWHERE
        or own.is_follow_up
        or bool(own.others)
        or certain
        or bare
    )


def fused(own: Understanding, answer: Answer, known: Known) -> Read:
    """Return the reading, and whether Rasa's word was of use."""
    if not answer.ranking or answer.ranking[0].name == UNSURE:
        return own, Result.UNSURE
    best = answer.ranking[0]
    if best.name in CHAT:
        return _talk(own, best)
    if known.code_of(best.name) is None:
        return own, Result.UNKNOWN_INTENT
    return _procedure(own, answer, known)


def _talk(own: Understanding, best: Ranked) -> Read:
    """Return what to make of a text that Rasa takes for no question of ours."""
    intent = CHAT[best.name]
    if best.share < CHAT_AT:
        return own, Result.UNSURE
    if own.decision is Decision.ANSWER or _surer(own, best):
        return own, Result.ANSWERED
    if intent is Intent.OUT_OF_SCOPE:
        return _out_of_scope(own, best), Result.ANSWERED
    return _reading(own, intent, Decision.CHAT, best.share), Result.ANSWERED


def _surer(own: Understanding, best: Ranked) -> bool:
    """Whether our engine took it for talk too, and is at least as sure of it."""
    return own.decision is Decision.CHAT and own.confidence >= best.share


def _out_of_scope(own: Understanding, best: Ranked) -> Understanding:
    """Refuse only what we cannot place either: a question sent away is worse."""
    if own.decision is Decision.ASK:
        return own
    return _reading(own, Intent.OUT_OF_SCOPE, Decision.UNKNOWN, best.share)


def _procedure(own: Understanding, answer: Answer, known: Known) -> Read:
    """Return what to make of a text that Rasa takes for a question on a procedure."""
    share = answer.ranking[0].share
    named = _candidates(answer, known)
    if own.decision is Decision.CHAT and own.confidence >= share:
        return own, Result.ANSWERED
    if own.decision is Decision.ANSWER:
        return own, Result.ANSWERED
    agreed = bool(own.candidates) and own.candidates[0].code == named[0].code
    decision = _decision(share, named[0].code, known, agreed=agreed)
    if decision is None:
        return own, Result.UNSURE
    if decision is Decision.ELSEWHERE:
        shown = tuple(one for one in named if not known.is_commune(one.code))
    else:
        shown = (named[0], *own.candidates, *named[1:])
    found = _reading(own, Intent.ASK_PROCEDURE, decision, share)
    found = replace(found, candidates=_once(shown), facets=own.facets)
    return found, Result.ANSWERED


def _decision(
    share: float, code: str, known: Known, *, agreed: bool
) -> Decision | None:
    """Return what Rasa's best allows; None when it is too weak to say anything."""
    if share < (AGREE_AT if agreed else ASK_AT):
        return None
    if not agreed and share < ANSWER_AT:
        return Decision.ASK
    return Decision.ANSWER if known.is_commune(code) else Decision.ELSEWHERE


def _candidates(answer: Answer, known: Known) -> tuple[Candidate, ...]:
    """Return the procedures Rasa thinks of, best first."""
    found: dict[str, float] = {}
    for ranked in answer.ranking:
        code = known.code_of(ranked.name)
        if code is not None:
            found.setdefault(code, round(ranked.share, 4))
    return tuple(Candidate(code, share) for code, share in found.items())


def _once(candidates: tuple[Candidate, ...]) -> tuple[Candidate, ...]:
    """Return at most as many as a reading may hold, each one once."""
    kept: dict[str, Candidate] = {}
    for one in candidates:
        kept.setdefault(one.code, one)
    return tuple(kept.values())[:MOST_SHOWN]


def _reading(
    own: Understanding, intent: Intent, decision: Decision, share: float
) -> Understanding:
    """Return the reading with another verdict, about nothing in particular."""
    return replace(
        own,
        intent=intent,
        decision=decision,
        confidence=share,
        candidates=(),
        facets=(),
    )
