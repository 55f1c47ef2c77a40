"""What did the citizen type, once noise that carries no meaning is gone?

A message becomes two parallel rows of tokens: as typed (lower case, NFC, one
way of placing tones) and folded (no diacritics, đ as d).
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import chain

HEAD_CHARS = 1500
TAIL_CHARS = 500
HEAD_TOKENS = 60
TAIL_TOKENS = 20
# About six words of ten carry a mark in careful Vietnamese.
ACCENTED_SHARE = 0.35

_TOKEN = re.compile(r"[^\W_]+")
# Text without anything invisible in it, which is nearly all there is.
_PLAIN = re.compile(r"[\w .,;:!?()/'\"+%\n-]*")
_REPEATED = re.compile(r"([^\W\d_i])\1{2,}|(i)\2{3,}")  # III is a number
_OLD_TONE = re.compile(r"(?:o[àáảãạèéẻẽẹ]|(?<!q)u[ỳýỷỹỵ])$")
_TONES = {"\u0300", "\u0301", "\u0303", "\u0309", "\u0323"}
_MARKS = _TONES | {"\u0302", "\u0306", "\u031b"}
_CODE = re.compile(r"(?<![\d.])\d\.\d{6}(?:\.[A-Za-z0-9.\-]+)?(?![\d])")


@dataclass(frozen=True, slots=True)
class Token:
    """One word: as typed and folded; ``loose`` when its accents may be missing."""

    typed: str
    folded: str
    loose: bool = True


@dataclass(frozen=True, slots=True)
class Text:
    """A normalised message; ``has_accents`` is about what was typed."""

    tokens: tuple[Token, ...]
    has_accents: bool

    @property
    def folded(self) -> tuple[str, ...]:
        """The folded words in order."""
        return tuple(token.folded for token in self.tokens)


@lru_cache(maxsize=20_000)
def fold(text: str) -> str:
    """Return the text without diacritics, đ as d; case is kept."""
    if text.isascii():
        return text
    plain = unicodedata.normalize("NFD", text.replace("đ", "d").replace("Đ", "D"))
    return "".join(char for char in plain if not unicodedata.combining(char))


@lru_cache(maxsize=20_000)
def marks(word: str) -> frozenset[str]:
    """Return the diacritics of a word, wherever they stand in it (hoá = hóa)."""
    if word.isascii():
        return frozenset()
    plain = unicodedata.normalize("NFD", word)
    return frozenset(c for c in plain if unicodedata.combining(c) or c == "đ")


def procedure_code(text: str) -> str | None:
    """Return the first procedure code written in the text, such as 1.001193."""
    found = _CODE.search(text[:HEAD_CHARS])
    return found.group(0).rstrip(".-") if found else None


def cut(text: str) -> str:
    """Return the head and tail of an overlong message: the question is there."""
    if len(text) <= HEAD_CHARS + TAIL_CHARS:
        return text
    return f"{text[:HEAD_CHARS]} {text[-TAIL_CHARS:]}"


def clean(text: str) -> str:
    """Return the text in NFC, lower case, with invisible characters and emoji gone."""
    return _cleaned(cut(text))


def _cleaned(text: str) -> str:
    """Return the text as ``clean`` does, whatever its length; lines stay lines."""
    lowered = unicodedata.normalize("NFC", text).lower()
    if _PLAIN.fullmatch(lowered):
        return lowered
    visible = lowered
    for char in set(lowered) - {"\n"}:
        shown = _visible(char)
        if shown != char:
            visible = visible.replace(char, shown)
    return unicodedata.normalize("NFC", visible)


def words(text: str) -> list[str]:
    """Return the words of a text: lower case, tones placed one way, drawn-out
    letters shortened (điiii -> đi).
    """
    squeezed = _REPEATED.sub(r"\1\2", clean(text))
    return [_one_tone_place(word) for word in _TOKEN.findall(squeezed)]


def tokenise(text: str) -> list[Token]:
    """Return the tokens of a text, without any bound on their number."""
    return [_token(word) for word in words(text)]


def words_all(texts: Iterable[str]) -> list[list[str]]:
    """Return the words of many texts; quicker than one by one."""
    return [
        list(chain.from_iterable(map(words_in, line.split())))
        for line in map(one_line, texts)
    ]


def one_line(text: str) -> str:
    """Return the text when its words can be told space by space, else its words."""
    return text if _is_short_line(text) else " ".join(words(text))


@lru_cache(maxsize=20_000)
def words_in(part: str) -> tuple[str, ...]:
    """Return the words of what stands between two spaces, "(khai" or "sinh/tử"."""
    return tuple(words(part))


def _is_short_line(text: str) -> bool:
    """Whether the text is one line, and is not cut when it is read."""
    return len(text) <= HEAD_CHARS and text.isprintable()


def settled(tokens: Sequence[Token]) -> list[Token]:
    """Return the tokens, none of them loose when the message carries its accents."""
    accented = sum(token.typed != token.folded for token in tokens)
    if accented < ACCENTED_SHARE * len(tokens):
        return list(tokens)
    return [Token(token.typed, token.folded, loose=False) for token in tokens]


def bounded(tokens: list[Token]) -> list[Token]:
    """Return at most the first and the last tokens that search looks at."""
    if len(tokens) <= HEAD_TOKENS + TAIL_TOKENS:
        return tokens
    return tokens[:HEAD_TOKENS] + tokens[-TAIL_TOKENS:]


@lru_cache(maxsize=20_000)
def _token(word: str) -> Token:
    """Return the token of a word; one object for all its occurrences."""
    return Token(word, fold(word))


@lru_cache(maxsize=4_000)
def _visible(char: str) -> str:
    """Return the character, nothing (zero width) or a space (emoji, control)."""
    category = unicodedata.category(char)
    if category in {"Cf", "Mn", "Me"}:
        # A combining mark that NFC could not place still belongs to its letter;
        # variation selectors and joiners do not.
        return char if char in _MARKS else ""
    if category[0] in "CSZ" and char not in "+%":
        return " "
    return char


@lru_cache(maxsize=20_000)
def _one_tone_place(word: str) -> str:
    """Return the word with the tone on the first vowel of oa, oe, uy (hoá -> hóa)."""
    if word.isascii() or not _OLD_TONE.search(word):
        return word
    first, second = word[-2], unicodedata.normalize("NFD", word[-1])
    tone = next(char for char in second if char in _TONES)
    rest = second.replace(tone, "")
    return word[:-2] + unicodedata.normalize("NFC", first + tone + rest)
