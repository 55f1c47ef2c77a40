"""How may a citizen be addressed, and how is that written?"""

from __future__ import annotations

import unicodedata

from nlu.normalise import fold

DEFAULT = "anh/chị"
"""Until the citizen tells us; neutral and respectful (DOMAIN §7)."""
OFFERED = ("ông", "bà", "bác", "cô", "chú", "anh", "chị", "em")
_ALSO = ("dì", "cậu", "mợ", "thím", "dượng", "thầy", "bạn", "cháu")
_BY_FOLDED = {fold(word): word for word in (*OFFERED, *_ALSO)}
FOLDED = tuple(_BY_FOLDED)
"""Every form as it is typed without marks."""
_YOUNGER = frozenset({"em", "cháu"})


def known(text: str) -> str:
    """Return the form of address that a word means, "" for none.

    A word typed with marks must be that very word: "có" is not "cô".
    """
    word = unicodedata.normalize("NFC", text.strip().lower())
    if word.isascii():
        return _BY_FOLDED.get(word, "")
    return word if word in _BY_FOLDED.values() else ""


def spoken(honorific: str) -> str:
    """Return what we write. We call ourselves "em", so "em" would be two people."""
    if honorific in _YOUNGER:
        return "bạn"
    return honorific or DEFAULT
