"""What words does understanding ship with? Reads nlu/data once per process."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from importlib import resources
from typing import IO, Any

import yaml

# The C loader reads the same YAML ten times faster; cold start depends on it.
_LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


@cache
def load(name: str) -> Any:
    """Return the parsed YAML file ``nlu/data/<name>.yml``; any shape YAML allows."""
    text = resources.files("nlu").joinpath("data", f"{name}.yml").read_text("utf-8")
    return yaml.load(text, Loader=_LOADER)  # noqa: S506  a safe loader, see above


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
