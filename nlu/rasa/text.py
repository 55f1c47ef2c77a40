"""In which form is a text shown to Rasa, in training and in service alike?"""

from __future__ import annotations

from nlu.abbreviations import Abbreviations
from nlu.normalise import Token, bounded, tokenise

LONGEST_NUMBER = 5
"""Digits; longer ones are phones and papers of people and say nothing of a matter."""


def written_out(text: str, abbreviations: Abbreviations) -> str:
    """Return the words in lower case, short forms written out, no punctuation.

    Long numbers are left out. A text typed without accents stays without: "dk ket
    hon" becomes "dang ky ket hon", as in the folded copies of the training data.
    """
    typed = [token for token in bounded(tokenise(text)) if not _is_private(token)]
    expanded = abbreviations.expand(typed)
    if all(token.typed == token.folded for token in typed):
        return " ".join(token.folded for token in expanded)
    return " ".join(token.typed for token in expanded)


def _is_private(token: Token) -> bool:
    return sum(char.isdigit() for char in token.typed) > LONGEST_NUMBER
