"""What does this message mean? The embedded reader, pure and thread-safe."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from time import perf_counter

from nlu.abbreviations import Abbreviations
from nlu.choice import Signals, choose
from nlu.cues import Cue, Cues
from nlu.decision import Contest, decide
from nlu.decoys import DECOY, decoys
from nlu.errors import EmptyIndexError
from nlu.evidence import Evidence, confidence, shares, weigh
from nlu.facets import FacetFinder, asked
from nlu.index import Index
from nlu.intents import IntentModel
from nlu.memory import FollowUps
from nlu.model import (
    Candidate,
    Decision,
    Entry,
    Facet,
    Intent,
    Memory,
    Understanding,
)
from nlu.normalise import Text, Token, bounded, procedure_code, settled, tokenise
from nlu.pattern import places
from nlu.phrases import with_phrases
from nlu.query import Query, QueryMaker
from nlu.speller import Speller
from nlu.training import examples
from nlu.vocabulary import data_words

NEAR_BEST = 0.55
FOLLOW_UNDER = 0.55
FOLLOW_UP_CONFIDENCE = 0.9
SHOWN_FROM = 0.08
MOST_SHOWN = 3


@dataclass(frozen=True, slots=True)
class _Reading:
    """A message on its way to being understood."""

    tokens: tuple[Token, ...]
    facets: tuple[Facet, ...]
    asked: frozenset[int]
    query: Query
    evidence: Evidence
    confidence: float

    @property
    def bare(self) -> bool:
        """Whether no word names a matter."""
        return not self.query.content and not self.query.meant


@dataclass(frozen=True, slots=True)
class _Verdict:
    """The part of the answer that is decided."""

    intent: Intent
    decision: Decision
    candidates: tuple[Candidate, ...] = ()
    confidence: float = 0.0
    facets: tuple[Facet, ...] = ()
    is_follow_up: bool = False


class Engine:
    """Reads messages against an index of procedures. Built once, then only read."""

    def __init__(
        self,
        entries: Sequence[Entry],
        abbreviations: Abbreviations,
        said: Sequence[tuple[str, Intent]],
    ) -> None:
        self._abbreviations = abbreviations
        self._index = Index([*with_phrases(entries), *decoys()], abbreviations)
        self._queries = QueryMaker()
        self._facets = FacetFinder()
        self._cues = Cues()
        self._follow_ups = FollowUps()
        taught = [
            ([t.folded for t in abbreviations.expand(tokenise(text))], intent)
            for text, intent in (*examples(), *said)
        ]
        self._intents = IntentModel(taught)
        known = {*self._index.words.words, *data_words()}
        self._speller = Speller(known, self._index.words.knows_pair)
        self._group_of = {
            entry.code: number
            for number, group in enumerate(self._index.groups)
            for entry in group.entries
        }

    @classmethod
    def build(
        cls,
        entries: Sequence[Entry],
        *,
        abbreviations: Mapping[str, str] | None = None,
        said: Sequence[tuple[str, Intent]] = (),
    ) -> Engine:
        """Return an engine over the entries.

        ``abbreviations`` adds a commune's own short forms to ours, ``said`` its own
        example sentences of intents. Raises
        ``EmptyIndexError`` without entries, ``DuplicateCodeError`` for a code given
        twice, ``BadTrainingDataError`` or ``BadPatternError`` for spoilt data files.
        """
        if not entries:
            raise EmptyIndexError
        return cls(entries, Abbreviations(abbreviations), said)

    def twins(self, code: str) -> tuple[str, ...]:
        """Return all codes of the procedure, the one to show first; () if unknown."""
        number = self._group_of.get(code)
        if number is None:
            return ()
        return tuple(entry.code for entry in self._index.groups[number].entries)

    def measure(self, text: str) -> tuple[tuple[str, ...], tuple[float, ...]] | None:
        """Return the codes of the best procedure and the measures of its fit.

        For fitting the confidence; None when the text names no matter.
        """
        reading = self._read(self._normalised(text).tokens)
        if reading.bare:
            return None
        best = self._index.groups[reading.evidence.groups[0]]
        return tuple(entry.code for entry in best.entries), reading.evidence.features

    def parse(self, text: str, memory: Memory | None = None) -> Understanding:
        """Return what the text means in the light of what was said before."""
        start = perf_counter()
        normal = self._normalised(text)
        verdict = self._verdict(text, normal.tokens, memory or Memory())
        return Understanding(
            text=text,
            intent=verdict.intent,
            facets=verdict.facets,
            decision=verdict.decision,
            candidates=verdict.candidates,
            confidence=verdict.confidence,
            has_accents=normal.has_accents,
            is_follow_up=verdict.is_follow_up,
            ms=(perf_counter() - start) * 1000,
        )

    def _normalised(self, text: str) -> Text:
        """Return the tokens, short forms written out and slips mended."""
        typed = settled(bounded(tokenise(text)))
        has_accents = any(token.typed != token.folded for token in typed)
        mended = self._speller.mend(self._abbreviations.expand(typed))
        return Text(tuple(mended), has_accents)

    def _verdict(
        self, text: str, tokens: tuple[Token, ...], memory: Memory
    ) -> _Verdict:
        """Return what to make of the message."""
        if not tokens:
            return _Verdict(Intent.OUT_OF_SCOPE, Decision.UNKNOWN)
        cues = self._cues.find(tokens)
        if cues and cues[0].intent is Intent.EMERGENCY:
            return _Verdict(Intent.EMERGENCY, Decision.CHAT, confidence=1.0)
        pointed = self._pointed_out(text, tokens, memory)
        return pointed or self._understood(self._read(tokens), cues, memory)

    def _pointed_out(
        self, text: str, tokens: tuple[Token, ...], memory: Memory
    ) -> _Verdict | None:
        """Return the answer when a code or the number of an offer was written."""
        named = self._group_of.get(procedure_code(text) or "")
        if named is not None:
            return self._answer_for(self._index.groups[named].code, tokens)
        picked = self._follow_ups.picked(text, tokens, memory)
        return self._answer_for(picked, tokens, memory) if picked else None

    def _understood(
        self, reading: _Reading, cues: Sequence[Cue], memory: Memory
    ) -> _Verdict:
        """Return what to make of a message that has to be searched for."""
        if self._is_follow_up(reading, memory):
            return self._follow_up(reading, memory)
        intent, sure = choose(
            Signals(
                cues,
                self._intents.shares([token.folded for token in reading.tokens]),
                reading.confidence,
                reading.query.places,
                reading.asked,
            )
        )
        if intent is Intent.ASK_PROCEDURE:
            return self._procedure(reading, memory)
        return self._chat(intent, sure, reading)

    def _read(self, tokens: tuple[Token, ...]) -> _Reading:
        """Return the facets, the query and what the search found."""
        hits = self._facets.hits(tokens)
        query = self._queries.make(tokens, hits)
        ranking = self._index.rank(query)
        evidence = weigh(self._index, query, ranking)
        sure = confidence(evidence) if query.content or query.meant else 0.0
        return _Reading(tokens, asked(hits), places(hits), query, evidence, sure)

    def _is_follow_up(self, reading: _Reading, memory: Memory) -> bool:
        """Whether the question is about the procedure in the memory."""
        if memory.code is None or not self._leans(reading):
            return False
        if reading.bare:
            return True
        return reading.confidence < FOLLOW_UNDER

    def _leans(self, reading: _Reading) -> bool:
        """Whether the message makes sense only after another one."""
        return bool(
            reading.facets
            or self._follow_ups.points_back(reading.tokens)
            or (not reading.bare and self._follow_ups.goes_on(reading.tokens))
        )

    def _follow_up(self, reading: _Reading, memory: Memory) -> _Verdict:
        """Return the answer about the procedure in the memory."""
        code = memory.code or ""
        facets = reading.facets or memory.facets
        return _Verdict(
            Intent.ASK_PROCEDURE,
            Decision.ANSWER,
            (Candidate(code, 1.0),),
            confidence=FOLLOW_UP_CONFIDENCE,
            facets=facets,
            is_follow_up=True,
        )

    def _answer_for(
        self, code: str, tokens: tuple[Token, ...], memory: Memory | None = None
    ) -> _Verdict:
        """Return the answer about a procedure named by its code or its number."""
        facets = asked(self._facets.hits(tokens)) or (memory.facets if memory else ())
        number = self._group_of.get(code)
        commune = number is None or self._index.groups[number].commune
        return _Verdict(
            Intent.ASK_PROCEDURE,
            Decision.ANSWER if commune else Decision.ELSEWHERE,
            (Candidate(code, 1.0),),
            confidence=1.0,
            facets=facets,
            is_follow_up=memory is not None,
        )

    def _procedure(self, reading: _Reading, memory: Memory) -> _Verdict:
        """Return what to do about a question on a procedure found by search."""
        if reading.bare:
            return self._which_one(reading, memory)
        contest = self._contest(reading.evidence)
        decision = decide(reading.confidence, contest)
        goes_on = self._follow_ups.goes_on(reading.tokens)
        return _Verdict(
            Intent.ASK_PROCEDURE,
            decision,
            self._candidates(reading, decision),
            confidence=reading.confidence,
            facets=reading.facets or (memory.facets if goes_on else ()),
        )

    def _which_one(self, reading: _Reading, memory: Memory) -> _Verdict:
        """Return what to do when a facet is asked for but no matter is named."""
        offered = tuple(Candidate(code, 0.5) for code in memory.candidates[:MOST_SHOWN])
        decision = Decision.ASK if offered else Decision.UNKNOWN
        return _Verdict(Intent.ASK_PROCEDURE, decision, offered, facets=reading.facets)

    def _chat(self, intent: Intent, sure: float, reading: _Reading) -> _Verdict:
        """Return the verdict on something that is no question on a procedure."""
        if intent is not Intent.OUT_OF_SCOPE:
            return _Verdict(intent, Decision.CHAT, confidence=sure)
        contest = self._contest(reading.evidence)
        if decide(reading.confidence, contest) is Decision.ELSEWHERE:
            return self._procedure(reading, Memory())
        return _Verdict(intent, Decision.UNKNOWN, confidence=sure)

    def _contest(self, evidence: Evidence) -> Contest:
        """Return how the commune's best stands against the best of all."""
        groups = self._index.groups
        ranked = zip(evidence.groups, evidence.scores, strict=True)
        commune = [score for number, score in ranked if groups[number].commune]
        return Contest(
            best_is_commune=groups[evidence.groups[0]].commune,
            best=evidence.scores[0],
            best_commune=max(commune, default=0.0),
        )

    def _candidates(
        self, reading: _Reading, decision: Decision
    ) -> tuple[Candidate, ...]:
        """Return the procedures to show, best first, each with its share."""
        evidence = reading.evidence
        if decision is Decision.UNKNOWN and reading.confidence < SHOWN_FROM:
            return ()
        shown = []
        for number, score in zip(evidence.groups, shares(evidence.scores), strict=True):
            group = self._index.groups[number]
            if group.code.startswith(DECOY):
                continue
            if decision is Decision.ELSEWHERE and group.commune:
                continue
            shown.append(Candidate(group.code, round(score, 4)))
        if decision is Decision.ELSEWHERE:
            least = NEAR_BEST * shares(evidence.scores)[0]
            shown = [candidate for candidate in shown if candidate.score >= least]
        return tuple(shown)
