"""Does a procedure's name say something special that the citizen did not say?"""

from __future__ import annotations

from collections.abc import Sequence
from math import log

import numpy as np

from nlu import resources
from nlu.normalise import Token, fold, words
from nlu.pattern import Phrases
from nlu.rows import END, numbered
from nlu.sparse import Floats

# However many special words a name has, it stays within reach of this share.
LOWEST = 0.45
HIGHEST = 1.3
# A name that carries what was said gains this much (in logs) each time.
SAID_BONUS = 0.14
# A name without any qualifier of a kind that was said loses this much (in logs).
LACKING_COST = 0.2


class Qualifiers:
    """Unsaid qualifiers lower the score of the names that carry them."""

    def __init__(self, names: Sequence[str]) -> None:
        rules = resources.load("qualifiers")
        self._said: Phrases[int] = Phrases(
            (text, number)
            for number, rule in enumerate(rules)
            for text in (*rule["said"], " ".join(words(rule["name"])))
        )
        self._carried = _carried([rule["name"] for rule in rules], names)
        kinds = [rule.get("kind") for rule in rules]
        self._kinds = kinds
        self._lacks = {
            kind: ~self._carried[[k == kind for k in kinds]].any(axis=0)
            for kind in kinds
            if kind
        }
        costs = np.log([float(rule["factor"]) for rule in rules])
        self._unsaid: Floats = costs @ self._carried
        self._gains = SAID_BONUS - costs

    def logs(self, tokens: Sequence[Token]) -> Floats:
        """Return by how much each name loses or gains, log LOWEST..log HIGHEST."""
        said = {hit.payload for hit in self._said.hits(tokens)}
        logs = self._unsaid.copy()
        for number in said:
            logs += self._gains[number] * self._carried[number]
        for kind in {self._kinds[number] for number in said} - {None}:
            logs -= LACKING_COST * self._lacks[kind]
        bounded: Floats = np.clip(logs, log(LOWEST), log(HIGHEST))
        return bounded


def _carried(rules: Sequence[str], names: Sequence[str]) -> Floats:
    """Return 1 where the qualifier (row) stands in the folded name (column), else 0."""
    said = f" {END} ".join(names).split(" ")
    known = numbered((END, *said))
    row = np.fromiter(map(known.__getitem__, said), np.int32, len(said))
    columns = np.cumsum(row == known[END])
    carried = np.zeros((len(rules), len(names)))
    for number, rule in enumerate(rules):
        wanted = [known.get(word, -1) for word in words(fold(rule))]
        begins = np.ones(max(len(row) - len(wanted) + 1, 0), dtype=np.bool_)
        for place, word in enumerate(wanted):
            begins &= row[place : place + len(begins)] == word
        carried[number, columns[: len(begins)][begins]] = 1.0
    return carried
