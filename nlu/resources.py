"""What words does understanding ship with? Reads nlu/data once per process."""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import cache
from importlib import resources
from typing import IO, Any
from zlib import crc32

import yaml

# The C loader reads the same YAML ten times faster; cold start depends on it.
_LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)

# What the YAML files say, as JSON that is read ten times faster again. A file that was
# changed since is read itself.
PARSED = "parsed.jsonl"


@cache
def load(name: str) -> Any:
    """Return the parsed YAML file ``nlu/data/<name>.yml``; any shape YAML allows."""
    written = resources.files("nlu").joinpath("data", f"{name}.yml").read_bytes()
    known = _parsed().get(name)
    return known[1] if known and known[0] == crc32(written) else parse(written)


def parse(written: bytes) -> Any:
    """Return what a YAML file of ours says; any shape YAML allows."""
    return yaml.load(written, Loader=_LOADER)  # noqa: S506  a safe loader, see above


@cache
def _parsed() -> Mapping[str, tuple[int, Any]]:
    """Return the files that ``nlu.parsed`` has read ahead, with their checksums."""
    with opened(PARSED) as file:
        rows = map(json.loads, file)
        return {row["name"]: (row["crc32"], row["data"]) for row in rows}


def opened(name: str) -> IO[bytes]:
    """Return an open file of the data, to be closed by the caller."""
    return resources.files("nlu").joinpath("data", name).open("rb")


def names(folder: str) -> list[str]:
    """Return the names, without ending, of the YAML files in a folder of the data."""
    files = resources.files("nlu").joinpath("data", folder).iterdir()
    return sorted(f.name[:-4] for f in files if f.name.endswith(".yml"))


def abbreviations() -> Mapping[str, str]:
    """Return short form to full form."""
    return {str(short): str(full) for short, full in load("abbreviations").items()}
