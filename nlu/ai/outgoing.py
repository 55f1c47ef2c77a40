"""Which form of a citizen's question may leave this machine, if any?

Masking knows shapes, titles and surnames. What leaves is stripped once more: every
number longer than a year, every word with a capital inside a sentence.
"""

from __future__ import annotations

import re
import unicodedata
from functools import cache

from nlu import masking, resources
from nlu.ai.sensitive import is_sensitive
from nlu.masking_names import lists
from nlu.normalise import fold, tokenise

LONGEST = 400
"""Characters; longer messages tell a story of somebody."""
FEWEST_WORDS = 2
LONGEST_NUMBER = 4
"""Digits: a year or a number of a decree, no phone and no paper."""
NUMBER, NAME = "[dãy số]", "[tên riêng]"
CAPITALS_TELL_BELOW = 0.5
"""Share of words with a capital; in a text of capitals they tell nothing."""
_HIDDEN = re.compile(r"\[[^\[\]]*\]")
_NUMBER = re.compile(r"\d(?:[\s.,\-/]?\d)*")
_WORD = re.compile(r"[^\W\d_]+")
_BEFORE_COUNTRIES = frozenset({"nguoi", "tich", "nuoc"})
_SENTENCE_ENDS = (".", "!", "?")
# A citizen's own brackets must not pass for something hidden.
_BRACKETS = str.maketrans("[]", "()")


def outgoing(text: str) -> str | None:
    """Return the masked question; None when it must not, or need not, leave."""
    plain = _visible(text)
    if len(plain) > LONGEST or is_sensitive(plain):
        return None
    masked = _without_names(_without_numbers(masking.mask(plain)))
    if masking.find(masked):
        return None
    told = _HIDDEN.sub(" ", masked)
    return masked if len(tokenise(told)) >= FEWEST_WORDS else None


def _visible(text: str) -> str:
    """Return the text on one line, without characters that nobody sees."""
    composed = unicodedata.normalize("NFC", text).translate(_BRACKETS)
    seen = (char for char in composed if char.isspace() or _is_seen(char))
    return " ".join("".join(seen).split())


def _is_seen(char: str) -> bool:
    return unicodedata.category(char) not in {"Cf", "Cc", "Co", "Cn", "Cs"}


def _without_numbers(text: str) -> str:
    """Return the text without long numbers; there are none in our own brackets."""

    def hidden(found: re.Match[str]) -> str:
        digits = sum(char.isdigit() for char in found.group())
        return NUMBER if digits > LONGEST_NUMBER else found.group()

    return _NUMBER.sub(hidden, text)


def _without_names(text: str) -> str:
    """Return the text without words that have a capital where no sentence begins."""
    taken = [found.span() for found in _HIDDEN.finditer(text)]
    words = [w for w in _WORD.finditer(text) if not _is_within(w.start(), taken)]
    capitals = [word for word in words if word.group()[0].isupper()]
    if len(capitals) >= CAPITALS_TELL_BELOW * len(words):
        return text
    places = _places(words)
    for word in reversed(capitals):
        known = word.start() in places or _is_short_form(word.group())
        if not (known or _begins(text, word.start())):
            text = text[: word.start()] + NAME + text[word.end() :]
    return text


def _places(words: list[re.Match[str]]) -> set[int]:
    """Return where words of countries and cities begin: "người Hàn Quốc".

    A single word ("Đức", "Nga") is a country only where the word before says so.
    """
    plain = [fold(word.group().lower()) for word in words]
    found: set[int] = set()
    for number, word in enumerate(words):
        for length in (2, 3):
            if tuple(plain[number : number + length]) in lists().places:
                found.update(one.start() for one in words[number : number + length])
        is_led = number > 0 and plain[number - 1] in _BEFORE_COUNTRIES
        if is_led and (plain[number],) in lists().places:
            found.add(word.start())
    return found


def _is_within(place: int, spans: list[tuple[int, int]]) -> bool:
    return any(start <= place < end for start, end in spans)


def _begins(text: str, place: int) -> bool:
    """Whether a sentence begins here."""
    before = text[:place].rstrip(" \"'(-")
    return not before or before.endswith(_SENTENCE_ENDS)


def _is_short_form(word: str) -> bool:
    return word.isupper() and fold(word).lower() in _short_forms()


@cache
def _short_forms() -> frozenset[str]:
    return frozenset(fold(short).lower() for short in resources.abbreviations())
