"""Of what must no word leave this machine, masked or not?

Petitions and health (the words that may not be kept to learn from either), and
children: who "con" or "cháu" is, the writer or somebody's child, nobody can tell, so
such words do not leave. Rather one question too few is asked than one too many.
"""

from __future__ import annotations

import re
from functools import cache

from nlu import learning, resources
from nlu.normalise import fold, settled, tokenise
from nlu.pattern import Phrases

OF_AGE = 18
_AGE = re.compile(r"(?<!\d)(\d{1,2}) ?(thang )?(?:tuoi|t)\b")


def is_sensitive(text: str) -> bool:
    """Whether petitions, health or a child are spoken of, tones typed wrong or not."""
    plain = fold(text.lower())
    return (
        learning.is_sensitive(text)
        or learning.is_sensitive(plain)
        or _speaks_of_a_child(text)
        or _is_under_age(plain)
    )


def _speaks_of_a_child(text: str) -> bool:
    tokens = settled(tokenise(text))
    children, others = _phrases()
    return bool(children.everywhere(tokens) - others.everywhere(tokens))


def _is_under_age(plain: str) -> bool:
    ages = _AGE.findall(plain)
    return any(months or int(number) < OF_AGE for number, months in ages)


@cache
def _phrases() -> tuple[Phrases[None], Phrases[None]]:
    data = resources.load("minors")
    children, others = (
        Phrases((text, None) for text in data[name]) for name in ("minors", "others")
    )
    return children, others
