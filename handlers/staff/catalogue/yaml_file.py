"""What does a file in our own form say: YAML, or one JSON record a line?

Both hold the fields of ``messages.procedure.Procedure`` by their names; a record
of a known code may hold only the fields that differ.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from datetime import date, datetime
from pathlib import Path
from typing import Any, Final

import yaml

from handlers.staff.catalogue.columns import code_text
from handlers.staff.catalogue.errors import FileTooLargeError, FileUnreadableError
from handlers.staff.catalogue.model import Batch, Rejection, Row
from handlers.staff.catalogue.validate import RowError

MAX_RECORDS: Final = 20_000
Item = tuple[int, Any]


def read_yaml(path: Path) -> Batch:
    """Return the records of a YAML list.

    Raises FileUnreadableError (with the line) for broken YAML and for anchors,
    which could unfold without end; FileTooLargeError.
    """
    try:
        text = path.read_bytes().decode("utf-8-sig")
        _refuse_anchors(text)
        loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
        value = yaml.load(text, Loader=loader)  # noqa: S506  a safe loader, the fast one when built
    except UnicodeDecodeError as error:
        raise FileUnreadableError from error
    except (yaml.YAMLError, ValueError, RecursionError) as error:
        raise _broken(error) from error
    if not isinstance(value, list):
        raise FileUnreadableError("Tệp YAML cần là một danh sách thủ tục.")
    return batch(path.name, enumerate(value, start=1))


def read_lines(path: Path, lines: Iterable[tuple[int, bytes]]) -> Batch:
    """Return the records of JSON lines in our own form."""
    return batch(path.name, _objects(lines))


def batch(source: str, items: Iterable[Item]) -> Batch:
    """Return numbered records as rows; a wrong one is refused with its number."""
    rows: list[Row] = []
    rejections: list[Rejection] = []
    seen: dict[str, int] = {}
    for number, value in items:
        if number > MAX_RECORDS:
            raise FileTooLargeError
        try:
            rows.append(Row(number, _fields(value, seen, number)))
        except RowError as error:
            rejections.append(Rejection(number, _code(value)[:40], str(error)))
    return Batch(source, tuple(rows), tuple(rejections))


def _fields(value: Any, seen: dict[str, int], number: int) -> dict[str, Any]:
    if isinstance(value, Exception):
        raise RowError("không phải một dòng JSON đúng") from value
    if not isinstance(value, dict):
        raise RowError("không phải một bản ghi gồm các trường")
    code = _code(value)
    if not code:
        raise RowError("thiếu mã thủ tục (code)")
    if code in seen:
        raise RowError(f"trùng mã với bản ghi {seen[code]}")
    seen[code] = number
    fields: dict[str, Any] = _dates_as_text(value)
    return fields | {"code": code}


def _code(value: Any) -> str:
    found = value.get("code") if isinstance(value, dict) else None
    return "" if found is None else code_text(found)


def _dates_as_text(value: Any) -> Any:
    """Return the value with ISO texts where YAML made dates, and text keys."""
    if isinstance(value, dict):
        return {str(key): _dates_as_text(part) for key, part in value.items()}
    if isinstance(value, list):
        return [_dates_as_text(part) for part in value]
    if isinstance(value, datetime):
        return value.date().isoformat()
    return value.isoformat() if isinstance(value, date) else value


def _objects(lines: Iterable[tuple[int, bytes]]) -> Iterator[Item]:
    for number, line in lines:
        try:
            yield number, json.loads(line)
        except (ValueError, RecursionError) as error:
            yield number, error


def _refuse_anchors(text: str) -> None:
    events = yaml.parse(text, Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))
    if any(isinstance(event, yaml.AliasEvent) for event in events):
        raise FileUnreadableError("Tệp YAML không được dùng neo (dấu & và *).")


def _broken(error: Exception) -> FileUnreadableError:
    mark = getattr(error, "problem_mark", None)
    if mark is None:
        return FileUnreadableError()
    return FileUnreadableError(f"Tệp YAML sai ở dòng {mark.line + 1}.")
