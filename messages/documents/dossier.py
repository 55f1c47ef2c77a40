"""How do the papers of a dossier become PDFs? Layouts that are filled with data."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from messages.documents import typeset
from messages.letters.compose import Letter

_STRANGE = re.compile(r"[^\n\u0020-\u007e\u00a0-\u024f\u1ea0-\u1ef9–—‘’“”…•→≤≥€₫]")
"""What people may have typed and our fonts do not have: pictures, above all."""


def dossier_pdf(data: Mapping[str, Any], made: datetime) -> bytes:
    """Return the whole dossier as PDF/A-2b; ``made`` (aware) dates it.

    ``data`` is what layouts/dossier.typ reads. Raises DocumentError.
    """
    return typeset.pdf("dossier", printable(data), made=made)


def published_pdf(data: Mapping[str, Any], made: datetime) -> bytes:
    """Return the list of what was made public in some quarters (Điều 13), to post."""
    return typeset.pdf("published", printable(data), made=made)


def talks_pdf(title: str, talks: Sequence[Mapping[str, Any]], made: datetime) -> bytes:
    """Return masked talks as they looked on a telephone."""
    data = printable({"title": title, "talks": list(talks)})
    return typeset.pdf("talks", data, made=made)


def letter_copy_pdf(letter: Letter, told: str, made: datetime) -> bytes:
    """Return a letter as it looked, and below it what this copy is."""
    sign = letter.signature
    data = {
        "agency": letter.office.heading,
        "authority": sign.authority,
        "body": letter.sheet.body,
        "close": letter.sheet.close,
        "copy": told,
        "emblem": letter.kind.emblem,
        "number": sign.number,
        "place_and_day": sign.place_and_day,
        "salutation": letter.sheet.salutation,
        "signer": sign.name,
        "title": letter.sheet.title,
        "tone": letter.kind.tone.value,
        "verify": {},
    }
    return typeset.pdf("letter_copy", printable(data), made=made)


def printable(value: Any) -> Any:
    """Return data in which every sign can be printed; others become “¤”."""
    if isinstance(value, str):
        return _STRANGE.sub("¤", unicodedata.normalize("NFC", value))
    if isinstance(value, Mapping):
        return {name: printable(part) for name, part in value.items()}
    if isinstance(value, list | tuple):
        return [printable(part) for part in value]
    return value
