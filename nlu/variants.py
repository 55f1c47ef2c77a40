"""How else might the same question be typed? For measuring, not for reading."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable
from random import Random

from nlu.normalise import fold

TYPO_EVERY = 5
SHORTEST_TO_SLIP = 3
_TELEX_TONES = {
    "\u0301": "s", "\u0300": "f", "\u0309": "r", "\u0303": "x", "\u0323": "j",
}  # fmt: skip
_TELEX_SHAPES = {"\u0302": None, "\u0306": "w", "\u031b": "w"}
_NEIGHBOURS = {
    "a": "sqz", "b": "vn", "c": "xv", "d": "sf", "e": "wr", "g": "fh", "h": "gj",
    "i": "uo", "k": "jl", "l": "k", "m": "n", "n": "bm", "o": "ip", "p": "o",
    "q": "wa", "r": "et", "s": "ad", "t": "ry", "u": "yi", "v": "cb", "x": "zc",
    "y": "tu",
}  # fmt: skip

Slip = Callable[[str, Random], str]


def folded(text: str) -> str:
    """Return the text as people type it without diacritics."""
    return fold(text.lower())


def with_typos(text: str, seed: int) -> str:
    """Return the text with one slip about every five words, the same for a seed."""
    rng = Random(f"{seed}:{text}")  # noqa: S311  variants must repeat, not be secret
    words = text.split()
    count = max(1, round(len(words) / TYPO_EVERY))
    for place in sorted(rng.sample(range(len(words)), count), reverse=True):
        if rng.random() < 1 / 4 and place + 1 < len(words):
            words[place : place + 2] = [words[place] + words[place + 1]]
        else:
            words[place] = rng.choice(SLIPS)(words[place], rng)
    return " ".join(words)


def drop_tone(word: str, _rng: Random) -> str:
    """Return the word without its tone, the shape of its vowels kept."""
    plain = unicodedata.normalize("NFD", word)
    kept = "".join(char for char in plain if char not in _TELEX_TONES)
    return unicodedata.normalize("NFC", kept)


def hit_neighbour(word: str, rng: Random) -> str:
    """Return the word with one letter replaced by the key beside it."""
    places = [i for i, char in enumerate(word) if char.lower() in _NEIGHBOURS]
    if len(word) < SHORTEST_TO_SLIP or not places:
        return word
    place = rng.choice(places)
    other = rng.choice(_NEIGHBOURS[word[place].lower()])
    return word[:place] + other + word[place + 1 :]


def telex_leftover(word: str, _rng: Random) -> str:
    """Return the word as raw Telex keys, the keyboard being off (giấy -> giaays)."""
    keys, tone = "", ""
    for char in unicodedata.normalize("NFD", word.lower()):
        if char in _TELEX_TONES:
            tone = _TELEX_TONES[char]
        elif char in _TELEX_SHAPES:
            keys += _TELEX_SHAPES[char] or keys[-1]
        else:
            keys += "dd" if char == "đ" else char
    return keys + tone


SLIPS: tuple[Slip, ...] = (drop_tone, hit_neighbour, telex_leftover)
