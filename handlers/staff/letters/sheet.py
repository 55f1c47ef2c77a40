"""Which rows does a spreadsheet of letters or birthdays hold, by known columns?"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from handlers.staff.catalogue.errors import FileKindError, HeaderError
from handlers.staff.catalogue.spreadsheet import (
    HEADER_ROWS,
    Line,
    csv_lines,
    xlsx_lines,
)
from messages.letters.text import plain

MOST_ROWS: Final = 500
Names = Mapping[str, str]
"""Plain name of a column -> the field it means."""


def rows(
    path: Path, names: Names, needed: AbstractSet[str]
) -> list[tuple[int, dict[str, str]]]:
    """Return number and fields of rows that hold anything, at most ``MOST_ROWS``.

    Raises CatalogueError when the file cannot be read or has none of ``needed``.
    """
    with _lines(path, names, needed) as lines:
        stream = iter(lines)
        columns = _header(stream, names, needed)
        return list(_told(columns, stream))


@contextmanager
def _lines(
    path: Path, names: Names, needed: AbstractSet[str]
) -> Iterator[Iterator[Line]]:
    name = path.name.lower()
    if name.endswith(".xlsx"):
        with xlsx_lines(path) as lines:
            yield lines
    elif name.endswith(".csv"):
        yield csv_lines(path, lambda cells: bool(_columns(cells, names, needed)))
    else:
        raise FileKindError


def _columns(
    cells: Sequence[str], names: Names, needed: AbstractSet[str]
) -> dict[int, str]:
    """Return place -> field; {} unless a needed field is among them."""
    found = {at: names[plain(c)] for at, c in enumerate(cells) if plain(c) in names}
    return found if needed & set(found.values()) else {}


def _header(
    stream: Iterator[Line], names: Names, needed: AbstractSet[str]
) -> dict[int, str]:
    for _, (_, cells) in zip(range(HEADER_ROWS), stream, strict=False):
        if found := _columns(cells, names, needed):
            return found
    raise HeaderError


def _told(
    columns: Mapping[int, str], stream: Iterator[Line]
) -> Iterator[tuple[int, dict[str, str]]]:
    count = 0
    for number, cells in stream:
        told = {
            name: cells[at].strip()
            for at, name in columns.items()
            if at < len(cells) and cells[at].strip()
        }
        if told and count < MOST_ROWS:
            count += 1
            yield number, told
