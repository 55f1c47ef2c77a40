"""How is text made clean, before it enters a letter and after a template made it?"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence

_SPACE_BEFORE = re.compile(r" +([,.;:!?)”])")
_SPACES = re.compile(r"[^\S\n]+")
_HIDDEN = frozenset({"Cc", "Cf", "Co", "Cs", "Cn"})


def clean(value: str) -> str:
    """Return one line in NFC without control, invisible or direction characters."""
    spaced = "".join(" " if char.isspace() else char for char in value)
    seen = "".join(c for c in spaced if unicodedata.category(c) not in _HIDDEN)
    return " ".join(unicodedata.normalize("NFC", seen).split())


def tidy(text: str) -> str:
    """Return a made text with one blank between words and none before a mark."""
    lines = (_SPACES.sub(" ", line).strip() for line in text.splitlines())
    joined = "\n".join(_SPACE_BEFORE.sub(r"\1", line) for line in lines).strip()
    return unicodedata.normalize("NFC", re.sub(r"\n{3,}", "\n\n", joined))


def paragraphs(text: str) -> tuple[str, ...]:
    """Return the paragraphs of a text; an empty line parts them."""
    return tuple(
        " ".join(part.split()) for part in tidy(text).split("\n\n") if part.strip()
    )


def joined(names: Sequence[str], last: str = " và ") -> str:
    """Join names: "A", "A và B", "A, B và C"; empty ones are left out."""
    kept = [name for name in names if name]
    return last.join([", ".join(kept[:-1]), kept[-1]] if len(kept) > 1 else kept)


def upper_first(text: str) -> str:
    """Return the text with its first letter as a capital."""
    return text[:1].upper() + text[1:]


def lower_first(text: str) -> str:
    """Return the text with its first letter small."""
    return text[:1].lower() + text[1:]


def plain(text: str) -> str:
    """Return a name for comparing: small letters, no accents, words joined by ``_``."""
    marked = unicodedata.normalize("NFD", text.lower().replace("đ", "d"))
    bare = "".join(char for char in marked if not unicodedata.combining(char))
    return "_".join(re.findall(r"[a-z0-9]+", bare))
