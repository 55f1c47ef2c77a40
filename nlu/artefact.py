"""What has a unit learnt, as bytes that anybody can read and nobody can forge?

Canonical JSON (sorted keys, no blanks, whole numbers, UTF-8) and nothing that runs.
The same knowledge has one form only; bytes are read after their signature was
checked by the verifier that the caller passes in.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol

from nlu.errors import BadArtefactError, UnsignedArtefactError
from nlu.model import Intent

FORMAT = 2
LARGEST = 8 * 1024 * 1024
"""Bytes; a unit with ten thousand examples has less than one million."""
THOUSAND = 1000
MEANS = "="
"""In front of what a local word stands for, where sentences have a code or intent."""
_KEYS = frozenset(
    {
        "format",
        "unit",
        "model",
        "trained_at",
        "examples",
        "said",
        "words",
        "wanted",
        "trust",
    }
)


class Verifier(Protocol):
    """Knows the unit's key."""

    def __call__(self, data: bytes, signature: str) -> bool:
        """Whether the signature is the unit's own over these bytes."""
        ...


@dataclass(frozen=True, slots=True)
class Artefact:
    """One version of what was learnt.

    ``examples`` maps codes of procedures to sentences, ``said`` holds sentences with
    their intents, ``words`` maps local words to what they stand for; ``wanted`` and
    ``trust`` are thousandths (see nlu.usage). ``trained_at`` is UTC ms.
    """

    unit: str
    model: str
    trained_at: int
    examples: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    said: tuple[tuple[str, Intent], ...] = ()
    words: Mapping[str, str] = field(default_factory=dict)
    wanted: Mapping[str, int] = field(default_factory=dict)
    trust: int = 0

    @property
    def lessons(self) -> frozenset[tuple[str, str]]:
        """Every sentence and word with what it stands for."""
        asked = ((text, code) for code, v in self.examples.items() for text in v)
        told = ((text, intent.value) for text, intent in self.said)
        words = ((short, MEANS + full) for short, full in self.words.items())
        return frozenset((*asked, *told, *words))

    @property
    def knowledge(self) -> str:
        """A hash of all that was learnt, whoever trained it and when (64 hex)."""
        value = _plain(self)
        for name in ("unit", "model", "trained_at"):
            del value[name]
        return hashlib.sha256(_canonical(value)).hexdigest()

    @property
    def lesson_hash(self) -> str:
        """A hash of the sentences alone, without what was counted (64 hex)."""
        value = {"lessons": sorted(map(list, self.lessons))}
        return hashlib.sha256(_canonical(value)).hexdigest()


def dump(artefact: Artefact) -> bytes:
    """Return the one canonical form."""
    return _canonical(_plain(artefact))


def load(data: bytes, signature: str, verify: Verifier, unit: str) -> Artefact:
    """Return what the bytes hold, for the unit that signed them.

    Raises UnsignedArtefactError when the signature does not fit, BadArtefactError
    when the bytes are no artefact of this unit in its canonical form.
    """
    if not verify(data, signature):
        raise UnsignedArtefactError
    artefact = parse(data)
    if artefact.unit != unit:
        raise BadArtefactError("unit")
    return artefact


def parse(data: bytes) -> Artefact:
    """Return what unsigned bytes hold; raises BadArtefactError."""
    if len(data) > LARGEST:
        raise BadArtefactError("size")
    try:
        artefact = _artefact(json.loads(data))
        is_canonical = dump(artefact) == data
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError) as error:
        raise BadArtefactError(type(error).__name__) from error
    if not is_canonical:
        raise BadArtefactError("form")
    return artefact


def _plain(artefact: Artefact) -> dict[str, Any]:
    """Return JSON values, sentences in order and each once."""
    return {
        "format": FORMAT,
        "unit": artefact.unit,
        "model": artefact.model,
        "trained_at": artefact.trained_at,
        "examples": {c: sorted(set(v)) for c, v in artefact.examples.items() if v},
        "said": sorted({(text, intent.value) for text, intent in artefact.said}),
        "words": dict(artefact.words),
        "wanted": dict(artefact.wanted),
        "trust": artefact.trust,
    }


def _canonical(value: Mapping[str, Any]) -> bytes:
    text = json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return text.encode()


def _artefact(value: dict[str, Any]) -> Artefact:
    if value.keys() != _KEYS or value["format"] != FORMAT:
        raise ValueError(FORMAT)
    return Artefact(
        unit=_text(value["unit"]),
        model=_text(value["model"]),
        trained_at=_number(value["trained_at"], 2**53),
        examples={c: tuple(map(_text, v)) for c, v in value["examples"].items()},
        said=tuple((_text(text), Intent(name)) for text, name in value["said"]),
        words={_text(short): _text(full) for short, full in value["words"].items()},
        wanted={c: _number(n, THOUSAND) for c, n in value["wanted"].items()},
        trust=_number(value["trust"], THOUSAND),
    )


def _text(value: object) -> str:
    if not isinstance(value, str) or not value:
        raise TypeError
    return value


def _number(value: object, most: int) -> int:
    if type(value) is not int or not 0 <= value <= most:
        raise TypeError
    return value
