"""How is a file of procedures read? By its kind, within bounds."""

from __future__ import annotations

import gzip
import json
import zlib
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import BinaryIO, Final

from handlers.staff.catalogue import national, spreadsheet, yaml_file
from handlers.staff.catalogue.errors import (
    FileKindError,
    FileMissingError,
    FileTooLargeError,
    FileUnreadableError,
)
from handlers.staff.catalogue.model import Batch

MAX_FILE: Final = 60_000_000
"""Bytes on disk."""
MAX_SMALL: Final = 15_000_000
"""Bytes of a file that is read whole (YAML, CSV)."""
MAX_LINE: Final = 2_000_000
MAX_LINES: Final = 50_000

Stream = BinaryIO | gzip.GzipFile


def read(path: Path, as_of: date = national.DEFAULT_AS_OF) -> Batch:
    """Return what the file says; ``as_of`` dates the facts of a portal file.

    Raises CatalogueError when nothing can be read; wrong rows are in the batch.
    """
    try:
        size = path.stat().st_size
        whole = path.suffix in (".yml", ".yaml", ".csv")
        if size > (MAX_SMALL if whole else MAX_FILE):
            raise FileTooLargeError
        return _read(path, as_of)
    except FileNotFoundError as error:
        raise FileMissingError from error
    except PermissionError as error:
        raise FileMissingError from error
    except IsADirectoryError as error:
        raise FileKindError from error
    except (OSError, EOFError, zlib.error) as error:
        raise FileUnreadableError from error


def _read(path: Path, as_of: date) -> Batch:
    name = path.name.lower()
    if name.endswith((".yml", ".yaml")):
        return yaml_file.read_yaml(path)
    if name.endswith(".xlsx"):
        return spreadsheet.read_xlsx(path)
    if name.endswith(".csv"):
        return spreadsheet.read_csv(path)
    if name.endswith((".jsonl", ".jsonl.gz")):
        return _read_lines(path, as_of)
    raise FileKindError


def _read_lines(path: Path, as_of: date) -> Batch:
    """Read JSON lines; the portal's are known by their key ``ma_thu_tuc``."""
    with _open(path) as stream:
        is_ours = _is_ours(stream)
    with _open(path) as stream:
        if is_ours:
            return yaml_file.read_lines(path, numbered(stream))
        return national.batch(path.name, numbered(stream), as_of)


def _is_ours(stream: Stream) -> bool:
    """Whether the first readable record has our key for the code."""
    for _, line in numbered(stream):
        try:
            record = json.loads(line)
        except (ValueError, RecursionError):
            continue
        if isinstance(record, dict):
            return "code" in record and "ma_thu_tuc" not in record
    return False


def numbered(stream: Stream) -> Iterator[tuple[int, bytes]]:
    """Yield (number, line) of the lines that hold something, within bounds."""
    number = 0
    while line := stream.readline(MAX_LINE + 1):
        number += 1
        if len(line) > MAX_LINE or number > MAX_LINES:
            raise FileTooLargeError
        if line.strip():
            yield number, line.removeprefix(b"\xef\xbb\xbf")


def _open(path: Path) -> Stream:
    if path.suffix.lower() == ".gz":
        return gzip.open(path, "rb")
    return path.open("rb")
