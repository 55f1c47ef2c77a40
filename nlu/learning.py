"""Which words may be kept to learn from, and how does what was learnt come into use?

A candidate is masked and short, and never about a petition or about health. An
example is what a person of the commune made of it: words that could be anybody's.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from functools import cache

from nlu import masking, resources, usage
from nlu.artefact import Artefact
from nlu.errors import UnfitExampleError, UnfitWordError
from nlu.model import Entry, Intent
from nlu.normalise import fold, settled, tokenise
from nlu.pattern import Phrases

LONGEST_CANDIDATE = 300
"""Characters; longer messages tell a story, not a question."""
LONGEST_EXAMPLE = 160
FEWEST_WORDS = 2
HEALTH = "health"
LONGEST_WORD = 20
LONGEST_MEANING = 60
ORDINARY = 3
"""So many procedures whose names or sentences hold a word make it an ordinary one."""
_WORD = re.compile(rf"[^\W_]{{1,{LONGEST_WORD}}}!?")
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
    return bool(_spoken_of(text))


def corrects(text: str) -> bool:
    """Whether the words set an answer of ours right ("không, ý em là …")."""
    return _corrections().any(settled(tokenise(text)))


def example(text: str, *, own: bool = False) -> str:
    """Return an approved sentence in its one form.

    ``own``: no citizen said it, so it may speak of an illness, as procedures do.
    Raises UnfitExampleError, saying why, for one that still names somebody, is too
    short or long, or is about a petition or health.
    """
    plain = " ".join(text.split())
    if masking.has_masked(plain) or re.search(r"[\[\]]", plain):
        raise UnfitExampleError("còn chỗ che trong dấu ngoặc vuông")
    kinds = {masking.SHOWN[span.kind] for span in masking.find(plain)}
    if kinds:
        raise UnfitExampleError(f"còn dữ liệu cá nhân {', '.join(sorted(kinds))}")
    if _spoken_of(plain) - ({HEALTH} if own else set()):
        raise UnfitExampleError("nói về đơn thư hoặc sức khỏe")
    if len(plain) > LONGEST_EXAMPLE or _words(plain) < FEWEST_WORDS:
        raise UnfitExampleError(
            f"cần từ {FEWEST_WORDS} tiếng đến {LONGEST_EXAMPLE} ký tự"
        )
    if not plain.isprintable():
        raise UnfitExampleError("có ký tự lạ")
    return plain


def local_word(short: str, full: str, entries: Iterable[Entry] = ()) -> tuple[str, str]:
    """Return a local word or short form and what it stands for, in their one form.

    A word that ends in "!" counts only with its accents. Raises UnfitWordError,
    saying why, for more than one word, for a meaning that is none, and for a word
    that the catalogue (``entries``) uses itself: its harm would hide among gains.
    """
    typed = unicodedata.normalize("NFC", short.strip())
    tokens = tokenise(typed)
    meaning = unicodedata.normalize("NFC", " ".join(full.split()))
    if not _WORD.fullmatch(typed) or typed.isdigit() or len(tokens) != 1:
        raise UnfitWordError(
            f"chỉ gồm một tiếng viết liền, dài nhất {LONGEST_WORD} ký tự"
        )
    word = tokens[0].typed + "!" * typed.endswith("!")
    if not _words(meaning) or len(meaning) > LONGEST_MEANING or "=" in meaning:
        raise UnfitWordError(
            f"nghĩa cần ít nhất một tiếng, dài nhất {LONGEST_MEANING} ký tự"
        )
    if masking.find(meaning) or not meaning.isprintable():
        raise UnfitWordError("nghĩa còn dữ liệu cá nhân hoặc ký tự lạ")
    if fold(word.rstrip("!")) == fold(meaning.lower()):
        raise UnfitWordError("nghĩa trùng với chính từ đó")
    if _is_ordinary(word.rstrip("!"), entries):
        raise UnfitWordError(f"“{word}” là từ thường dùng trong danh mục")
    return word, meaning


def words(artefact: Artefact | None) -> Mapping[str, str]:
    """Return the local words that were learnt."""
    return artefact.words if artefact else {}


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


def _spoken_of(text: str) -> set[str]:
    """Return which sensitive matters are spoken of."""
    return {hit.payload for hit in _sensitive().hits(settled(tokenise(text)))}


def _is_ordinary(word: str, entries: Iterable[Entry]) -> bool:
    using = (
        any(word in {token.typed for token in tokenise(text)} for text in texts)
        for entry in entries
        if (texts := [text for text in _texts(entry) if word in text.lower()])
    )
    return sum(using) >= ORDINARY


def _texts(entry: Entry) -> Iterable[str]:
    return (entry.name, *entry.aliases, *entry.examples)


def _words(text: str) -> int:
    return sum(not token.folded.isdigit() for token in tokenise(text))


@cache
def _sensitive() -> Phrases[str]:
    data = resources.load("sensitive")
    return Phrases((text, kind) for kind, texts in data.items() for text in texts)


@cache
def _corrections() -> Phrases[None]:
    return Phrases((text, None) for text in _CORRECTS)
