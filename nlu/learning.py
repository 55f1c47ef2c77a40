"""Which words may be kept to learn from, and how does what was learnt come into use?

A candidate is masked and short, and never about a petition or about health. An
example is what a person of the commune made of it: words that could be anybody's.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import replace
from functools import cache

from nlu import masking, resources, usage
from nlu.artefact import Artefact
from nlu.errors import UnfitExampleError
from nlu.model import Entry, Intent
from nlu.normalise import settled, tokenise
from nlu.pattern import Phrases

LONGEST_CANDIDATE = 300
"""Characters; longer messages tell a story, not a question."""
LONGEST_EXAMPLE = 160
FEWEST_WORDS = 2
_CORRECTS = (
    "^ không|ko|nhầm|sai ... ý? em|tôi|mình|tui|cháu|anh|chị là|muốn|hỏi",
    "^ không|ko phải|đúng",
    "ý em|tôi|mình|tui|cháu|anh|chị là",
    "nhầm rồi",
)


def candidate(text: str) -> str | None:
    """Return the masked words that may be kept; None when nothing may or need be."""
    plain = " ".join(text.split())
    if not plain or plain.startswith("#") or len(plain) > LONGEST_CANDIDATE:
        return None
    if is_sensitive(plain):
        return None
    masked = masking.mask(plain)
    told = masking.without_masked(masked)
    return masked if _words(told) >= FEWEST_WORDS else None


def is_sensitive(text: str) -> bool:
    """Whether a petition or somebody's health is spoken of."""
    return _sensitive().any(settled(tokenise(text)))


def corrects(text: str) -> bool:
    """Whether the words set an answer of ours right ("không, ý em là …")."""
    return _corrections().any(settled(tokenise(text)))


def example(text: str) -> str:
    """Return an approved sentence in its one form.

    Raises UnfitExampleError, saying why, for one that still names somebody, is too
    short or long, or is about a petition or health.
    """
    plain = " ".join(text.split())
    if masking.has_masked(plain) or re.search(r"[\[\]]", plain):
        raise UnfitExampleError("còn chỗ che trong dấu ngoặc vuông")
    kinds = {masking.SHOWN[span.kind] for span in masking.find(plain)}
    if kinds:
        raise UnfitExampleError(f"còn dữ liệu cá nhân {', '.join(sorted(kinds))}")
    if is_sensitive(plain):
        raise UnfitExampleError("nói về đơn thư hoặc sức khỏe")
    if len(plain) > LONGEST_EXAMPLE or _words(plain) < FEWEST_WORDS:
        raise UnfitExampleError(
            f"cần từ {FEWEST_WORDS} tiếng đến {LONGEST_EXAMPLE} ký tự"
        )
    if not plain.isprintable():
        raise UnfitExampleError("có ký tự lạ")
    return plain


def taught(entries: Iterable[Entry], artefact: Artefact | None) -> list[Entry]:
    """Return the entries with what was learnt about them; unknown codes are left out.

    Build the engine from these and from ``artefact.said``.
    """
    if artefact is None:
        return list(entries)
    return [_taught(entry, artefact) for entry in entries]


def said(artefact: Artefact | None) -> Sequence[tuple[str, Intent]]:
    """Return the sentences with intents that were learnt."""
    return artefact.said if artefact else ()


def _taught(entry: Entry, artefact: Artefact) -> Entry:
    learnt = artefact.examples.get(entry.code, ())
    wanted = artefact.wanted.get(entry.code, 0)
    return replace(
        entry,
        examples=tuple(dict.fromkeys((*entry.examples, *learnt))),
        prior=usage.blended(entry.prior, wanted, artefact.trust),
    )


def _words(text: str) -> int:
    return sum(not token.folded.isdigit() for token in tokenise(text))


@cache
def _sensitive() -> Phrases[str]:
    data = resources.load("sensitive")
    return Phrases((text, kind) for kind, texts in data.items() for text in texts)


@cache
def _corrections() -> Phrases[None]:
    return Phrases((text, None) for text in _CORRECTS)
