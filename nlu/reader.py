"""What is in a message before anything is decided?"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from nlu.abbreviations import Abbreviations
from nlu.evidence import NOTHING, Evidence, confidence, weigh
from nlu.facets import FacetFinder, asked
from nlu.index import Index
from nlu.model import Facet
from nlu.normalise import Text, Token, bounded, settled, tokenise
from nlu.pattern import places
from nlu.query import Query, QueryMaker
from nlu.speller import Speller
from nlu.vocabulary import data_words


@dataclass(frozen=True, slots=True)
class Reading:
    """A message on its way to being understood.

    ``asked`` are the places of the words that ask for a facet; ``confidence`` is how
    likely the best procedure found is the one that is meant, 0..1.
    """

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

    @property
    def best(self) -> int:
        """The number of the group that fits best."""
        return self.evidence.groups[0]


class MessageReader:
    """Turns texts into readings over one index; immutable after it is built."""

    def __init__(self, index: Index, abbreviations: Abbreviations) -> None:
        self._index = index
        self._abbreviations = abbreviations
        self._queries = QueryMaker()
        self._facets = FacetFinder()
        known = {*index.words.words, *data_words()}
        self._speller = Speller(known, index.words.knows_pair)

    def normalised(self, text: str) -> Text:
        """Return the tokens, short forms written out and slips mended."""
        typed = settled(bounded(tokenise(text)))
        has_accents = any(token.typed != token.folded for token in typed)
        mended = self._speller.mend(self._abbreviations.expand(typed))
        return Text(tuple(mended), has_accents)

    def read(self, tokens: Sequence[Token], *, fewest: int = 1) -> Reading:
        """Return the facets, the query and what the search found.

        Nothing is searched for when fewer than ``fewest`` words name a matter.
        """
        hits = self._facets.hits(tokens)
        query = self._queries.make(tokens, hits)
        if len(query.content) < fewest and not query.meant:
            evidence, sure = NOTHING, 0.0
        else:
            evidence = weigh(self._index, query, self._index.rank(query))
            sure = confidence(evidence)
        return Reading(tuple(tokens), asked(hits), places(hits), query, evidence, sure)

    def facets(self, tokens: Sequence[Token]) -> tuple[Facet, ...]:
        """Return the facets that the words ask for."""
        return asked(self._facets.hits(tokens))
