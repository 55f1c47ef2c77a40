"""What does a message mean when our engine and Rasa have both read it?

Rasa knows sentences; our engine knows what Rasa cannot say: emergencies, codes and
numbers, what was spoken of, what others settle, which part is asked for. Rasa may
make us surer, give us another choice to offer, or make us ask back where it is sure of
something else; alone it never answers with a procedure.
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
# Shares of Rasa from which it counts. On 2,900 kept-out readings of the seed catalogue
# (30 epochs): see docs/adr/0011.
CHAT_AT = 0.60
AGREE_AT = 0.70
OTHER_AT = 0.70
DOUBT_AT = 0.80
# Talk of ours below this was none in 7 of 7 readings that Rasa had another word for.
GUESS_UNDER = 0.50
MOST_SHOWN = 5
_TALK = frozenset({Decision.CHAT, Decision.UNKNOWN})

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
    is_talk = own.intent is not Intent.ASK_PROCEDURE
    return is_talk and own.confidence >= best.share


def _out_of_scope(own: Understanding, best: Ranked) -> Understanding:
    """Refuse only what we cannot place either: a question sent away is worse."""
    if own.decision is Decision.ASK:
        return own
    return _reading(own, Intent.OUT_OF_SCOPE, Decision.UNKNOWN, best.share)


def _procedure(own: Understanding, answer: Answer, known: Known) -> Read:
    """Return what to make of a text that Rasa takes for a question on a procedure."""
    named = _candidates(answer, known)
    if own.intent is not Intent.ASK_PROCEDURE:
        return _question_instead(own, named[0])
    agreed = bool(own.candidates) and own.candidates[0].code == named[0].code
    return _agreed(own, named, known) if agreed else _other(own, named)


def _question_instead(own: Understanding, named: Candidate) -> Read:
    """What our engine only guesses to be talk may be a matter in words it never met."""
    if own.decision not in _TALK or own.confidence >= GUESS_UNDER:
        return own, Result.ANSWERED
    if named.score < OTHER_AT:
        return own, Result.UNSURE
    question = replace(own, intent=Intent.ASK_PROCEDURE)
    return _about(question, Decision.ASK, (named, *own.candidates)), Result.ANSWERED


def _agreed(own: Understanding, named: tuple[Candidate, ...], known: Known) -> Read:
    """Both think of one procedure first: answer what we would only have offered."""
    best = named[0]
    if own.decision is Decision.ANSWER:
        return own, Result.ANSWERED
    if best.score < AGREE_AT:
        return own, Result.UNSURE
    sure = replace(own, confidence=max(own.confidence, best.score))
    if known.is_commune(best.code):
        shown = (*own.candidates, *named)
        return _about(sure, Decision.ANSWER, shown), Result.ANSWERED
    foreign = tuple(one for one in named if not known.is_commune(one.code))
    return _about(sure, Decision.ELSEWHERE, foreign), Result.ANSWERED


def _other(own: Understanding, named: tuple[Candidate, ...]) -> Read:
    """Rasa thinks of another procedure: offer it second, our own being the likelier."""
    is_answer = own.decision is Decision.ANSWER
    if named[0].score < (DOUBT_AT if is_answer else OTHER_AT):
        return own, Result.ANSWERED if is_answer else Result.UNSURE
    shown = (*own.candidates[:1], named[0], *own.candidates[1:], *named[1:])
    return _about(own, Decision.ASK, shown), Result.ANSWERED


def _about(
    own: Understanding, decision: Decision, candidates: tuple[Candidate, ...]
) -> Understanding:
    """Return the reading with another decision on procedures, each named once."""
    kept: dict[str, Candidate] = {}
    for one in candidates:
        kept.setdefault(one.code, one)
    shown = tuple(kept.values())[:MOST_SHOWN]
    return replace(own, decision=decision, candidates=shown)


def _candidates(answer: Answer, known: Known) -> tuple[Candidate, ...]:
    """Return the procedures Rasa thinks of, best first."""
    found: dict[str, float] = {}
    for ranked in answer.ranking:
        code = known.code_of(ranked.name)
        if code is not None:
            found.setdefault(code, round(ranked.share, 4))
    return tuple(Candidate(code, share) for code, share in found.items())


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
