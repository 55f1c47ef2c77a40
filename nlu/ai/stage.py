"""Whom does a language model help to read? Only questions our engine left open.

It is asked ahead of the handlers, which are pure and read in one call; the reader that
comes back already knows. See docs/adr/0013.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, replace
from time import perf_counter

from nlu.ai.budget import Budget
from nlu.ai.envelope import Reply
from nlu.ai.link import AiLink
from nlu.ai.lookup import Choice, Lookup
from nlu.ai.outgoing import outgoing
from nlu.ai.prompt import Prompt, rerank_prompt, rewrite_prompt
from nlu.ai.rerank import chosen, reranked
from nlu.ai.rewrite import phrase, rewritten
from nlu.ai.sensitive import is_sensitive
from nlu.ai.use import AiUse, Purpose, Result
from nlu.model import Decision, Intent, Memory, Understanding
from nlu.ports import Reader

_OPEN = frozenset({Decision.ASK, Decision.UNKNOWN})
_QUESTIONS = frozenset({Intent.ASK_PROCEDURE, Intent.OUT_OF_SCOPE})
"""Our engine calls "out of scope" what it cannot place; talk it decides as chat."""

Weighed = tuple[Understanding, Result]


@dataclass(frozen=True, slots=True)
class AiReader:
    """A reader for one text that a model may have been asked about; pure.

    ``used`` is None when nothing left this process.
    """

    inner: Reader
    text: str
    memory: Memory
    reading: Understanding
    used: AiUse | None = None

    def parse(self, text: str, memory: Memory | None = None) -> Understanding:
        """Return the reading; of another text or memory, the inner reader's."""
        if text == self.text and (memory or Memory()) == self.memory:
            return self.reading
        return self.inner.parse(text, memory)


@dataclass(frozen=True, slots=True)
class _Question:
    """What is about to be asked, and the list that a reply may choose from."""

    purpose: Purpose
    prompt: Prompt
    choices: tuple[Choice, ...] = ()


class AiStage:
    """Stands in the row of stages of one unit (``nlu.ports.Ahead``).

    Made anew with every catalogue, around the same link and the unit's budget.
    """

    def __init__(
        self,
        link: AiLink,
        lookup: Lookup,
        budget: Budget,
        purposes: Collection[Purpose],
    ) -> None:
        self.link = link
        self._lookup = lookup
        self._budget = budget
        self._purposes = frozenset(purposes)

    async def ahead(
        self, reader: Reader, text: str, memory: Memory | None = None
    ) -> AiReader:
        """Ask if it may and helps, and return a reader for this text."""
        own = reader.parse(text, memory)
        as_it_is = AiReader(reader, text, memory or Memory(), own)
        question = self._question(as_it_is)
        if isinstance(question, _Question):
            question = self.link.refusal() or question
        if isinstance(question, Result):
            self.link.count(question)
            return as_it_is
        return await self._asked(as_it_is, question)

    def _question(self, found: AiReader) -> _Question | Result:
        """Return what to ask, or why nothing is asked."""
        purpose = self._purpose(found.reading)
        if purpose is None or not _stands_alone(found):
            return Result.SETTLED
        words = None if self._is_private(found) else outgoing(found.text)
        if words is None:
            return Result.PRIVATE
        if purpose is Purpose.REWRITE:
            return _Question(purpose, rewrite_prompt(words))
        choices = self._lookup.best(found.text, found.reading.candidates)
        if not choices:
            return Result.SETTLED
        prompt = rerank_prompt(words, [choice.name for choice in choices])
        return _Question(purpose, prompt, choices)

    def _purpose(self, own: Understanding) -> Purpose | None:
        """Return what a model could help with; None when nothing is open."""
        if own.decision not in _OPEN or own.intent not in _QUESTIONS:
            return None
        if own.confidence <= 0.0 or own.is_follow_up or own.others:
            return None
        is_lost = own.decision is Decision.UNKNOWN
        if is_lost and Purpose.REWRITE in self._purposes:
            return Purpose.REWRITE
        return Purpose.RERANK if Purpose.RERANK in self._purposes else None

    def _is_private(self, found: AiReader) -> bool:
        """Whether the matter is one of which no word leaves, whatever the words."""
        likely = [one.code for one in found.reading.candidates[:1]]
        spoken_of = (found.memory.code or "", *found.memory.candidates)
        names = map(self._lookup.name, (*likely, *spoken_of))
        return any(map(is_sensitive, names))

    async def _asked(self, found: AiReader, question: _Question) -> AiReader:
        taken = await self._budget.take(question.prompt.tokens_at_most)
        if taken is None:
            self.link.count(Result.SPENT)
            return found
        start = perf_counter()
        told = await self.link.ask(question.prompt)
        waited = (perf_counter() - start) * 1000
        counted = told.tokens if isinstance(told, Reply) else None
        tokens = await self._budget.settle(taken, counted)
        reading, result = _weighed(found, question, told)
        self.link.count(result, tokens)
        used = AiUse(question.purpose, self.link.model, round(waited), tokens, result)
        timed = replace(reading, ms=found.reading.ms + waited)
        return replace(found, reading=timed, used=used)


def _stands_alone(found: AiReader) -> bool:
    """Whether the words mean the same without the talk before: a model knows none."""
    if found.memory == Memory():
        return True
    alone = found.inner.parse(found.text)
    return replace(alone, ms=0.0) == replace(found.reading, ms=0.0)


def _weighed(found: AiReader, question: _Question, told: Reply | Result) -> Weighed:
    """Return the reading that stands, and what became of the reply."""
    own = found.reading
    if isinstance(told, Result):
        return own, told
    if question.purpose is Purpose.RERANK:
        places = chosen(told.content, len(question.choices))
        if isinstance(places, Result):
            return own, places
        return _told_apart(own, reranked(own, places, question.choices))
    words = phrase(told.content)
    if isinstance(words, Result):
        return own, words
    if not words:
        return own, Result.KEPT
    return _told_apart(own, rewritten(own, found.inner.parse(words)))


def _told_apart(own: Understanding, new: Understanding) -> Weighed:
    return (own, Result.KEPT) if new == own else (new, Result.USED)
