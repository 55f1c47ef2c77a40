"""Which numbers were learned for telling intents apart?

``data/intents.npz`` holds plain arrays, no pickle; ``benchmarks/intents_fit.py``
writes it. A sign finds its row by a hash, so no list of signs has to be kept; two
signs that share a row disturb each other less than chance words do.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from math import log
from typing import TYPE_CHECKING
from zipfile import BadZipFile
from zlib import crc32

import numpy as np
from numpy.typing import NDArray

from nlu import resources
from nlu.errors import BadTrainingDataError
from nlu.model import Intent
from nlu.sparse import Floats

if TYPE_CHECKING:
    from nlu.signs import Signs

FILE = "intents.npz"
# Rows for the signs of words, and after them rows for those of the situation.
WORD_ROWS = 1 << 15
SITUATION_ROWS = 1 << 9
ROWS = WORD_ROWS + SITUATION_ROWS
# How much the signs of words count together, those of letters, and each sign of the
# situation. Letters count little: alone they told intents apart worse.
WORDS = 4.5
LETTERS = 1.2
SITUATION = 0.2


@dataclass(frozen=True, slots=True)
class Weights:
    """A trained model: one row a sign, one column an intent, in whole numbers.

    ``scale`` turns the numbers of a column into weights; ``idf`` says how telling the
    signs of words are. ``words`` are the folded words of the sentences it was trained
    on, ``digest`` the SHA-256 of the sentences.
    """

    labels: tuple[Intent, ...]
    idf: Floats
    table: NDArray[np.int8]
    scale: NDArray[np.float32]
    words: frozenset[str]
    digest: str

    def scores(self, found: Signs) -> Floats:
        """Return a score for every intent; the highest is the likeliest."""
        rows, values = signed(self.idf, found)
        scores: Floats = (values @ self.table[rows].astype(np.float64)) * self.scale
        return scores


def signed(idf: Floats, found: Signs) -> tuple[list[int], Floats]:
    """Return the rows of the signs, and a value for each."""
    rows, values = _scaled(idf, found.words, WORDS)
    pieces, more = _scaled(idf, found.letters, LETTERS)
    about = [row_of(sign, SITUATION_ROWS) + WORD_ROWS for sign in found.situation]
    told = np.full(len(about), SITUATION)
    return [*rows, *pieces, *about], np.concatenate((values, more, told))


def _scaled(
    idf: Floats, signs: Sequence[str], length: float
) -> tuple[list[int], Floats]:
    """Return the rows of signs, and values that have one length together."""
    counts = Counter(row_of(sign, WORD_ROWS) for sign in signs)
    rows = list(counts)
    values = np.array([1 + log(times) for times in counts.values()]) * idf[rows]
    norm = float(np.sqrt((values**2).sum())) or 1.0
    return rows, length / norm * values


def row_of(sign: str, rows: int) -> int:
    """Return the row of a sign among so many."""
    return crc32(sign.encode("utf-8", "replace")) % rows


@cache
def shipped() -> Weights:
    """Return the model that ships with us.

    Raises ``BadTrainingDataError`` when its file is spoilt.
    """
    try:
        with resources.opened(FILE) as file, np.load(file, allow_pickle=False) as data:
            return Weights(
                labels=tuple(Intent(str(name)) for name in data["labels"]),
                idf=data["idf"].astype(np.float64),
                table=data["table"],
                scale=data["scale"],
                words=frozenset(bytes(data["words"]).decode().split("\n")),
                digest=str(data["digest"]),
            )
    except (OSError, EOFError, BadZipFile, KeyError, ValueError) as error:
        raise BadTrainingDataError(FILE) from error
