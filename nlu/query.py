"""What should the search look for in this message?

The words of politeness and of asking are dropped; what people say is joined by how
procedures are called (``data/lexicon.yml``).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TypeVar

from nlu import resources
from nlu.model import Facet
from nlu.normalise import Token, tokenise
from nlu.pattern import Hit, Phrases, places

MOST_MEANINGS = 3


ASKED = Token("¤", "¤")

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Meaning:
    """What a colloquial phrase means: ``said`` words, folded, and official ones."""

    official: tuple[Token, ...]
    said: frozenset[str]


@dataclass(frozen=True, slots=True)
class Query:
    """The words to search.

    ``tokens`` is what was typed, ``meant`` what colloquial phrases of it mean;
    ``topic`` is the message with asking words hidden, ``content`` the words that may
    name a matter, at ``places``.
    """

    tokens: tuple[Token, ...]
    meant: tuple[Meaning, ...]
    topic: tuple[Token, ...]
    content: tuple[Token, ...]
    places: frozenset[int]


class QueryMaker:
    """Turns tokens into a query; reads its phrases once."""

    def __init__(self) -> None:
        self._noise: Phrases[None] = Phrases(
            (text, None) for text in resources.load("noise")
        )
        rules = resources.load("lexicon")
        meanings = [tuple(tokenise(rule["mean"])) for rule in rules]
        self._lexicon: Phrases[tuple[Token, ...]] = Phrases(
            (text, meaning)
            for rule, meaning in zip(rules, meanings, strict=True)
            for text in rule["say"]
        )

    def make(self, tokens: Sequence[Token], asked: Iterable[Hit[Facet]]) -> Query:
        """Return the query; ``asked`` are the places of facet phrases."""
        topic = _masked(tokens, asked)
        dropped = places(self._noise.hits(topic))
        kept = [i for i, t in enumerate(topic) if t is not ASKED and i not in dropped]
        content = tuple(topic[i] for i in kept)
        return Query(
            tokens=tuple(tokens),
            meant=tuple(self._meanings(topic)),
            topic=topic,
            content=content,
            places=frozenset(kept),
        )

    def _meanings(self, tokens: Sequence[Token]) -> list[Meaning]:
        """Return what the colloquial phrases mean, the longest phrases first."""
        said: dict[tuple[Token, ...], set[str]] = {}
        for hit in _outermost(self._lexicon.hits(tokens)):
            words = said.setdefault(hit.payload, set())
            words.update(tokens[place].folded for place in hit.at)
        meanings = [Meaning(official, frozenset(w)) for official, w in said.items()]
        return meanings[:MOST_MEANINGS]


def _masked(tokens: Sequence[Token], asked: Iterable[Hit[T]]) -> tuple[Token, ...]:
    """Return the tokens with the asking words hidden: "mất" of "mất bao lâu" is
    no loss of a paper.
    """
    hidden = places(asked)
    return tuple(ASKED if i in hidden else t for i, t in enumerate(tokens))


def _outermost(hits: Sequence[Hit[T]]) -> list[Hit[T]]:
    """Return the longest hits first, without those inside a longer one."""
    kept: list[Hit[T]] = []
    for hit in sorted(hits, key=lambda hit: hit.at[0] - hit.at[-1]):
        if not any(k.at[0] <= hit.at[0] and hit.at[-1] <= k.at[-1] for k in kept):
            kept.append(hit)
    return kept
