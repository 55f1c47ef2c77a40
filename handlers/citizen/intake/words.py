"""What does a short typed answer mean to the form? Exact words only, never a guess."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from enum import StrEnum

from nlu.normalise import fold


class Move(StrEnum):
    """What can be done with a form, by button or in words."""

    NEXT = "next"
    BACK = "back"
    SKIP = "skip"
    CANCEL = "cancel"
    LATER = "later"
    EDIT = "edit"
    SEND = "send"
    MASK = "mask"
    KEEP = "keep"
    RESUME = "resume"
    FRESH = "fresh"
    OTHER = "other"
    HAMLETS = "hamlets"
    AGREE = "agree"
    REFUSE = "refuse"
    APART = "apart"


_POLITE = frozenset({"da", "vang", "a", "nhe", "nha", "em", "oi", "xin", "di", "ad"})
_WORDS: Mapping[str, Move] = {
    "tiep": Move.NEXT,
    "tiep theo": Move.NEXT,
    "xong": Move.NEXT,
    "xong roi": Move.NEXT,
    "gui anh xong": Move.NEXT,
    "quay lai": Move.BACK,
    "tro lai": Move.BACK,
    "lui lai": Move.BACK,
    "bo qua": Move.SKIP,
    "huy": Move.CANCEL,
    "huy bo": Move.CANCEL,
    "huy phieu": Move.CANCEL,
    "thoi khong gui nua": Move.CANCEL,
    "khong gui nua": Move.CANCEL,
    "de sau": Move.LATER,
    "lat nua": Move.LATER,
    "sua": Move.EDIT,
    "sua lai": Move.EDIT,
    "tiep tuc": Move.RESUME,
    "tiep tuc phieu": Move.RESUME,
    "lam phieu moi": Move.FRESH,
}
_HERE: Mapping[str, Mapping[str, Move]] = {
    "anonymous": {
        "co": Move.AGREE,
        "dong y": Move.AGREE,
        "giau ten": Move.AGREE,
        "co giau ten": Move.AGREE,
        "khong": Move.REFUSE,
        "khong can": Move.REFUSE,
    },
    "health": {
        "co": Move.AGREE,
        "dong y": Move.AGREE,
        "khong": Move.REFUSE,
        "khong dong y": Move.REFUSE,
        "khong can": Move.REFUSE,
    },
    "more": dict.fromkeys(
        ("khong", "khong con", "khong con gi", "het", "het roi", "khong a", "du roi"),
        Move.NEXT,
    ),
    "files": dict.fromkeys(("khong", "khong co", "khong co anh"), Move.NEXT),
    "twins": {"viec khac": Move.APART, "khong phai": Move.APART, "khong": Move.APART},
    "preview": {
        **dict.fromkeys(
            ("gui", "gui luon", "dong y gui", "ok gui", "ok", "dung roi", "dung"),
            Move.SEND,
        ),
        "che": Move.MASK,
        "che bot": Move.MASK,
    },
    "kind": {"loai khac": Move.OTHER},
    "where": {"chon thon": Move.HAMLETS},
}
_OPTIONAL = frozenset({"khong", "khong co", "khong can"})
_DENOUNCED = re.compile(r"\b(tố\s*cáo|tố\s*giác|to\s+cao|to\s+giac)\b")
_IDENTITY = re.compile(
    r"\b(can cuoc|cccd|cmnd|cmt|chung minh( thu| nhan dan)?|ho chieu|the can cuoc)\b"
)
_ASKING = re.compile(
    r"\?|\b(bao nhieu|bao lau|the nao|lam sao|nhu nao|o dau|may gio|giay to gi|"
    r"can gi|can nhung gi|thu tuc gi|khi nao|duoc khong|phai khong)\b"
)


def move(text: str, ask: str, *, is_optional: bool = False) -> Move | None:
    """Return what a whole message stands for at this question, None for an answer."""
    plain = _plain(text)
    found = _HERE.get(ask, {}).get(plain) or _WORDS.get(plain)
    if found is None and is_optional and plain in _OPTIONAL:
        return Move.SKIP
    return found


def number(text: str) -> int:
    """Return the number that a message consists of; 0 for none."""
    found = re.fullmatch(r"(?:so |thon )?([0-9]{1,2})", _plain(text))
    return int(found[1]) if found else 0


def is_denunciation(text: str) -> bool:
    """Whether the words name a denunciation, whatever a reader makes of them."""
    return bool(_DENOUNCED.search(unicodedata.normalize("NFC", text).lower()))


def names_identity_paper(text: str) -> bool:
    """Whether the words beside a photo, or a file's name, call it an identity paper."""
    plain = re.sub(r"[\W_0-9]+", " ", fold(text.lower()))
    return bool(_IDENTITY.search(plain))


def asks(text: str) -> bool:
    """Whether a message is put as a question."""
    return bool(_ASKING.search(fold(text.lower())))


def letters(number_: int) -> str:
    """Return a number (from 0) in letters, because payloads hold words: a, b, … ba."""
    head, rest = divmod(number_, 26)
    return (letters(head) if head else "") + chr(ord("a") + rest)


def count(word: str) -> int:
    """Return the number of ``letters``; -1 for what is none."""
    if not re.fullmatch(r"[a-z]{1,3}", word) or letters(_value(word)) != word:
        return -1
    return _value(word)


def _value(word: str) -> int:
    total = 0
    for char in word:
        total = total * 26 + ord(char) - ord("a")
    return total


def _plain(text: str) -> str:
    found = re.findall(r"\w+", fold(text[:100].lower()))
    return " ".join(word for word in found if word not in _POLITE) or " ".join(found)
