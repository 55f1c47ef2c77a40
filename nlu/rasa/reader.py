"""Who reads a citizen's text when a Rasa server stands beside the embedded engine?

Handlers are pure and read in one call, so the server is asked before them: `ahead`
waits for it and returns a reader that already knows.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from time import perf_counter

from nlu.abbreviations import Abbreviations
from nlu.engine import Engine
from nlu.model import Entry, Memory, Understanding
from nlu.ports import Reader
from nlu.rasa.answer import Answer
from nlu.rasa.fusion import fused, is_settled
from nlu.rasa.known import Known
from nlu.rasa.link import RasaLink
from nlu.rasa.tally import Result
from nlu.rasa.text import written_out


@dataclass(frozen=True, slots=True)
class ReadAhead:
    """A reader for one text that Rasa has been asked about; pure from here on.

    ``inner`` reads everything else, and the text in the light of another memory.
    """

    inner: Reader
    known: Known
    text: str
    memory: Memory
    reading: Understanding
    answer: Answer | None

    def parse(self, text: str, memory: Memory | None = None) -> Understanding:
        """Return the reading; of another text or memory, without asking anybody."""
        if text != self.text:
            return self.inner.parse(text, memory)
        if (memory or Memory()) == self.memory:
            return self.reading
        own = self.inner.parse(text, memory)
        if self.answer is None or _is_ours(self.inner, own, text, memory):
            return own
        return fused(own, self.answer, self.known)[0]


class RasaReader:
    """Reads with one catalogue; made anew with the engine, around the same link.

    ``entries`` and ``abbreviations`` are those the engine was built with.
    """

    def __init__(
        self,
        engine: Engine,
        entries: Sequence[Entry],
        link: RasaLink,
        abbreviations: Mapping[str, str] | None = None,
    ) -> None:
        self._engine = engine
        self._known = Known(engine, entries)
        self.link = link
        self._abbreviations = Abbreviations(abbreviations)

    async def read(self, text: str, memory: Memory | None = None) -> Understanding:
        """Return what the text means; whatever the server does, there is a reading."""
        return (await self.ahead(self._engine, text, memory)).reading

    async def ahead(
        self, reader: Reader, text: str, memory: Memory | None = None
    ) -> ReadAhead:
        """Ask the server, and return a reader for this text (see nlu.ports.Ahead)."""
        own = reader.parse(text, memory)
        start = perf_counter()
        told = await self._told(reader, own, text, memory)
        waited = (perf_counter() - start) * 1000
        answer = told if isinstance(told, Answer) else None
        reading, result = self._weighed(own, told)
        self.link.count(result)
        timed = replace(reading, ms=own.ms + waited)
        return ReadAhead(reader, self._known, text, memory or Memory(), timed, answer)

    async def _told(
        self, reader: Reader, own: Understanding, text: str, memory: Memory | None
    ) -> Answer | Result:
        words = written_out(text, self._abbreviations)
        if not words or _is_ours(reader, own, text, memory):
            return Result.SETTLED
        return await self.link.ask(words)

    def _weighed(
        self, own: Understanding, told: Answer | Result
    ) -> tuple[Understanding, Result]:
        if isinstance(told, Result):
            return own, told
        return fused(own, told, self._known)


def _is_ours(
    reader: Reader, own: Understanding, text: str, memory: Memory | None
) -> bool:
    """Whether the reading is our engine's alone: Rasa remembers no conversation."""
    if is_settled(own):
        return True
    if memory is None or memory == Memory():
        return False
    return replace(reader.parse(text), ms=0.0) != replace(own, ms=0.0)
