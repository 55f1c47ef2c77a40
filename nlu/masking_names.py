"""Which words of a text are likely a person's name?

Three signs: a title before capitals ("bà Lụa"), the word "tên" ("cháu tên là lan"),
a surname that leads a name ("nguyen thi lua"). In a text that is all capitals, or
has none, capitals tell nothing.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache

from nlu import resources
from nlu.normalise import fold
from nlu.shadow import Shadow

LONGEST = 5
LONGEST_LOW = 4
"""Syllables of a name, with capitals and without."""
SHORTEST_FULL = 2
MOST_BETWEEN = 3
"""Words of "tên đầy đủ là" after its first."""
CAPITALS_TELL_BELOW = 0.8
NAMED = "ten"
_WORD = re.compile(r"[^\W\d_]+")
_IS = frozenset({"la", "day", "du"})
_SURE_MIDDLES = frozenset({"van", "thi"})


@dataclass(frozen=True, slots=True)
class Word:
    """A word: where it stands in the shadow, folded, as typed (lower case)."""

    start: int
    end: int
    folded: str
    typed: str
    is_capital: bool
    between: str
    """What parts it from the word before."""

    @property
    def is_next(self) -> bool:
        """Whether only a blank or two part it from the word before."""
        return self.between in {" ", "  "}

    @property
    def is_told(self) -> bool:
        """Whether a colon announces it ("họ tên: …")."""
        return self.between.strip() == ":"


@dataclass(frozen=True, slots=True)
class Lists:
    """The words of names.yml; those ending in "!" count only with their accents."""

    sure_surnames: frozenset[str]
    surnames: frozenset[str]
    middles: frozenset[str]
    titles: frozenset[str]
    speakers: frozenset[str]
    not_names: frozenset[str]
    stops: frozenset[str]
    before_places: frozenset[str]
    places: frozenset[tuple[str, ...]]


@cache
def lists() -> Lists:
    """Return the lists, read once."""
    data = resources.load("names")
    words = {name: frozenset(str(text).split()) for name, text in data.items()}
    places = frozenset(tuple(fold(p).split("|")) for p in words.pop("places"))
    return Lists(**words, places=places)


def find(text: str, plain: Shadow, rest: str) -> Iterator[tuple[int, int]]:
    """Yield places in the shadow; ``rest`` is its text, taken letters blotted out."""
    words = _words(text, plain, rest)
    reader = _Reader(words)
    number = 0
    while number < len(words):
        length = reader.name_at(number)
        if length:
            yield words[number].start, words[number + length - 1].end
        number += max(length, 1)


class _Reader:
    """Looks for names in one text."""

    def __init__(self, words: Sequence[Word]) -> None:
        self._words = words
        capitals = sum(word.is_capital for word in words)
        self._tells = capitals < CAPITALS_TELL_BELOW * len(words)
        self._is_accented = any(word.typed != word.folded for word in words)

    def name_at(self, number: int) -> int:
        """Return how many words from here are a name; 0 for none."""
        return (
            self._led_by_surname(number)
            or self._after_named(number)
            or self._after_title(number)
        )

    def _is(self, word: Word, among: frozenset[str]) -> bool:
        """Whether a word is in a list; without accents only in a text without any."""
        if word.typed in among or f"{word.typed}!" in among:
            return True
        return not self._is_accented and word.folded in _folded(among)

    def _row(self, number: int, most: int) -> list[Word]:
        """Return the words from here on that only blanks part, at most so many."""
        row = list(self._words[number : number + 1])
        for word in self._words[number + 1 : number + most]:
            if not word.is_next:
                break
            row.append(word)
        return row

    def _capitals(self, number: int) -> int:
        """Return the length of the row of capitals that begins here."""
        length = 0
        for word in self._row(number, LONGEST):
            if not word.is_capital:
                break
            length += 1
        return length

    def _is_place(self, number: int) -> bool:
        """Whether a known place stands here, or a word that makes it one before."""
        here = tuple(word.folded for word in self._row(number, 3))
        if any(here[:length] in lists().places for length in (1, 2, 3)):
            return True
        before = self._before(number)
        return before is not None and self._is(before, lists().before_places)

    def _before(self, number: int) -> Word | None:
        """Return the word just before, if only a blank parts the two."""
        return self._words[number - 1] if self._words[number].is_next else None

    def _led_by_surname(self, number: int) -> int:
        if not self._is(self._words[number], lists().surnames):
            return 0
        if self._is_place(number):
            return 0
        length = self._capitals(number)
        if self._tells and length >= SHORTEST_FULL:
            return length
        return self._typed_low(number) or self._whole(number)

    def _typed_low(self, number: int) -> int:
        """Return the length of "nguyễn thị lụa" typed without capitals."""
        row = self._row(number, LONGEST_LOW)
        if len(row) <= SHORTEST_FULL or not self._is(row[1], lists().middles):
            return 0
        is_sure = row[1].folded in _SURE_MIDDLES and self._is_sure_surname(row[0])
        if not is_sure and not self._is_titled(number):
            return 0
        given = self._until_stop(number + 2, LONGEST_LOW - 2)
        return 2 + given if given else 0

    def _whole(self, number: int) -> int:
        """Return the length of a name that is the message, or follows a title."""
        if not self._is(self._words[number], lists().sure_surnames):
            return 0
        length = self._until_stop(number, LONGEST)
        is_all = length == len(self._words)
        is_name = length >= SHORTEST_FULL and (is_all or self._is_titled(number))
        return length if is_name and self._words[number].is_capital else 0

    def _is_sure_surname(self, word: Word) -> bool:
        among = lists().surnames if self._is_accented else lists().sure_surnames
        return self._is(word, among)

    def _is_titled(self, number: int) -> bool:
        before = self._before(number)
        return before is not None and (
            before.folded == NAMED or self._is(before, lists().titles)
        )

    def _after_title(self, number: int) -> int:
        before = self._before(number)
        if before is None or not self._is(before, lists().titles):
            return 0
        if not self._tells or self._is_place(number):
            return 0
        return self._capitals(number)

    def _after_named(self, number: int) -> int:
        """Return the length of the name after "tên", "tên là", "tên tôi là"."""
        named = self._named(number)
        if named is None:
            return 0
        if self._tells and self._words[number].is_capital:
            return self._capitals(number)
        if not named or self._is(self._words[number], lists().not_names):
            return 0
        return self._until_stop(number, LONGEST_LOW)

    def _named(self, number: int) -> bool | None:
        """Return whether "tên" before here surely names a person; None without it."""
        words = self._words
        place = number - 1
        while (
            0 <= place < number <= place + MOST_BETWEEN and words[place].folded in _IS
        ):
            place -= 1
        is_said = place < number - 1 or words[number].is_told
        if is_said and place >= 0 and self._is(words[place], lists().speakers):
            place -= 1
        if place < 0 or not _is_named(words[place]):
            return None
        if not (is_said or words[number].is_next):
            return None
        return is_said or self._is_spoken_of(place)

    def _is_spoken_of(self, number: int) -> bool:
        """Whether the word before is a person: "em tên", "con tên"."""
        before = self._before(number)
        return before is not None and self._is(before, lists().speakers)

    def _until_stop(self, number: int, most: int) -> int:
        """Return how many words from here may be a name typed without capitals."""
        length = 0
        for word in self._row(number, most):
            if self._is(word, lists().stops):
                break
            length += 1
        return length


def _is_named(word: Word) -> bool:
    return word.folded == NAMED and word.typed in {"tên", "ten"}


@cache
def _folded(words: frozenset[str]) -> frozenset[str]:
    return frozenset(fold(word) for word in words if not word.endswith("!"))


def _words(text: str, plain: Shadow, rest: str) -> list[Word]:
    """Return the words of the text that nothing has claimed yet."""
    words: list[Word] = []
    end = 0
    for found in _WORD.finditer(rest):
        start, stop = plain.place(*found.span())
        typed = unicodedata.normalize("NFC", text[start:stop]).lower()
        words.append(
            Word(
                start=found.start(),
                end=found.end(),
                folded=found.group().lower(),
                typed=typed,
                is_capital=found.group()[0].isupper(),
                between=rest[end : found.start()] if words else "\n",
            )
        )
        end = found.end()
    return words
