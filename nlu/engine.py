"""What does this message mean? The embedded reader, pure and thread-safe."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from time import perf_counter

from nlu.abbreviations import Abbreviations
from nlu.choice import choose
from nlu.cues import Cue, Cues
from nlu.decoys import decoys
from nlu.errors import EmptyIndexError
from nlu.index import Index, Ranking
from nlu.intent_weights import shipped
from nlu.intents import IntentModel
from nlu.memory import FollowUps
from nlu.model import Decision, Entry, Intent, Memory, Understanding
from nlu.needs import NeedFinder
from nlu.normalise import Token, procedure_code, tokenise
from nlu.pauses import uncollected
from nlu.phrases import with_phrases
from nlu.reader import MessageReader, Reading
from nlu.signs import Signs, signs
from nlu.variation import Variations
from nlu.verdict import Judge, Verdict

FOLLOW_UNDER = 0.55


class Engine:
    """Reads messages against an index of procedures. Built once, then only read."""

    def __init__(
        self,
        entries: Sequence[Entry],
        abbreviations: Abbreviations,
        said: Sequence[tuple[str, Intent]],
        held_out: Collection[str] = (),
    ) -> None:
        known = with_phrases(entries, held_out)
        self._index = Index([*known, *decoys()], abbreviations)
        self._reader = MessageReader(self._index, abbreviations)
        self._judge = Judge(self._index)
        self._cues = Cues()
        self._follow_ups = FollowUps()
        self._variations = Variations(self._index, self._reader.read)
        self._needs = NeedFinder(
            self._index, self._reader.normalised, self._reader.read
        )
        taught = [
            ([t.folded for t in abbreviations.expand(tokenise(text))], intent)
            for text, intent in said
        ]
        self._intents = IntentModel(shipped(), taught)

    @classmethod
    def build(
        cls,
        entries: Sequence[Entry],
        *,
        abbreviations: Mapping[str, str] | None = None,
        said: Sequence[tuple[str, Intent]] = (),
        held_out: Collection[str] = (),
    ) -> Engine:
        """Return an engine over the entries.

        ``abbreviations`` adds a commune's own short forms to ours, ``said`` its own
        example sentences of intents; ``held_out`` are phrases of ours to leave out,
        for fitting. Raises ``EmptyIndexError`` without entries,
        ``DuplicateCodeError`` for a code given twice, ``BadTrainingDataError`` or
        ``BadPatternError`` for spoilt data files.
        """
        if not entries:
            raise EmptyIndexError
        with uncollected():
            return cls(entries, Abbreviations(abbreviations), said, held_out)

    def twins(self, code: str) -> tuple[str, ...]:
        """Return all codes of the procedure, the one to show first; () if unknown."""
        return self._judge.twins(code)

    def look(self, text: str) -> tuple[Reading, Ranking] | None:
        """Return what search makes of a text, for fitting the weights.

        None when the text names no matter.
        """
        reading = self._reader.read(self._reader.normalised(text).tokens)
        return None if reading.bare else (reading, self._index.rank(reading.query))

    def signs(self, text: str) -> Signs | None:
        """Return the signs of a text's intent, for training; None for no text."""
        tokens = self._reader.normalised(text).tokens
        if not tokens:
            return None
        return self._signs(self._reader.read(tokens), self._cues.find(tokens))

    def _signs(self, reading: Reading, cues: Sequence[Cue]) -> Signs:
        best = self._index.groups[reading.best]
        return signs(reading, cues, ours=best.commune, prior=best.prior)

    def groups_of(self, codes: Iterable[str]) -> frozenset[int]:
        """Return the numbers, in a ranking, of the procedures with these codes."""
        numbers = map(self._judge.group_of, codes)
        return frozenset(number for number in numbers if number is not None)

    def code_of(self, group: int) -> str:
        """Return the code of a procedure by its number in a ranking."""
        return self._index.groups[group].code

    def is_commune(self, group: int) -> bool:
        """Whether the commune does the procedure with this number."""
        return self._index.groups[group].commune

    def parse(self, text: str, memory: Memory | None = None) -> Understanding:
        """Return what the text means in the light of what was said before."""
        start = perf_counter()
        normal = self._reader.normalised(text)
        verdict = self._verdict(text, normal.tokens, memory or Memory())
        read = _understanding(text, verdict, has_accents=normal.has_accents)
        return replace(read, ms=(perf_counter() - start) * 1000)

    def _verdict(self, text: str, tokens: tuple[Token, ...], memory: Memory) -> Verdict:
        """Return what to make of the message."""
        if not tokens:
            return Verdict(Intent.OUT_OF_SCOPE, Decision.UNKNOWN)
        cues = self._cues.find(tokens)
        if cues and cues[0].intent is Intent.EMERGENCY and cues[0].certain:
            return Verdict(Intent.EMERGENCY, Decision.CHAT, confidence=1.0)
        pointed = self._pointed_out(text, tokens, memory)
        return pointed or self._understood(text, tokens, cues, memory)

    def _pointed_out(
        self, text: str, tokens: tuple[Token, ...], memory: Memory
    ) -> Verdict | None:
        """Return the answer when a code or the number of an offer was written."""
        facets = self._reader.facets(tokens)
        named = procedure_code(text)
        if named and self._judge.group_of(named) is not None:
            return self._judge.about(self._judge.twins(named)[0], facets)
        picked = self._follow_ups.picked(text, tokens, memory)
        if not picked:
            return None
        return self._judge.about(picked, facets or memory.facets, is_follow_up=True)

    def _understood(
        self,
        text: str,
        tokens: tuple[Token, ...],
        cues: Sequence[Cue],
        memory: Memory,
    ) -> Verdict:
        """Return what to make of a message that has to be searched for."""
        reading = self._reader.read(tokens)
        varied = self._varied(reading, memory)
        if varied is not None:
            return varied
        if self._is_follow_up(reading, memory):
            facets = reading.facets or memory.facets
            return self._judge.about(memory.code or "", facets, is_follow_up=True)
        shares = self._intents.shares(self._signs(reading, cues))
        intent, sure = choose(shares, reading, cues)
        if intent is not Intent.ASK_PROCEDURE:
            return self._judge.chat(intent, sure, reading)
        return self._asked(text, reading, memory)

    def _asked(self, text: str, reading: Reading, memory: Memory) -> Verdict:
        """Return what to do about a question, or several in one message."""
        if reading.bare:
            return self._judge.which_one(reading, memory)
        goes_on = self._follow_ups.goes_on(reading.tokens)
        facets = reading.facets or (memory.facets if goes_on else ())
        whole = self._judge.procedure(reading, facets)
        needs = self._needs.find(
            text, reading, is_sure=whole.decision is Decision.ANSWER
        )
        if needs.first is not None:
            whole = self._judge.procedure(needs.first, needs.first.facets or facets)
        others = [self._judge.procedure(o, o.facets or facets) for o in needs.others]
        return replace(whole, others=tuple(others))

    def _varied(self, reading: Reading, memory: Memory) -> Verdict | None:
        """Return the answer when a variant of the matter spoken of is asked for."""
        if memory.code is None:
            return None
        leading = self._follow_ups.corrects(reading.tokens)
        leading |= self._follow_ups.goes_on(reading.tokens)
        if not leading:
            return None
        group = self._judge.group_of(memory.code)
        if group is None:
            return None
        found = self._variations.find(
            group, reading, leading, is_new=reading.confidence >= FOLLOW_UNDER
        )
        if found is None:
            return None
        facets = reading.facets or memory.facets
        return self._judge.procedure(found, facets)

    def _is_follow_up(self, reading: Reading, memory: Memory) -> bool:
        """Whether the question is about the procedure in the memory."""
        if memory.code is None or not self._leans(reading):
            return False
        named = reading.query.places - self._follow_ups.goes_on(reading.tokens)
        if reading.facets and not named:
            return True
        return reading.bare or reading.confidence < FOLLOW_UNDER

    def _leans(self, reading: Reading) -> bool:
        """Whether the message makes sense only after another one."""
        return bool(
            reading.facets
            or self._follow_ups.points_back(reading.tokens)
            or (not reading.bare and self._follow_ups.goes_on(reading.tokens))
        )


def _understanding(text: str, verdict: Verdict, *, has_accents: bool) -> Understanding:
    """Return the reading that the outside sees, its time still unknown."""
    return Understanding(
        text=text,
        intent=verdict.intent,
        facets=verdict.facets,
        decision=verdict.decision,
        candidates=verdict.candidates,
        confidence=verdict.confidence,
        has_accents=has_accents,
        is_follow_up=verdict.is_follow_up,
        ms=0.0,
        office=verdict.office,
        others=tuple(
            _understanding(text, other, has_accents=has_accents)
            for other in verdict.others
        ),
    )
