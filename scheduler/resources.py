"""What facts does the clock ship with, and how are they read without a surprise?"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from functools import cache
from importlib import resources
from pathlib import Path
from typing import Any, Final

import yaml

from scheduler.errors import BadDataError, BadDateError
from scheduler.moments import parse_date

# The C loader reads the same YAML ten times faster; commands start with it.
_LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
OWN: Final = frozenset({"notices", "swaps", "occasions", "deadlines"})


@cache
def load(name: str) -> Any:
    """Return the parsed file ``scheduler/data/<name>.yml``; any shape YAML allows."""
    files = resources.files("scheduler").joinpath("data", f"{name}.yml")
    return yaml.load(files.read_text("utf-8"), Loader=_LOADER)  # noqa: S506  safe


def own_file(path: Path) -> Mapping[str, Any]:
    """Return a commune's own facts: notices, swaps, occasions, deadlines.

    Raises BadDataError naming the file, and a key that is unknown or no list.
    """
    try:
        found = yaml.load(path.read_text("utf-8"), Loader=_LOADER)  # noqa: S506  safe
    except (OSError, UnicodeDecodeError, yaml.YAMLError) as error:
        raise BadDataError(path.name) from error
    if not isinstance(found, dict):
        raise BadDataError(path.name)
    for key, value in found.items():
        if key not in OWN or not isinstance(value, list):
            raise BadDataError(f"{path.name}: {key}")
    return found


def records(value: Any, where: str, allowed: frozenset[str]) -> Iterator[Any]:
    """Yield the mappings of a list; raises BadDataError for anything else.

    A key outside ``allowed`` is an error too: a word misspelt is a rule not applied.
    """
    if not isinstance(value, list):
        raise BadDataError(where)
    for record in value:
        if not isinstance(record, dict):
            raise BadDataError(f"{where}: {record}")
        unknown = sorted(map(str, record.keys() - allowed))
        if unknown:
            raise BadDataError(f"{where}: {', '.join(unknown)}")
        yield record


def day(value: Any, where: str) -> date:
    """Return a date of a data file; raises BadDataError naming the place."""
    try:
        return parse_date(value)
    except BadDateError as error:
        raise BadDataError(f"{where}: {value}") from error
