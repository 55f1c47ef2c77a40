"""What do the tests of understanding share? A small catalogue and our questions."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from nlu.measure.questions import Asked
from nlu.model import Candidate, Entry, Facet, Understanding

DATA = Path(__file__).parent / "data"


def rows(name: str) -> list[dict[str, Any]]:
    """Return the objects of a file of JSON lines; their shape is the file's."""
    lines = (DATA / name).read_text("utf-8").splitlines()
    return [json.loads(line) for line in lines]


def entries() -> list[Entry]:
    """Return the small catalogue."""
    return [
        Entry(
            row["code"],
            row["name"],
            aliases=tuple(row["aliases"]),
            field=row["field"],
            commune=row["commune"],
            prior=row["prior"],
        )
        for row in rows("entries.jsonl")
    ]


def colloquial() -> list[Asked]:
    """Return our questions whose procedure is in the small catalogue."""
    known = {entry.code for entry in entries()}
    found = [Asked(row["q"], (tuple(row["gold"]),)) for row in rows("colloquial.jsonl")]
    return [question for question in found if known & set(question.gold)]


def best(reading: Understanding) -> str | None:
    """Return the code of the first candidate."""
    first: Candidate | None = next(iter(reading.candidates), None)
    return first.code if first else None


def facets(reading: Understanding) -> set[Facet]:
    """Return the facets without their order."""
    return set(reading.facets)
