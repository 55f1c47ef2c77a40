"""Can these words be a phone, a name, the number of an identity paper?"""

from __future__ import annotations

import re

NAME_LIMIT = 80
_PHONE = re.compile(r"0\d{8,10}", re.ASCII)
_COUNTRY = re.compile(r"^(?:\+?84)(?=\d{8,10}$)", re.ASCII)
_FOUND = re.compile(r"(?<![\d])(?:\+?84|0)(?:[\s.\-]?\d){8,10}(?!\d)", re.ASCII)
_PAPER = re.compile(r"\d{9}|\d{12}|[A-Z]\d{7,8}", re.ASCII)


def phone_of(text: str) -> str:
    """Return the phone in a text as digits from 0 on, "" when there is none."""
    found = _FOUND.search(text)
    plain = re.sub(r"[\s.\-()]", "", found[0]) if found else ""
    digits = _COUNTRY.sub("0", plain)
    return digits if _PHONE.fullmatch(digits) else ""


def name_of(text: str) -> str:
    """Return a name in one line, "" for what cannot be one."""
    clean = " ".join(text.split())
    has_letters = any(char.isalpha() for char in clean)
    if not has_letters or len(clean) > NAME_LIMIT or any(c.isdigit() for c in clean):
        return ""
    return clean


def paper_number_of(text: str) -> str:
    """Return the number of an identity card or passport, "" for what is none."""
    plain = re.sub(r"[\s.\-]", "", text).upper()
    return plain if _PAPER.fullmatch(plain) else ""
