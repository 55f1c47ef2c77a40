"""Which numbers, addresses and links in a plain text belong to somebody?

All patterns run over text without accents (see nlu.shadow). The first rule that
claims a place keeps it; a rule without a kind protects what is nobody's: codes of
procedures, amounts of money, years. The names of kinds are those of
``nlu.masking.Private``.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

TAKEN = "\x01"
"""Stands for each letter that a rule has claimed; no pattern matches across it."""
ID_LENGTHS = frozenset({9, 12})
DAYS, MONTHS = range(1, 32), range(1, 13)

Found = tuple[int, int, str]

_YEAR = r"(?:19|20)\d\d"
_GAP = r"[ .\-/()]{0,2}"
_ALONE = r"(?<!\d)(?<!\d[ .\-])"
_END = r"(?![ .\-]?\d)"
_DIGIT_WORDS = "khong|mot|hai|ba|bon|tu|nam|lam|sau|bay|tam|chin|linh|le|muoi"
_TOP = "com|vn|net|org|info|me|io|gov|edu|top|xyz|shop|biz|asia|app|link|ly"
_MONEY = "d|dong|vnd|nghin|ngan|trieu|ty"
_PAPERS = "cccd|cmnd|cmt|cmtnd|can cuoc|dinh danh|ho chieu|passport"
_ACCOUNTS = "stk|tai khoan|so the|ma ho so|bien nhan"
_HOUSES = (
    "so nha|nha so|ngo|ngach|hem|kiet|can ho|phong so|thua dat so|thua so|to ban do"
)


def _always(_found: re.Match[str]) -> bool:
    return True


def _is_date(found: re.Match[str]) -> bool:
    """Whether the numbers can be a day and a month, in either order of the parts."""
    first, month, last = (int(part) for part in re.findall(r"\d+", found.group()))
    return month in MONTHS and (first in DAYS or last in DAYS)


def _is_money(found: re.Match[str]) -> bool:
    """Whether it is no phone before a consent: "0912345678 đồng ý"."""
    return not re.match(r"\s*y\b", found.string[found.end() :], re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class _Rule:
    """A shape; ``kind`` "" protects; the group ``it`` is claimed where there is one."""

    kind: str
    shape: str
    is_meant: Callable[[re.Match[str]], bool] = _always


_RULES = (
    _Rule("link", r"\b(?:https?://|www\.)[^\s\x01]+"),
    _Rule("email", r"[\w.+\-]{1,64} ?(?:@|\(at\)|\[at\]) ?[\w\-]+(?:\.[\w\-]+)*"),
    _Rule(
        "link",
        rf"\b[\w\-]{{1,63}}(?:\.[\w\-]{{1,63}}){{0,5}}\.(?:{_TOP})\b(?:/[^\s\x01]*)?",
    ),
    _Rule("", rf"{_ALONE}\d\.\d{{6}}(?:\.\d{{3}}\.\d\d\.\d\d)?(?:\.H\d\d)?{_END}"),
    _Rule(
        "",
        rf"{_ALONE}[1-9]\d{{0,2}}(?:[., ]?\d{{3}}){{0,4}} ?(?:{_MONEY})\b",
        _is_money,
    ),
    _Rule(
        "date", rf"{_ALONE}\d\d? ?([/.\-]) ?\d\d? ?\1 ?(?:{_YEAR}|\d\d){_END}", _is_date
    ),
    _Rule("date", rf"{_ALONE}{_YEAR}([/.\-])\d\d?\1\d\d?{_END}", _is_date),
    _Rule("date", r"\b(?:ngay )?\d\d? thang \d\d? ?,? ?nam \d{2,4}\b"),
    _Rule("date", r"\bsinh (?:ngay )?\d\d?(?: ?[/\-] ?| thang )\d\d?\b"),
    _Rule("date", rf"\b(?:sinh|sinh nam|nam sinh|sn|ns) ?:? ?(?:la )?{_YEAR}\b"),
    _Rule("date", r"\b(?:sinh nam|nam sinh|sn) ?:? ?(?:\d\d|2k\d?)\b"),
    _Rule("", rf"{_ALONE}{_YEAR}(?: ?[\-/,] ?{_YEAR})+{_END}"),
    _Rule(
        "plate",
        r"(?<![\w.])\d\d ?-? ?[A-Z]{1,2}\d?(?: ?[-. ] ?)?(?:\d{3}\.?\d\d|\d{4})(?!\w)",
    ),
    _Rule("id_number", rf"\b(?:{_PAPERS})\b[^\d\n\x01]{{0,16}}?(?P<it>[A-Z]?\d{{4,}})"),
    _Rule("id_number", r"(?<![\w.])[A-Z]\d{7,8}(?!\w)"),
    _Rule(
        "account",
        rf"\b(?:{_ACCOUNTS})\b[^\d\n\x01]{{0,24}}(?P<it>\d(?:{_GAP}\d){{4,}})",
    ),
    _Rule("", rf"{_ALONE}(?:1800|1900)[ .\-]?(?:\d{{4}}|\d\d[ .\-]?\d\d|\d\d){_END}"),
    _Rule("address", rf"\b(?:{_HOUSES}) (?:so )?\d+[A-Z]?(?:/\d+[A-Z]?)*\b"),
    _Rule("run", rf"(?:\bo(?=\d{{6}})|\+? ?\(?\d)(?:{_GAP}\d){{7,}}"),
    _Rule("phone", rf"\b(?:(?:{_DIGIT_WORDS}|\d{{1,4}})\b[ ,.\-]{{0,2}}){{7,}}"),
)
_COMPILED = tuple((rule, re.compile(rule.shape, re.IGNORECASE)) for rule in _RULES)


def find(plain: str) -> Iterator[Found]:
    """Yield (start, end, name of the kind); "" protects. No two of them overlap."""
    for rule, pattern in _COMPILED:
        for found in pattern.finditer(plain):
            if not rule.is_meant(found):
                continue
            start, end = found.span("it" if "it" in pattern.groupindex else 0)
            start, end = _trimmed(plain, start, end)
            kind = _of_run(found.group()) if rule.kind == "run" else rule.kind
            plain = plain[:start] + TAKEN * (end - start) + plain[end:]
            yield start, end, kind


def _trimmed(plain: str, start: int, end: int) -> tuple[int, int]:
    """Return the place without blanks and signs that do not belong to it."""
    while plain[end - 1] in " ,.-;:!?)":
        end -= 1
    while plain[start] == " ":
        start += 1
    return start, end


def _of_run(run: str) -> str:
    """Return what a row of digits is, by its length and its beginning."""
    digits = re.sub(r"\D", "", run.lower().replace("o", "0"))
    is_national = digits.startswith("0") and len(digits) in {10, 11}
    is_abroad = digits.startswith("84") and len(digits) in {11, 12}
    if is_national or is_abroad or "+" in run:
        return "phone"
    return "id_number" if len(digits) in ID_LENGTHS else "account"
