"""The model put a situation into words of the catalogue: what is made of them?

They are a search phrase and nothing else: nobody sees them, our engine reads them as
it reads a citizen's, and what it finds is offered, not told.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import replace

from nlu.ai.envelope import only_value
from nlu.ai.prompt import SEARCH
from nlu.ai.use import Result
from nlu.model import Decision, Intent, Understanding
from nlu.normalise import fold

LONGEST = 100
"""Characters of a search phrase."""
_BETWEEN = re.compile(r"[\s.,;!?()\"'/\-]+")
_LETTERS = re.compile(r"[a-z]+")
_FOUND = frozenset({Decision.ANSWER, Decision.ASK, Decision.ELSEWHERE})


def phrase(content: str) -> str | Result:
    """Return the search phrase of a reply, lower case, letters and blanks only.

    "" when the model has none. Numbers, links, other signs and scripts are no search
    phrase: the reply is refused whole.
    """
    told = only_value(content, SEARCH)
    if isinstance(told, Result):
        return told
    if not isinstance(told, str):
        return Result.WRONG_SHAPE
    if len(told) > LONGEST:
        return Result.UNFIT
    words = _BETWEEN.sub(" ", unicodedata.normalize("NFC", told).lower()).split()
    if not all(_LETTERS.fullmatch(fold(word)) for word in words):
        return Result.UNFIT
    return " ".join(words)


def rewritten(own: Understanding, found: Understanding) -> Understanding:
    """Return what to make of our engine's reading of the search phrase.

    It answers only where our engine is sure of the phrase and had thought of the same
    procedure first for the citizen's own words; what they asked of it stays theirs.
    """
    is_about_procedure = found.intent is Intent.ASK_PROCEDURE and found.candidates
    if not is_about_procedure or found.decision not in _FOUND:
        return own
    is_sure = found.decision is Decision.ANSWER and _agreed(own, found)
    return replace(
        own,
        intent=Intent.ASK_PROCEDURE,
        decision=Decision.ANSWER if is_sure else Decision.ASK,
        candidates=found.candidates,
        confidence=found.confidence if is_sure else own.confidence,
    )


def _agreed(own: Understanding, found: Understanding) -> bool:
    """Whether the citizen's own words, too, were a question likeliest about that."""
    is_question = own.intent is Intent.ASK_PROCEDURE and bool(own.candidates)
    return is_question and own.candidates[0].code == found.candidates[0].code
