"""Which kinds of letter are there, what does each need, and who may send it when?

``kinds.yml`` holds ours; a commune adds its own from a folder of the same shape.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import time
from enum import StrEnum
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Any

import yaml

from messages.letters import fields
from messages.letters.errors import BadKindError, UnknownLetterError
from messages.letters.fields import Field
from messages.letters.text import plain

FOLDER = Path(__file__).parent
ADDRESSES = frozenset({"couple", "parents", "person", "family"})


class Tone(StrEnum):
    """In which mood a letter speaks; cards and lint follow it."""

    JOY = "joy"
    RESPECT = "respect"
    CARE = "care"
    MOURNING = "mourning"
    REGRET = "regret"


class Output(StrEnum):
    """What can be made of a letter."""

    LETTER = "letter"
    CARD = "card"
    CHAT = "chat"
    RADIO = "radio"
    POST = "post"
    FORM = "form"


class CatchUp(StrEnum):
    """What becomes of a letter whose hour passed."""

    ASK = "ask"
    DROP = "drop"


@dataclass(frozen=True, slots=True, eq=False)
class LetterKind:
    """One kind of letter; the comment of ``kinds.yml`` explains each part."""

    code: str
    name: str
    version: int
    tone: Tone
    emblem: str
    trigger: str
    required: tuple[tuple[str, ...], ...]
    fields: Mapping[str, Field]
    address: str
    approver: str
    by_rule: bool
    channels: tuple[str, ...]
    quiet: tuple[time, time]
    catch_up_hours: int
    catch_up: CatchUp
    outputs: frozenset[Output]
    folder: Path
    is_public: bool = False
    elder: int = 80
    ages: tuple[int, ...] = ()
    guards: tuple[str, ...] = ()
    criterion: str = ""
    aliases: tuple[str, ...] = ()
    texts: Mapping[Output, str] = field(default_factory=dict)

    def optional(self) -> tuple[str, ...]:
        """Return the fields of this kind that may be left out, common ones too."""
        needed = {name for group in self.required for name in group if len(group) == 1}
        return tuple(name for name in self.fields if name not in needed)


class LetterKinds:
    """All kinds of one commune, found by code or by a usual name.

    ``older`` are versions that letters were written in, and kinds no more offered.
    """

    def __init__(
        self, kinds: Mapping[str, LetterKind], older: Sequence[LetterKind] = ()
    ) -> None:
        self._kinds = dict(kinds)
        self._older = {(kind.code, kind.version): kind for kind in older}
        self._names = {
            name: kind.code
            for kind in self._kinds.values()
            for name in (*kind.aliases, plain(kind.name), kind.code)
        }

    def __iter__(self) -> Iterator[LetterKind]:
        return iter(self._kinds.values())

    def named(self, name: str) -> LetterKind:
        """Return a kind; raises UnknownLetterError, whose hint lists the kinds."""
        wanted = plain(name)
        for form in (wanted, wanted.removeprefix("thu_")):
            if form in self._names:
                return self._kinds[self._names[form]]
        hint = f"Các loại thư: {', '.join(self._kinds)}."
        raise UnknownLetterError(name.strip()[:40], hint)

    def written(self, code: str, words: str) -> LetterKind:
        """Return the kind in which a letter was written (its ``Version`` as text).

        Raises UnknownLetterError.
        """
        number = words.partition("-")[0]
        if number.isdecimal() and (code, int(number)) in self._older:
            return self._older[code, int(number)]
        return self.named(code)


def of_mapping(
    code: str, raw: Mapping[str, Any], known: Mapping[str, Field]
) -> LetterKind:
    """Return a kind declared as in ``kinds.yml``; raises BadKindError."""
    return _kind(code, raw, FOLDER, known)


@cache
def shipped() -> LetterKinds:
    """Return our kinds."""
    return load()


def load(own: Path | None = None) -> LetterKinds:
    """Return our kinds and those of a commune's folder, which win.

    The folder holds ``kinds.yml``, a folder of templates for each kind, and, where
    they need data of their own, ``fields.yml``. Raises BadKindError.
    """
    kinds = _read(FOLDER, fields.shipped())
    if own is not None:
        kinds |= _read(own, {**fields.shipped(), **_own_fields(own)})
    return LetterKinds(kinds)


def _own_fields(folder: Path) -> Mapping[str, Field]:
    path = folder / "fields.yml"
    return fields.read(_yaml(path)) if path.exists() else {}


def _read(folder: Path, known: Mapping[str, Field]) -> dict[str, LetterKind]:
    raw = _yaml(folder / "kinds.yml")
    return {
        str(code): _kind(str(code), one, folder, known) for code, one in raw.items()
    }


def _yaml(path: Path) -> dict[str, Any]:
    try:
        raw = yaml.safe_load(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, yaml.YAMLError) as error:
        raise BadKindError(f"không đọc được {path.name}") from error
    if not isinstance(raw, dict):
        raise BadKindError(f"{path.name} phải là các mục có tên")
    return raw


def _kind(
    code: str, raw: Mapping[str, Any], folder: Path, known: Mapping[str, Field]
) -> LetterKind:
    try:
        return _made(code, raw, folder, known)
    except (AttributeError, KeyError, TypeError, ValueError) as error:
        raise BadKindError(f"loại {code}: mục {error} thiếu hoặc lạ") from error


def _made(
    code: str, raw: Mapping[str, Any], folder: Path, known: Mapping[str, Field]
) -> LetterKind:
    if plain(code) != code or raw["address"] not in ADDRESSES:
        raise ValueError(code)
    needed = tuple(_group(one) for one in raw["required"])
    names = [name for group in needed for name in group]
    names += list(raw.get("optional", ()))
    used = {name: known[name] for name in names}
    common = {field.name: field for field in known.values() if field.is_common}
    first, last = (time.fromisoformat(text) for text in raw["quiet"])
    return LetterKind(
        code=code,
        name=str(raw["name"]),
        version=int(raw["version"]),
        tone=Tone(raw["tone"]),
        emblem=str(raw.get("emblem", "line")),
        trigger=str(raw.get("trigger", "manual")),
        required=needed,
        fields=MappingProxyType(used | common),
        address=str(raw["address"]),
        approver=str(raw.get("approver", "leader")),
        by_rule=bool(raw.get("by_rule", False)),
        channels=tuple(raw["channels"]),
        quiet=(first, last),
        catch_up_hours=int(raw["catch_up"]["hours"]),
        catch_up=CatchUp(raw["catch_up"]["then"]),
        outputs=frozenset(map(Output, raw["outputs"])),
        folder=folder / code,
        is_public=raw.get("public") == "consent",
        elder=int(raw.get("elder", 80)),
        ages=tuple(raw.get("ages", ())),
        guards=tuple(raw.get("guards", ())),
        criterion=str(raw.get("criterion", "")),
        aliases=tuple(map(plain, raw.get("aliases", ()))),
    )


def _group(one: str | list[str]) -> tuple[str, ...]:
    return (one,) if isinstance(one, str) else tuple(one)
