"""Does a message say a phrase from our data, with or without its diacritics?

A pattern is written in full Vietnamese: words apart by spaces, ``a|b`` for either
word, ``word?`` for a word that may be absent, ``word!`` for a word that counts
only when typed with its diacritics, ``...`` for up to five words of
anything, ``^`` for the start and ``$`` for the end of the message.

A typed word matches when its letters do and its diacritics are among those of the
pattern: "giay" and "giây" match "giấy", "giày" does not. A word without any counts
as incomplete only in a message typed without accents (``Token.loose``): there "cho"
may be "chó".
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from functools import lru_cache
from typing import Generic, TypeVar

from nlu.errors import BadPatternError
from nlu.normalise import Token, fold, marks, words

MAX_GAP = 5

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class _Step:
    """One position: the words allowed there, folded, with their diacritics."""

    allowed: dict[str, tuple[frozenset[str], ...]]
    optional: bool = False
    gap: bool = False
    strict: bool = False


@dataclass(frozen=True, slots=True)
class Pattern:
    """A compiled phrase; ``needed`` are the words of which one each must be there."""

    steps: tuple[_Step, ...]
    at_start: bool
    at_end: bool
    needed: tuple[frozenset[str], ...]


@dataclass(frozen=True, slots=True)
class _Phrase(Generic[T]):
    """A pattern among many; ``first`` are the words with which it may start."""

    number: int
    pattern: Pattern
    payload: T
    first: frozenset[str]


@dataclass(frozen=True, slots=True)
class Hit(Generic[T]):
    """A phrase found; ``at`` are the places of its words, without what lies between."""

    payload: T
    at: tuple[int, ...]


def compile_pattern(text: str) -> Pattern:
    """Return the compiled pattern.

    Raises ``BadPatternError`` when no word must be there, or a gap comes first.
    """
    parts = text.split()
    at_start, at_end = parts[:1] == ["^"], parts[-1:] == ["$"]
    parts = parts[1 if at_start else 0 : -1 if at_end else None]
    steps = tuple(_step(part) for part in parts)
    needed = [step for step in steps if not step.optional]
    if not needed or needed[0].gap:
        raise BadPatternError(text)
    words_needed = tuple(frozenset(step.allowed) for step in needed if not step.gap)
    return Pattern(steps, at_start, at_end, words_needed)


class Phrases(Generic[T]):
    """Many patterns, each with something it stands for; quick to try all."""

    def __init__(self, patterns: Iterable[tuple[str, T]]) -> None:
        listed = [(compile_pattern(text), payload) for text, payload in patterns]
        often = Counter(
            w for pattern, _ in listed for step in pattern.needed for w in step
        )
        self._by_word: dict[str, list[_Phrase[T]]] = {}
        for number, (pattern, payload) in enumerate(listed):
            phrase = _Phrase(number, pattern, payload, _first_words(pattern))
            for word in _rarest(pattern, often):
                self._by_word.setdefault(word, []).append(phrase)

    def hits(self, tokens: Sequence[Token]) -> list[Hit[T]]:
        """Return the first place of every phrase that occurs, in data order."""
        found: dict[int, Hit[T]] = {}
        for number, hit in self._found(tokens):
            found.setdefault(number, hit)
        return [found[number] for number in sorted(found)]

    def everywhere(self, tokens: Sequence[Token]) -> frozenset[int]:
        """Return the places of all words of all phrases, each time they occur."""
        return places(hit for _, hit in self._found(tokens))

    def _found(self, tokens: Sequence[Token]) -> Iterator[tuple[int, Hit[T]]]:
        """Yield every hit with the number of its phrase; of one phrase in order."""
        said = {token.folded for token in tokens}
        for phrase in self._possible(said):
            starts = 1 if phrase.pattern.at_start else len(tokens)
            for start in range(starts):
                if tokens[start].folded in phrase.first:
                    at = _match(phrase.pattern, tokens, 0, start)
                    if at is not None:
                        yield phrase.number, Hit(phrase.payload, at)

    def _possible(self, said: AbstractSet[str]) -> Iterator[_Phrase[T]]:
        """Yield once each phrase of which no word is lacking."""
        seen: set[int] = set()
        for word in said & self._by_word.keys():
            for phrase in self._by_word[word]:
                if phrase.number in seen:
                    continue
                seen.add(phrase.number)
                if not any(map(said.isdisjoint, phrase.pattern.needed)):
                    yield phrase

    def any(self, tokens: Sequence[Token]) -> bool:
        """Whether one of the phrases occurs."""
        return bool(self.hits(tokens))


def places(hits: Iterable[Hit[T]]) -> frozenset[int]:
    """Return the places of all words of the hits."""
    return frozenset(place for hit in hits for place in hit.at)


def _match(
    pattern: Pattern, tokens: Sequence[Token], step: int, position: int
) -> tuple[int, ...] | None:
    """Return the places of the pattern's words from this step on."""
    if step == len(pattern.steps):
        return None if pattern.at_end and position < len(tokens) else ()
    for taken, following in _moves(pattern.steps[step], tokens, position):
        rest = _match(pattern, tokens, step + 1, following)
        if rest is not None:
            return (position, *rest) if taken else rest
    return None


def _moves(
    step: _Step, tokens: Sequence[Token], position: int
) -> Iterator[tuple[bool, int]]:
    """Yield whether a word is taken, and the position at which to go on."""
    if step.gap:
        for following in range(position, min(position + MAX_GAP, len(tokens)) + 1):
            yield False, following
        return
    if position < len(tokens) and _fits(step, tokens[position]):
        yield True, position + 1
    if step.optional:
        yield False, position


def _fits(step: _Step, token: Token) -> bool:
    """Whether the typed word may be one of the step's words."""
    variants = step.allowed.get(token.folded)
    if variants is None:
        return False
    typed = marks(token.typed)
    if step.strict:
        return typed in variants
    if not typed:
        return token.loose or typed in variants
    return any(typed <= variant for variant in variants)


@lru_cache(maxsize=8_000)
def _step(part: str) -> _Step:
    """Return one compiled position; the same words are compiled once."""
    if part == "...":
        return _Step({}, gap=True)
    optional, strict = part.endswith("?"), part.endswith("!")
    allowed: dict[str, tuple[frozenset[str], ...]] = {}
    for choice in part.rstrip("?!").split("|"):
        for key, typed in _choice(choice):
            allowed[key] = (*allowed.get(key, ()), typed)
    if not allowed:
        raise BadPatternError(part)
    return _Step(allowed, optional=optional, strict=strict)


@lru_cache(maxsize=8_000)
def _choice(choice: str) -> tuple[tuple[str, frozenset[str]], ...]:
    """Return the word of a choice, folded, with its diacritics; none for no word."""
    return tuple((fold(word), marks(word)) for word in words(choice)[:1])


def _rarest(pattern: Pattern, often: Mapping[str, int]) -> frozenset[str]:
    """Return the needed words that call up the fewest phrases in vain."""
    return min(pattern.needed, key=lambda step: sum(often[word] for word in step))


def _first_words(pattern: Pattern) -> frozenset[str]:
    """Return the words with which a match of the pattern may start."""
    first: set[str] = set()
    for step in pattern.steps:
        first.update(step.allowed)
        if not step.optional:
            break
    return frozenset(first)
