"""Which data can a letter hold, and is what was typed usable? (``fields.yml``)"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Any

import yaml

from messages.letters import address, dates
from messages.letters.errors import BadDataError, BadKindError
from messages.letters.text import clean, joined, plain

FILE = Path(__file__).with_name("fields.yml")
LONGEST_NAME = 160
LONGEST_TEXT = 600
OLDEST = 130
_PHONE = re.compile(r"[+]?[0-9][0-9 .()-]{1,19}")


@dataclass(frozen=True, slots=True)
class Field:
    """One datum of a letter: how staff call it, its type, the names it goes by."""

    name: str
    label: str
    type: str
    aliases: tuple[str, ...] = ()
    choices: tuple[str, ...] = ()
    is_common: bool = False

    def read(self, value: object) -> str:
        """Return the value as it may stand in a letter, "" for none.

        Raises BadDataError, naming the field, for what cannot be used.
        """
        text = _text(value, self.label)
        return _READERS[self.type](text, self) if text else ""


@cache
def shipped() -> Mapping[str, Field]:
    """Return our fields by name."""
    return read(yaml.safe_load(FILE.read_text(encoding="utf-8")))


def read(raw: Mapping[str, Any]) -> Mapping[str, Field]:
    """Return fields by name; raises BadKindError for a type nobody knows."""
    fields = {str(name): _field(str(name), entry) for name, entry in raw.items()}
    return MappingProxyType(fields)


def _field(name: str, entry: Mapping[str, Any]) -> Field:
    if not isinstance(entry, Mapping) or entry.get("type") not in _READERS:
        raise BadKindError(f"mục {name} có kiểu lạ")
    return Field(
        name=name,
        label=str(entry.get("label", name)),
        type=str(entry["type"]),
        aliases=tuple(map(plain, entry.get("aliases", ()))),
        choices=tuple(entry.get("choices", ())),
        is_common=bool(entry.get("common")),
    )


def _text(value: object, label: str) -> str:
    if value is None:
        return ""
    if isinstance(value, list | tuple):
        return joined([_text(one, label) for one in value])
    if isinstance(value, bool) or not isinstance(value, str | int):
        raise BadDataError(f"{label} phải là chữ")
    return clean(str(value))


def _name(text: str, field: Field) -> str:
    if len(text) > LONGEST_NAME or not any(char.isalnum() for char in text):
        raise BadDataError(f"{field.label} phải có chữ và tối đa {LONGEST_NAME} ký tự")
    return text


def _phrase(text: str, field: Field) -> str:
    """The template ends the sentence, so the typed phrase must not."""
    if len(text) > LONGEST_TEXT:
        raise BadDataError(f"{field.label} dài hơn {LONGEST_TEXT} ký tự")
    return text.rstrip(" .;,")


def _date(text: str, field: Field) -> str:
    return dates.read(_phrase(text, field), field.label)


def _age(text: str, field: Field) -> str:
    figures = text.lower().removesuffix("tuổi").strip()
    if not (figures.isascii() and figures.isdigit()) or int(figures) > OLDEST:
        raise BadDataError(f"{field.label} ({text}) phải là số từ 0 đến {OLDEST}")
    return str(int(figures))


def _phone(text: str, field: Field) -> str:
    if not _PHONE.fullmatch(text):
        raise BadDataError(f"{field.label} ({text}) chưa đúng dạng")
    return text


def _form(text: str, field: Field) -> str:
    if not address.is_known(text):
        raise BadDataError(f"{field.label} ({text}) không phải cách xưng hô quen dùng")
    return text


def _sex(text: str, field: Field) -> str:
    if not address.is_sex(text):
        raise BadDataError(f"{field.label} ({text}) phải là nam hoặc nữ")
    return text


def _choice(text: str, field: Field) -> str:
    for choice in field.choices:
        if plain(choice) == plain(text):
            return choice
    raise BadDataError(f"{field.label} ({text}) phải là: {', '.join(field.choices)}")


_READERS: Mapping[str, Callable[[str, Field], str]] = MappingProxyType(
    {
        "name": _name,
        "text": _phrase,
        "date": _date,
        "age": _age,
        "phone": _phone,
        "form": _form,
        "sex": _sex,
        "choice": _choice,
    }
)
