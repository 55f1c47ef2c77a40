"""What is made of a reading: which intent, which decision, which procedures?"""

from __future__ import annotations

from dataclasses import dataclass, replace

from nlu.decision import decide
from nlu.decoys import DECOY, offices
from nlu.index import Index
from nlu.model import Candidate, Decision, Facet, Intent, Memory
from nlu.reader import Reading

NEAR_BEST = 0.2
SHOWN_FROM = 0.08
MOST_SHOWN = 3
FOLLOW_UP_CONFIDENCE = 0.9
# From this confidence on a message names a procedure, whatever else it may be.
NAMED_FROM = 0.4
# From this share on it is talk about anything, though others may settle such a matter.
ASIDE_FROM = 0.6
# Under this share, these are offered beside the procedures that may be meant.
DOUBT_UNDER = 0.6
OFFERED = frozenset(
    {
        Intent.PHAN_ANH,
        Intent.KIEN_NGHI,
        Intent.KHIEU_NAI,
        Intent.HOME_SERVICE,
        Intent.CASE_STATUS,
        Intent.SCHEDULE,
        Intent.OFFICE_HOURS,
        Intent.HOTLINE,
    }
)


@dataclass(frozen=True, slots=True)
class Verdict:
    """The part of the answer that is decided; ``others`` are further matters."""

    intent: Intent
    decision: Decision
    candidates: tuple[Candidate, ...] = ()
    confidence: float = 0.0
    facets: tuple[Facet, ...] = ()
    is_follow_up: bool = False
    others: tuple[Verdict, ...] = ()
    office: str = ""


class Judge:
    """Decides about procedures of one index; holds no state of its own."""

    def __init__(self, index: Index) -> None:
        self._index = index
        self._offices = offices()
        self._group_of = {
            entry.code: number
            for number, group in enumerate(index.groups)
            for entry in group.entries
        }

    def group_of(self, code: str) -> int | None:
        """Return the number of the group a code belongs to."""
        return self._group_of.get(code)

    def twins(self, code: str) -> tuple[str, ...]:
        """Return all codes of the procedure, the one to show first; () if unknown."""
        number = self._group_of.get(code)
        if number is None:
            return ()
        return tuple(entry.code for entry in self._index.groups[number].entries)

    def about(
        self, code: str, facets: tuple[Facet, ...], *, is_follow_up: bool = False
    ) -> Verdict:
        """Return the answer about a procedure that is certain to be meant."""
        number = self._group_of.get(code)
        commune = number is None or self._index.groups[number].commune
        return Verdict(
            Intent.ASK_PROCEDURE,
            Decision.ANSWER if commune else Decision.ELSEWHERE,
            (Candidate(code, 1.0),),
            confidence=FOLLOW_UP_CONFIDENCE if is_follow_up else 1.0,
            facets=facets,
            is_follow_up=is_follow_up,
        )

    def procedure(self, reading: Reading, facets: tuple[Facet, ...]) -> Verdict:
        """Return what to do about a question on a procedure found by search."""
        commune = self._index.groups[reading.best].commune
        decision = decide(
            reading.confidence, reading.evidence.outside, best_is_commune=commune
        )
        return Verdict(
            Intent.ASK_PROCEDURE,
            decision,
            self._candidates(reading, decision),
            confidence=reading.confidence,
            facets=facets,
            office=self._office(reading, decision),
        )

    def which_one(self, reading: Reading, memory: Memory) -> Verdict:
        """Return what to do when a facet is asked for but no matter is named."""
        offered = tuple(Candidate(code, 0.5) for code in memory.candidates[:MOST_SHOWN])
        decision = Decision.ASK if offered else Decision.UNKNOWN
        return Verdict(Intent.ASK_PROCEDURE, decision, offered, facets=reading.facets)

    def chat(self, intent: Intent, sure: float, reading: Reading) -> Verdict:
        """Return the verdict on something that is no question on a procedure."""
        found = self.procedure(reading, reading.facets)
        if reading.bare:
            found = replace(found, candidates=(), decision=Decision.UNKNOWN)
        if intent is Intent.OUT_OF_SCOPE:
            return _aside(sure, found)
        if _speaks_of_one(intent, found):
            return replace(found, intent=intent)
        if _is_doubtful(intent, sure, found):
            return replace(found, intent=intent, decision=Decision.ASK)
        return replace(found, intent=intent, decision=Decision.CHAT, confidence=sure)

    def _office(self, reading: Reading, decision: Decision) -> str:
        """Return who settles the matter, when that is all we know of it."""
        if decision is not Decision.ELSEWHERE:
            return ""
        return self._offices.get(self._index.groups[reading.best].code, "")

    def _candidates(
        self, reading: Reading, decision: Decision
    ) -> tuple[Candidate, ...]:
        """Return the procedures to show, best first, each with its share."""
        if decision is Decision.UNKNOWN and reading.confidence < SHOWN_FROM:
            return ()
        elsewhere = decision is Decision.ELSEWHERE
        scores = reading.evidence.probabilities
        shown = []
        for number, score in zip(reading.evidence.groups, scores, strict=True):
            group = self._index.groups[number]
            if group.code.startswith(DECOY) or (elsewhere and group.commune):
                continue
            if not elsewhere or score >= NEAR_BEST * scores[0]:
                shown.append(Candidate(group.code, round(score, 4)))
        return tuple(shown)


def _aside(sure: float, found: Verdict) -> Verdict:
    """Return the verdict on talk about anything, or on a matter that others settle.

    Whom we know to settle it is named either way; a procedure of others only when it
    is not likelier idle talk.
    """
    aside = replace(found, intent=Intent.OUT_OF_SCOPE)
    if found.decision is not Decision.ELSEWHERE:
        return replace(aside, decision=Decision.UNKNOWN, confidence=sure)
    if sure < ASIDE_FROM:
        return replace(found, intent=Intent.ASK_PROCEDURE)
    if found.office:
        return aside
    return replace(aside, decision=Decision.UNKNOWN, candidates=(), confidence=sure)


def _is_doubtful(intent: Intent, sure: float, found: Verdict) -> bool:
    """Whether a procedure may be meant as well: then both are offered."""
    if intent not in OFFERED or sure >= DOUBT_UNDER:
        return False
    return found.decision is not Decision.ELSEWHERE and found.confidence >= NAMED_FROM


def _speaks_of_one(intent: Intent, found: Verdict) -> bool:
    """Whether the wish is to be met by telling of the procedure that was named."""
    if intent is not Intent.APPLY_ONLINE:
        return False
    if found.decision is Decision.ASK:
        return found.confidence >= NAMED_FROM
    return found.decision in {Decision.ANSWER, Decision.ELSEWHERE}
