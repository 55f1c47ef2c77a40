"""With which data is every template tried? The hard ones people really have."""

from __future__ import annotations

import itertools
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass

from messages.letters.fields import Field
from messages.letters.kinds import LetterKind

_VOWELS = "aăâeêioôơuưy"
_TONES = ("", "\u0300", "\u0301", "\u0303", "\u0309", "\u0323")
_LOWER = "".join(
    char
    for vowel, tone in itertools.product(_VOWELS, _TONES)
    if not (char := unicodedata.normalize("NFC", vowel + tone)).isascii()
)
VIETNAMESE = f"{_LOWER}đ{_LOWER.upper()}Đ"
"""The 134 letters that no other Latin alphabet has all of."""
LONG = "Công Tằng Tôn Nữ Hoàng Nguyễn Phước Thị Phương Thảo Như Hiền"
"""A name of 60 signs."""
MARKUP = 'A & B < C > "D" #E'
SYNTAX = "{{ 7 * 7 }} {% x %} $y$ *z* _t_ @u \\v `w`"
FORMS = ("", "ông", "Bà", "cụ", "anh", "chị", "em", "Ông/Bà", "anh chị")
AGES = ("5", "17", "18", "59", "60", "79", "80", "100")
_SAMPLES = {
    "name": "Nguyễn Văn An",
    "text": "việc làm cụ thể",
    "date": "2026-02-05",
    "age": "72",
    "phone": "0220 3812 000",
    "form": "ông",
    "sex": "nam",
}
USUAL = frozenset({_SAMPLES["name"], _SAMPLES["text"]})


@dataclass(frozen=True, slots=True)
class Case:
    """Data to try a template with, and what is special about them."""

    label: str
    data: dict[str, str]


def cases(kind: LetterKind) -> Iterator[Case]:
    """Yield everything a template of this kind must stand."""
    full = {name: sample(field) for name, field in kind.fields.items()}
    for needed in _needed(kind):
        bare = {name: full[name] for name in needed}
        yield Case("chỉ có mục bắt buộc", bare)
        yield from _one_more(kind, bare, full)
    yield from _one_less(kind, full)
    yield from _texts(kind, full)
    yield from _people(kind, full)


def sample(field: Field) -> str:
    """Return a usual value of a field."""
    return field.choices[0] if field.choices else _SAMPLES[field.type]


def alphabet() -> Iterator[str]:
    """Yield names that hold all Vietnamese letters, each of 60 signs at most."""
    for start in range(0, len(VIETNAMESE), 27):
        part = VIETNAMESE[start : start + 27]
        yield " ".join(part[at : at + 3] for at in range(0, len(part), 3))


def _needed(kind: LetterKind) -> Iterator[tuple[str, ...]]:
    yield from itertools.product(*kind.required)


def _one_more(
    kind: LetterKind, bare: dict[str, str], full: dict[str, str]
) -> Iterator[Case]:
    for name in kind.fields.keys() - bare.keys():
        yield Case(f"thêm {name}", bare | {name: full[name]})


def _one_less(kind: LetterKind, full: dict[str, str]) -> Iterator[Case]:
    yield Case("đủ mọi mục", full)
    for name in kind.optional():
        rest = {other: value for other, value in full.items() if other != name}
        if all(any(one in rest for one in group) for group in kind.required):
            yield Case(f"thiếu {name}", rest)


def _texts(kind: LetterKind, full: dict[str, str]) -> Iterator[Case]:
    """Every free text at once takes each of the strange values."""
    free = [n for n, f in kind.fields.items() if f.type in {"name", "text"}]
    strange = {"tên dài": LONG, "dấu & < >": MARKUP, "ký hiệu lạ": SYNTAX}
    strange |= {f"chữ Việt {n}": text for n, text in enumerate(alphabet())}
    for label, text in strange.items():
        yield Case(label, full | dict.fromkeys(free, text))
        decomposed = unicodedata.normalize("NFD", text)
        if decomposed != text:
            yield Case(f"{label}, NFD", full | dict.fromkeys(free, decomposed))


def _people(kind: LetterKind, full: dict[str, str]) -> Iterator[Case]:
    for form, sex in itertools.product(FORMS, ("", "nam", "nữ")):
        yield Case(f"xưng hô '{form}' {sex}", full | {"ong_ba": form, "gioi_tinh": sex})
    if "tuoi" in kind.fields:
        for age, sex in itertools.product(AGES, ("", "nam", "nữ")):
            data = full | {"ong_ba": "", "gioi_tinh": sex, "tuoi": age}
            yield Case(f"{age} tuổi {sex}", data)
