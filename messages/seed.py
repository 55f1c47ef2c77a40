"""Which procedures does every commune start with?

``messages/catalogue/*.yml`` hold them, written for citizens; the facts and their
dates are named in each record. The files are ours and trusted.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import yaml

from messages.procedure import Procedure

FOLDER = Path(__file__).parent / "catalogue"
REPLACES = Path(__file__).parent / "catalogue_replaces.yml"
FORMAT = 1
"""Goes up when the same files are to be stored in another form."""


def fingerprint(folder: Path = FOLDER) -> str:
    """Return the SHA-256 (hex) of all seed files: the same means nothing to load."""
    digest = hashlib.sha256(str(FORMAT).encode())
    for path in _files(folder):
        digest.update(path.name.encode())
        digest.update(hashlib.sha256(path.read_bytes()).digest())
    return digest.hexdigest()


def procedures(folder: Path = FOLDER) -> tuple[Procedure, ...]:
    """Return the seed in the order of its files.

    Raises pydantic.ValidationError for a wrong record, ValueError for a code
    that stands twice.
    """
    found = tuple(
        Procedure.model_validate(record)
        for path in _files(folder)
        for record in _read(path)
    )
    counts = Counter(procedure.code for procedure in found)
    twice = sorted(code for code, number in counts.items() if number > 1)
    if twice:
        raise ValueError(f"codes that stand twice in the seed: {', '.join(twice)}")
    return found


def replaced(path: Path = REPLACES) -> Mapping[str, str]:
    """Return national code -> local code of the same service."""
    pairs: dict[str, list[str]] = _read(path)
    return {
        national: local for local, nationals in pairs.items() for national in nationals
    }


def _files(folder: Path) -> list[Path]:
    """Return the seed files in a fixed order."""
    return sorted(folder.glob("*.yml"))


def _read(path: Path) -> Any:
    """Return what a trusted YAML file of ours holds."""
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    return yaml.load(path.read_bytes(), Loader=loader)  # noqa: S506  a safe loader, the fast one when built
