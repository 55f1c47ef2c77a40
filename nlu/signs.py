"""What in a message may tell its intent?

Two kinds of signs, both plain strings: those of the words, and those of the situation
(phrases that give an intent away, how sure the search is of a procedure, how much is
left of the message without them).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from nlu.cues import Cue
from nlu.letters import pieces
from nlu.reader import Reading

LONGEST_PIECE = 4
# A procedure this likely makes another intent's phrase doubtful.
LIKELY = 0.6
STEPS = (0.05, 0.1, 0.2, 0.35, 0.5, 0.65, 0.8, 0.9)
MOST_CONTENT = 4
LONG_CUE = 3
# Messages of up to so many words are short, middling, long.
LENGTHS = (1, 2, 3, 6, 11)


@dataclass(frozen=True, slots=True)
class Signs:
    """The signs of one message; those of words and letters may come several times."""

    words: tuple[str, ...]
    letters: tuple[str, ...]
    situation: tuple[str, ...]


def signs(reading: Reading, cues: Sequence[Cue], *, ours: bool, prior: float) -> Signs:
    """Return the signs; ``ours`` and ``prior`` are of the best procedure found."""
    folded = [token.folded for token in reading.tokens]
    about = (*_of_procedure(reading, ours=ours, prior=prior), *_of_shape(reading))
    situation = (*_of_cues(reading, cues), *about)
    return Signs(of_words(folded), of_letters(folded), situation)


def of_words(words: Sequence[str]) -> tuple[str, ...]:
    """Return words, and runs of two and three with the ends of the message."""
    marked = ["^", *words, "$"]
    pairs = (f"{a} {b}" for a, b in pairwise(marked))
    threes = zip(marked, marked[1:], marked[2:], strict=False)
    runs = (f"{a} {b} {c}" for a, b, c in threes)
    return (*words, *pairs, *runs)


def of_letters(words: Sequence[str]) -> tuple[str, ...]:
    """Return the pieces of words, which outlive a slip."""
    return tuple(
        f"~{piece}"
        for word in words
        for piece in pieces(word)
        if len(piece) <= LONGEST_PIECE
    )


def _of_cues(reading: Reading, cues: Sequence[Cue]) -> Iterator[str]:
    """Yield what the phrases found say, and what else the message says."""
    likely = "likely" if reading.confidence > LIKELY else "unlikely"
    for number, cue in enumerate(cues):
        name = cue.intent.value
        yield f"cue {name}"
        yield f"cue {name} {likely}"
        if cue.certain:
            yield f"certain {name}"
        if not number:
            yield f"first {name}"
        if not reading.query.places - cue.places:
            yield f"alone {name}"
        if reading.asked - cue.places:
            yield f"asked beside {name}"
        if len(cue.places) >= LONG_CUE:
            yield f"long {name}"


def _of_procedure(reading: Reading, *, ours: bool, prior: float) -> Iterator[str]:
    """Yield what the search found."""
    sure = reading.confidence
    yield from (f"sure {step}" for step in STEPS if sure > step)
    if not ours:
        yield "elsewhere"
    elif sure > STEPS[4]:
        yield "ours"
    if prior >= 1 and sure > STEPS[3]:
        yield "usual"


def _of_shape(reading: Reading) -> Iterator[str]:
    """Yield what is asked for, and how long the message is."""
    if reading.asked:
        yield "asks"
    yield from (f"facet {facet.value}" for facet in reading.facets)
    yield f"content {min(len(reading.query.places), MOST_CONTENT)}"
    yield f"length {sum(len(reading.tokens) > most for most in LENGTHS)}"
    if reading.bare:
        yield "bare"
