"""Which example sentences teach the intents? Reads Rasa's training format."""

from __future__ import annotations

from typing import Any

from nlu import resources
from nlu.errors import BadTrainingDataError
from nlu.model import Intent


def examples() -> list[tuple[str, Intent]]:
    """Return every example sentence with its intent."""
    return parse(resources.load("nlu"))


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
