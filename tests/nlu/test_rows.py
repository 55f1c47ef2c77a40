"""Many texts read at once are read as each alone would be."""

from __future__ import annotations

import sys
import unicodedata

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from nlu.abbreviations import Abbreviations
from nlu.normalise import clean, tokenise, words, words_all
from nlu.rows import rows
from nlu.sparse import counted

SHORT = Abbreviations({"hkd": "hộ kinh doanh"})
ODD = st.sampled_from(["hkd", "hoá", "điiii", "\u200b", "\u0301", "\0", "|", "\n", " "])
LINES = st.lists(ODD | st.text(max_size=5), max_size=6).map("".join)


@given(st.lists(LINES, max_size=5))
def test_words_of_many(texts: list[str]) -> None:
    """The words of many texts are those of each."""
    assert words_all(texts) == [words(text) for text in texts]


@given(st.lists(LINES, min_size=1, max_size=5))
def test_rows(texts: list[str]) -> None:
    """Rows hold each text's folded words with short forms written out."""
    found = rows(texts, SHORT.folded)
    said = list(found.words)
    bounds = zip(found.starts, found.starts[1:], strict=False)
    read = [[said[number] for number in found.flat[a:b]] for a, b in bounds]
    assert read == [
        [token.folded for token in SHORT.expand(tokenise(text))] for text in texts
    ]


@given(st.lists(st.tuples(st.integers(0, 9), st.integers(0, 2**33)), max_size=20))
def test_counted(pairs: list[tuple[int, int]]) -> None:
    """Each pair is counted, in order, small and large numbers alike."""
    docs, features = (np.array(part, dtype=np.int64) for part in _columns(pairs))
    counts = counted(docs, features, documents=10)
    read = zip(counts.features, counts.docs, counts.times, strict=True)
    wanted = {(feature, doc): pairs.count((doc, feature)) for doc, feature in pairs}
    assert list(read) == [(*key, wanted[key]) for key in sorted(wanted)]


def _columns(pairs: list[tuple[int, int]]) -> tuple[list[int], list[int]]:
    return [doc for doc, _ in pairs], [feature for _, feature in pairs]


def test_letters_are_visible() -> None:
    """No letter or digit is dropped or changed by cleaning, alone or in a long text."""
    letters = (chr(code) for code in range(sys.maxunicode + 1))
    kept = [char for char in letters if char.isalnum() and char == _plain(char)]
    assert clean("".join(kept[:1000])) == "".join(kept[:1000])
    assert all(clean(char + "\u200b") == char for char in kept)


def _plain(char: str) -> str:
    return unicodedata.normalize("NFC", unicodedata.normalize("NFC", char).lower())
