"""Which example sentences teach the intents? Reads Rasa's training format."""

from __future__ import annotations

from collections.abc import Iterable
from hashlib import sha256
from typing import Any

from nlu import resources
from nlu.errors import BadTrainingDataError
from nlu.model import Intent

FOLDER = "intents"


def examples() -> list[tuple[str, Intent]]:
    """Return every example sentence with its intent."""
    names = ["nlu", *(f"{FOLDER}/{name}" for name in resources.names(FOLDER))]
    return [pair for name in names for pair in parse(resources.load(name))]


def digest(sentences: Iterable[tuple[str, Intent]]) -> str:
    """Return the SHA-256 (hex) of the sentences, to tell what a model was taught."""
    lines = "\n".join(f"{intent.value}\t{text}" for text, intent in sentences)
    return sha256(lines.encode()).hexdigest()


def parse(document: Any) -> list[tuple[str, Intent]]:
    """Return the sentences of a parsed training file (any YAML shape may come).

    Raises ``BadTrainingDataError`` for an unknown version, intent or shape.
    """
    if not isinstance(document, dict) or document.get("version") != "3.1":
        raise BadTrainingDataError('version "3.1"')
    blocks = document.get("nlu")
    if not isinstance(blocks, list):
        raise BadTrainingDataError("nlu")
    return [pair for block in blocks for pair in _block(block)]


def _block(block: Any) -> list[tuple[str, Intent]]:
    """Return the sentences of one intent."""
    try:
        intent = Intent(block["intent"])
        lines = block["examples"].splitlines()
    except (AttributeError, KeyError, TypeError, ValueError) as error:
        raise BadTrainingDataError(str(error)) from error
    marked = (line.strip() for line in lines)
    return [(line[2:].strip(), intent) for line in marked if line.startswith("- ")]
