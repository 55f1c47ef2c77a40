"""How does a kind that a commune made itself become one like ours?

A definition is a mapping of codes and words, without any person: name, tone, whom it
greets, fields, and the three texts. Versions of it live in the database.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from types import MappingProxyType
from typing import Any, Final

from jinja2 import Environment, TemplateError, nodes

from messages.letters import fields, kinds
from messages.letters.errors import BadKindError
from messages.letters.fields import Field
from messages.letters.kinds import LetterKind, LetterKinds, Output, Tone
from messages.letters.text import plain

PREFIX: Final = "xa_"
"""Begins the code of every own kind, so that none hides one of ours."""
MOST_FIELDS: Final = 8
LONGEST_NAME: Final = 60
TONES: Final[Mapping[str, Tone]] = MappingProxyType(
    {"joy": Tone.JOY, "mourning": Tone.MOURNING, "neutral": Tone.CARE}
)
EMBLEMS: Final = {Tone.JOY: "sun", Tone.MOURNING: "lotus", Tone.CARE: "sprout"}
TYPES: Final = ("text", "name", "date", "age")
GUARDS: Final = ("child", "suicide", "crime", "detainee", "disputed_identity")


_READER: Final = Environment(autoescape=True)
"""Only reads; nothing is rendered by it."""
_TOO_MUCH: Final = (
    nodes.For,
    nodes.Call,
    nodes.CallBlock,
    nodes.Macro,
    nodes.BinExpr,
    nodes.Concat,
    nodes.Getattr,
    nodes.Getitem,
    nodes.Include,
    nodes.Import,
    nodes.FromImport,
    nodes.Extends,
)


@dataclass(frozen=True, slots=True)
class OwnField:
    """A datum that letters of the kind need: label, type, whether it must be given."""

    label: str
    type: str = "text"
    is_needed: bool = False

    @property
    def name(self) -> str:
        """The name by which a template says it."""
        return plain(self.label)


@dataclass(frozen=True, slots=True)
class Definition:
    """What an officer typed; ``tone`` is a key of ``TONES``."""

    name: str
    tone: str
    fields: tuple[OwnField, ...]
    letter: str
    card: str
    chat: str

    @property
    def code(self) -> str:
        """The code, made of the name."""
        return f"{PREFIX}{plain(self.name)}"[:40].rstrip("_")

    def dumped(self) -> str:
        """Return it as text for the database."""
        told = {
            "name": self.name,
            "tone": self.tone,
            "fields": [[one.label, one.type, one.is_needed] for one in self.fields],
            "letter": self.letter,
            "card": self.card,
            "chat": self.chat,
        }
        return json.dumps(told, ensure_ascii=False, sort_keys=True)


def loaded(text: str) -> Definition:
    """Return what ``dumped`` wrote."""
    raw = json.loads(text)
    told = tuple(OwnField(str(a), str(b), bool(c)) for a, b, c in raw["fields"])
    words = {name: str(raw[name]) for name in ("name", "tone", "letter", "card")}
    return Definition(fields=told, chat=str(raw["chat"]), **words)


@lru_cache(maxsize=512)
def kind_of(text: str, version: int, code: str = "") -> LetterKind:
    """Return the kind of a dumped definition; raises BadKindError.

    The same text is the same kind, so that its templates are read once. ``code`` stays
    when the name is changed.
    """
    told = loaded(text)
    _check(told)
    tone = TONES[told.tone]
    known = {**fields.shipped(), **_known(told.fields)}
    made = kinds.of_mapping(code or told.code, _raw(told, tone, version), known)
    texts = {
        Output.LETTER: told.letter,
        Output.CARD: told.card,
        Output.CHAT: told.chat,
    }
    return replace(made, texts=MappingProxyType(texts))


def all_of(rows: Sequence[Mapping[str, Any]]) -> LetterKinds:
    """Return our kinds and a unit's own ones, of rows with the oldest version first."""
    found = {kind.code: kind for kind in kinds.shipped()}
    older = []
    for row in rows:
        kind = kind_of(row["definition"], row["version"], row["code"])
        older.append(kind)
        found.pop(kind.code, None)
        if row["is_offered"]:
            found[kind.code] = kind
    return LetterKinds(found, older)


def _check(told: Definition) -> None:
    if not 0 < len(told.name.strip()) <= LONGEST_NAME or not plain(told.name):
        raise BadKindError(f"tên loại thư cần 1 đến {LONGEST_NAME} ký tự")
    if told.tone not in TONES:
        raise BadKindError("giọng thư phải là vui, tang lễ hoặc trung tính")
    if len(told.fields) > MOST_FIELDS:
        raise BadKindError(f"tối đa {MOST_FIELDS} mục dữ liệu riêng")
    _plain_only(told)
    names = [one.name for one in told.fields]
    for one in told.fields:
        if not one.name.isidentifier() or one.type not in TYPES:
            raise BadKindError(f"mục dữ liệu '{one.label[:40]}' chưa dùng được")
        if one.name in fields.shipped() or names.count(one.name) > 1:
            raise BadKindError(f"mục dữ liệu '{one.label[:40]}' trùng tên mục đã có")


def _plain_only(told: Definition) -> None:
    """Names and conditions are enough for a letter; loops and sums can hang a server.

    A text that cannot be read is told by the template's own error.
    """
    for text in (told.letter, told.card, told.chat):
        try:
            tree = _READER.parse(text)
        except TemplateError:
            continue
        if next(tree.find_all(_TOO_MUCH), None) is not None:
            raise BadKindError("mẫu chỉ dùng được tên mục và điều kiện if")


def _known(own: Sequence[OwnField]) -> dict[str, Field]:
    return {one.name: Field(one.name, one.label, one.type) for one in own}


def _raw(told: Definition, tone: Tone, version: int) -> dict[str, Any]:
    is_mourning = tone is Tone.MOURNING
    whom: list[Any] = ["nguoi_mat"] if is_mourning else [["ten", "ten_to_chuc"]]
    optional = ["ngay_mat", "tuoi"] if is_mourning else ["tuoi"]
    needed = [one.name for one in told.fields if one.is_needed]
    return {
        "name": told.name,
        "version": version,
        "tone": tone.value,
        "emblem": EMBLEMS[tone],
        "required": [*whom, *needed],
        "optional": optional + [f.name for f in told.fields if not f.is_needed],
        "address": "family" if is_mourning else "person",
        "channels": ["print", "zalo", "facebook"],
        "quiet": ["07:00", "21:00"],
        "catch_up": {"hours": 72, "then": "ask"},
        "outputs": ["letter", "card", "chat"],
        "public": "never",
        "guards": list(GUARDS) if is_mourning else [],
    }
