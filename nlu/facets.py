"""Which part of a procedure does the message ask about?

Phrases decide (``data/facets.yml``). A word nobody writes, one slip away from the word
that such a phrase puts beside its neighbour, is read as that word: "lệ phs bao nhiêu".
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from rapidfuzz.distance import OSA

from nlu import resources
from nlu.either import OR, Either
from nlu.model import Facet
from nlu.normalise import Token, marks
from nlu.pattern import Hit, Pattern, Phrases, compile_pattern
from nlu.vocabulary import data_words

NOTHING = "none"
OTHERWISE = "otherwise"
PLACES = "places"
LEADING = "leading"
BESIDE = "beside"
TOLD = Token("¤", "¤")
# What asks openly for a place, in letters alone.
OPEN = frozenset({"dau", "mo", "nao", "ai"})
SHORTEST_TO_MEND = 3
SHORTEST_JOINED = 4


class FacetFinder:
    """Finds the facets by phrases, accented or not."""

    def __init__(self) -> None:
        data = resources.load("facets")
        asking = list(_phrases(data))
        otherwise = list(_phrases(data[OTHERWISE]))
        self._told: Phrases[None] = Phrases((text, None) for text in data[NOTHING])
        self._asked: Phrases[Facet] = Phrases(asking)
        self._otherwise: Phrases[Facet] = Phrases(otherwise)
        self._either = Either(data[PLACES], data[LEADING], data[BESIDE])
        self._slips = _Slips(text for text, _ in (*asking, *otherwise))

    def hits(self, tokens: Sequence[Token]) -> list[Hit[Facet]]:
        """Return where facets are asked for; words that only tell do not ask."""
        row = self._slips.mended(tokens)
        told = self._told.everywhere(row.tokens)
        loose = [_loose(token) for token in row.tokens]
        asking = [TOLD if i in told else token for i, token in enumerate(loose)]
        found = self._asked.hits(asking)
        if Facet.ONLINE in (hit.payload for hit in found):
            found = _without_alternative(found, row.tokens)
        else:
            found = [*found, *self._either.hits(loose)]
        found = found or self._otherwise.hits(asking)
        return [Hit(hit.payload, row.typed_at(hit.at)) for hit in _widest(found)]


def asked(hits: Sequence[Hit[Facet]]) -> tuple[Facet, ...]:
    """Return the facets in the order in which the citizen asked for them."""
    ordered = sorted(hits, key=lambda hit: hit.at)
    return tuple(dict.fromkeys(hit.payload for hit in ordered))


def _phrases(data: Mapping[str, Sequence[str]]) -> Iterator[tuple[str, Facet]]:
    """Yield the phrases with the facet that each asks for."""
    for name in filter(data.__contains__, Facet):
        yield from ((text, Facet(name)) for text in data[name])


def _loose(token: Token) -> Token:
    """Return the word as one that may lack its accents: phrases tell what it was."""
    return token if token.loose else Token(token.typed, token.folded)


def _without_alternative(
    hits: Sequence[Hit[Facet]], tokens: Sequence[Token]
) -> list[Hit[Facet]]:
    """Return the hits without going there, offered as the other way than online.

    "Làm trên mạng được không hay phải ra xã" asks about the net, not for the place.
    """
    other = next((i for i, one in enumerate(tokens) if one.folded == OR), len(tokens))
    asking = {i for i, one in enumerate(tokens) if one.folded in OPEN}
    return [
        hit
        for hit in hits
        if hit.payload is not Facet.PLACE
        or max(hit.at) < other
        or not asking.isdisjoint(hit.at)
    ]


def _widest(hits: Sequence[Hit[Facet]]) -> list[Hit[Facet]]:
    """Return the hits without those inside a longer one that asks for something else.

    Where to get a form asks for both.
    """
    words = [(hit, frozenset(hit.at)) for hit in hits]
    return [
        hit
        for hit, at in words
        if not any(
            at < wider and by.payload not in _beside(hit.payload) for by, wider in words
        )
    ]


def _beside(facet: Facet) -> frozenset[Facet]:
    """Return the facets whose phrases ask for this one, too."""
    return frozenset({facet, Facet.FORM} if facet is Facet.PLACE else {facet})


@dataclass(frozen=True, slots=True)
class _Row:
    """The words to look at, and the place among the typed ones that each came from."""

    tokens: Sequence[Token]
    origins: Sequence[int]

    def typed_at(self, places: Iterable[int]) -> tuple[int, ...]:
        """Return the typed places of these words, each once, in order."""
        return tuple(dict.fromkeys(self.origins[place] for place in places))


class _Slips:
    """Reads unknown words as those that our phrases put beside their neighbours."""

    def __init__(self, phrases: Iterable[str]) -> None:
        self._known = data_words()
        patterns = [compile_pattern(text) for text in phrases]
        self._pairs = Counter(pair for one in patterns for pair in _pairs(one))
        self._marks: dict[str, set[frozenset[str]]] = {}
        for word, variants in (w for one in patterns for w in _words(one)):
            self._marks.setdefault(word, set()).update(variants)
        self._after: dict[str, set[str]] = {}
        self._before: dict[str, set[str]] = {}
        for first, second in self._pairs:
            self._after.setdefault(first, set()).add(second)
            self._before.setdefault(second, set()).add(first)

    def mended(self, tokens: Sequence[Token]) -> _Row:
        """Return the words as they were meant, as far as their neighbours tell."""
        if all(token.folded in self._known for token in tokens):
            return _Row(tokens, range(len(tokens)))
        row: list[Token] = []
        origins: list[int] = []
        for place, token in enumerate(tokens):
            before = row[-1].folded if row else ""
            after = tokens[place + 1].folded if place + 1 < len(tokens) else ""
            meant = self._meant(token, before, after)
            row.extend(meant)
            origins.extend([place] * len(meant))
        return _Row(row, origins)

    def _meant(self, token: Token, before: str, after: str) -> list[Token]:
        """Return the word, or the one or two words it was to be."""
        word = token.folded
        if word in self._known or len(word) < SHORTEST_TO_MEND or not word.isalpha():
            return [token]
        likely = self._after.get(before, set()) | self._before.get(after, set())
        near = [one for one in likely if _is_slip(word, one) and self._fits(token, one)]
        if near:
            best = max(near, key=lambda one: (self._used(before, one, after), one))
            return [Token(best, best)]
        joined = next(self._halves(word, before, after), ())
        return [Token(half, half) for half in joined] or [token]

    def _fits(self, token: Token, meant: str) -> bool:
        """Whether the diacritics that were typed are among those of the word."""
        typed = marks(token.typed)
        return any(typed <= variant for variant in self._marks[meant])

    def _used(self, before: str, word: str, after: str) -> int:
        """Return in how many phrases the word has these neighbours."""
        return self._pairs[before, word] + self._pairs[word, after]

    def _halves(self, word: str, before: str, after: str) -> Iterator[tuple[str, str]]:
        """Yield the two words that were written without a space."""
        for cut in range(1, len(word)) if len(word) >= SHORTEST_JOINED else ():
            first, second = word[:cut], word[cut:]
            if (first, second) in self._pairs:
                yield first, second
            if not {first, second} <= self._known or min(cut, len(second)) == 1:
                continue
            if (second, after) in self._pairs or (before, first) in self._pairs:
                yield first, second


def _words(pattern: Pattern) -> Iterator[tuple[str, Sequence[frozenset[str]]]]:
    """Yield the folded words of the phrase, each with its diacritics."""
    for step in pattern.steps:
        yield from step.allowed.items()


def _pairs(pattern: Pattern) -> Iterator[tuple[str, str]]:
    """Yield the folded words that the phrase puts side by side."""
    previous: set[str] = set()
    for step in pattern.steps:
        words = set(step.allowed)
        yield from ((first, second) for first in previous for second in words)
        previous = words | previous if step.optional else words


def _is_slip(word: str, meant: str) -> bool:
    """Whether the words differ by one key; a short word keeps its length."""
    if len(meant) < SHORTEST_TO_MEND:
        return False
    if SHORTEST_TO_MEND in (len(word), len(meant)) and len(word) != len(meant):
        return False
    return OSA.distance(word, meant, score_cutoff=1) == 1
