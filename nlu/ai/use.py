"""What was a language model asked for, what came of it, and what did it cost?"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Purpose(StrEnum):
    """What a model may be asked for; nothing else is ever asked."""

    RERANK = "rerank"
    """Which of the procedures found is meant?"""
    REWRITE = "rewrite"
    """With which words would the catalogue speak of this situation?"""


class Result(StrEnum):
    """What became of one text; only the first changes what our engine made of it."""

    USED = "used"
    KEPT = "kept"
    """The reply was sound, and our own reading stands."""
    SETTLED = "settled"
    """Not asked: no open question, or one that leans on the talk before."""
    PRIVATE = "private"
    """Not asked: the words must not leave this machine."""
    SPENT = "spent"
    """Not asked: the calls or tokens of the day are used up, or cannot be counted."""
    BUSY = "busy"
    """Not asked: enough questions are on their way already."""
    RESTING = "resting"
    """Not asked: the server failed several times in a row."""
    TIMEOUT = "timeout"
    DEAD = "dead"
    """No connection, or it broke."""
    STATUS = "status"
    """An HTTP status other than 200."""
    TOO_BIG = "too_big"
    NOT_JSON = "not_json"
    WRONG_SHAPE = "wrong_shape"
    INVENTED = "invented"
    """It chose something that was not on the list."""
    UNFIT = "unfit"
    """Its words are no search phrase: too long, numbers, links, another script."""


@dataclass(frozen=True, slots=True)
class AiUse:
    """One question that left this process, for the evidence: figures, never a text.

    ``tokens`` are those the server counted, or the most it can have been.
    """

    purpose: Purpose
    model: str
    ms: int
    tokens: int
    result: Result
