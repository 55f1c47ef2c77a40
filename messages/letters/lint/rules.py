"""What is wrong with a text of a letter? Pure functions: text in, sentences out.

``faults`` looks at the template's own words, with the data masked, so that a name may
be as strange as it likes; ``manners`` looks at everything (DOMAIN.md 4.3).
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from messages.letters.facts import LONG_LIFE
from messages.letters.kinds import LetterKind, Tone

FILE = Path(__file__).with_name("manners.yml")
MASK = "\N{BLACK SQUARE}"
_FAULTS: tuple[tuple[re.Pattern[str], str], ...] = (
    (re.compile(r"[^\S\n]{2,}"), "có hai dấu cách liền nhau"),
    (re.compile(r"[^\S\n][,.;:!?)]"), "có dấu cách trước dấu câu"),
    (re.compile(r"[,;:]\s*[,.;:]|\.\.|[.!?]\s*,"), "có dấu câu thừa"),
    (re.compile(r"\(\s*\)|“\s*”|\"\s*\""), "có ngoặc rỗng"),
    (re.compile(r"\b(None|null|nan|undefined|True|False)\b"), "có chữ của máy"),
    (re.compile(r"\{\{|\}\}|\{%|%\}|\{#|#\}"), "còn ký hiệu của mẫu"),
    (
        re.compile(
            r"(?<!hằng )(?<!mỗi )"
            r"\b(ngày|tháng|năm|thôn|mã|số|lý do|điện thoại|tại|của|tới|là|và)"
            r"\s*[.,;!?](?=\s|$)",
            re.IGNORECASE,
        ),
        "có câu bỏ lửng vì thiếu dữ liệu",
    ),
    (
        re.compile(
            r"\b(ông|bà|cụ|anh|chị|thôn|ngày|đã|số|gia đình) \1\b", re.IGNORECASE
        ),
        "có chữ lặp lại",
    ),
    (re.compile(r"[ \t]$", re.MULTILINE), "có dấu cách cuối dòng"),
)
_SAYS_LIFE = re.compile(r"hưởng (thọ|dương)(?: (\d+))?")
_EMOJI_BLOCKS = ((0x1F000, 0x1FAFF), (0x2600, 0x27BF), (0xFE0F, 0xFE0F))
_CLOSES = ("trân trọng", "kính thư", "cảm ơn", "chia buồn", "thân ái", "kính chúc")
_SINGLE = {"Ông": "Bà", "Bà": "Ông", "Anh": "Chị", "Chị": "Anh"}


@dataclass(frozen=True, slots=True)
class Manner:
    """A rule of courtesy: words that may not stand, words of which one must."""

    why: str
    never: tuple[str, ...] = ()
    must: tuple[str, ...] = ()

    def broken(self, text: str) -> str:
        """Return the reason, with the word at fault; "" when the text keeps to it."""
        small = text.lower()
        for word in self.never:
            if _stands(word, small):
                return f"{self.why} ({word})"
        if self.must and not any(_stands(word, small) for word in self.must):
            return self.why
        return ""


@cache
def _shipped() -> Mapping[str, Mapping[str, tuple[Manner, ...]]]:
    raw = yaml.safe_load(FILE.read_text(encoding="utf-8"))
    return {
        part: {name: tuple(map(_manner, rules)) for name, rules in raw[part].items()}
        for part in raw
    }


def faults(text: str, values: Iterable[str] = ()) -> Iterator[str]:
    """Yield what is wrong with the form of a text, whatever the data in it."""
    masked = masked_text(text, values)
    yield from (why for pattern, why in _FAULTS if pattern.search(masked))
    if unicodedata.normalize("NFC", text) != text:
        yield "chữ có dấu chưa ở dạng dựng sẵn"
    if not text.strip():
        yield "rỗng"


def manners(text: str, kind: LetterKind, age: int | None = None) -> Iterator[str]:
    """Yield each rule of courtesy that a text breaks."""
    rules = _shipped()
    for manner in (
        *rules["tone"].get(kind.tone.value, ()),
        *rules["kind"].get(kind.code, ()),
    ):
        if manner.broken(text):
            yield manner.broken(text)
    if kind.tone is Tone.MOURNING:
        yield from _lifetime(text, age)
    if kind.tone in {Tone.MOURNING, Tone.REGRET} and has_emoji(text):
        yield "thư này không dùng biểu tượng"


def salutation(line: str, name: str) -> Iterator[str]:
    """Yield what is wrong with "Kính gửi: …" to somebody of this name."""
    whom = line.removeprefix("Kính gửi:").strip()
    if not line.startswith("Kính gửi: ") or not whom:
        yield "dòng đầu phải là 'Kính gửi: …' và có người nhận"
    elif name and unicodedata.normalize("NFC", name) not in whom:
        yield "dòng 'Kính gửi' chưa ghi đủ họ tên"


def pronouns(text: str, form: str, values: Iterable[str] = ()) -> Iterator[str]:
    """Yield a mixed form of address: "Bà" in a letter to "Ông", or half of "Ông/Bà"."""
    masked = masked_text(text, values)
    bare = re.sub(r"Ông/Bà|Ông, Bà|Bà con", "", masked)
    wrong = {"Ông", "Bà"} if form == "Ông/Bà" else {_SINGLE.get(form, "")} - {""}
    if any(re.search(rf"\b{word}\b", bare) for word in wrong):
        yield f"xưng hô không thống nhất với '{form}'"
    if form in _SINGLE and "Ông/Bà" in masked:
        yield f"còn 'Ông/Bà' trong thư gửi '{form}'"


def close(line: str) -> Iterator[str]:
    """Yield a missing courtesy at the end."""
    if not any(word in line.lower() for word in _CLOSES):
        yield "lời kết cần có 'Trân trọng' hoặc tương đương"


def masked_text(text: str, values: Iterable[str]) -> str:
    """Return a text with its data covered, the longest first."""
    for value in sorted({one for one in values if one}, key=len, reverse=True):
        text = text.replace(value, MASK)
    return text


def has_emoji(text: str) -> bool:
    """Whether a picture stands among the letters."""
    return any(a <= ord(char) <= b for char in text for a, b in _EMOJI_BLOCKS)


def _lifetime(text: str, age: int | None) -> Iterator[str]:
    for said, years in _SAYS_LIFE.findall(text.lower()):
        lived = int(years) if years else age
        if lived is not None and (said == "thọ") != (lived >= LONG_LIFE):
            yield "hưởng thọ từ 60 tuổi, dưới 60 là hưởng dương"


def _stands(word: str, text: str) -> bool:
    if not word[0].isalnum():
        return word in text
    return re.search(rf"(?<!\w){re.escape(word)}(?!\w)", text) is not None


def _manner(raw: Mapping[str, Any]) -> Manner:
    return Manner(
        str(raw["why"]), tuple(raw.get("never", ())), tuple(raw.get("must", ()))
    )
