"""Unknown words are mended where we can tell what was meant."""

from __future__ import annotations

import pytest

from nlu.normalise import tokenise
from nlu.speller import Speller

KNOWN = {"giay", "khai", "sinh", "dang", "ky", "ket", "hon", "thuong", "tru", "nguyen"}
PAIRS = {("giay", "khai"), ("khai", "sinh"), ("dang", "ky"), ("ket", "hon")} | {
    ("thuong", "tru")
}


def mended(text: str) -> str:
    """Return the text after mending, folded."""
    speller = Speller(KNOWN, lambda first, second: (first, second) in PAIRS)
    return " ".join(token.folded for token in speller.mend(tokenise(text)))


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("giaays khai sinh", "giay khai sinh"),
        ("gia61y khai sinh", "giay khai sinh"),
        ("ddawng kys", "dang ky"),
        ("thuwowngf trus", "thuong tru"),
        ("khaisinh", "khai sinh"),
        ("giaykhaisinh", "giay khai sinh"),
        ("giay khsi sinh", "giay khai sinh"),
        ("ket hom", "ket hom"),
        ("ket honn", "ket hon"),
        ("xyzzy 12345 abc", "xyzzy 12345 abc"),
        ("khai sinh", "khai sinh"),
    ],
)
def test_mending(typed: str, meant: str) -> None:
    """Telex and VNI leftovers, lost spaces and slips are mended, names are not."""
    assert meant == mended(typed)


def test_a_long_strange_text_costs_little() -> None:
    """Only a handful of unknown words is looked up, the rest stays as typed."""
    text = " ".join(f"zq{n}wv" for n in range(80))

    assert text == mended(text)
