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
from zipfile import BadZipFile
from zlib import crc32

import numpy as np
from numpy.typing import NDArray

from nlu import resources
from nlu.errors import BadTrainingDataError
from nlu.model import Intent
from nlu.sparse import Floats

FILE = "intents.npz"
# Rows for the signs of words, and after them rows for those of the situation.
WORD_ROWS = 1 << 15
SITUATION_ROWS = 1 << 9
ROWS = WORD_ROWS + SITUATION_ROWS
# How much the signs of words count together, and each sign of the situation.
WORDS = 3.5
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

    def scores(self, words: Sequence[str], situation: Sequence[str]) -> Floats:
        """Return a score for every intent; the highest is the likeliest."""
        rows, values = signed(self.idf, words, situation)
        scores: Floats = (values @ self.table[rows].astype(np.float64)) * self.scale
        return scores


def signed(
    idf: Floats, words: Sequence[str], situation: Sequence[str]
) -> tuple[list[int], Floats]:
    """Return the rows of the signs, and a value for each."""
    counts = Counter(word_row(sign) for sign in words)
    rows = list(counts)
    values = np.array([1 + log(times) for times in counts.values()]) * idf[rows]
    norm = float(np.sqrt((values**2).sum())) or 1.0
    about = [WORD_ROWS + crc32(sign.encode()) % SITUATION_ROWS for sign in situation]
    scaled = np.concatenate((WORDS / norm * values, np.full(len(about), SITUATION)))
    return [*rows, *about], scaled


def word_row(sign: str) -> int:
    """Return the row of a sign of words."""
    return crc32(sign.encode("utf-8", "replace")) % WORD_ROWS


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
