"""How is one procedure edited field by field? Cells as in the spreadsheet, both ways.

A cell that was left as it was says nothing; an empty one gives the field back to what
stands under the commune's own words.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from itertools import groupby
from typing import Any, Final

from handlers.staff.catalogue.cells import lines, plain
from handlers.staff.catalogue.columns import COLUMNS, Column
from handlers.staff.catalogue.edits import DEFAULTS, own
from handlers.staff.catalogue.errors import UnfitEditError
from handlers.staff.catalogue.merge import ADDED_TO, below, effective
from handlers.staff.catalogue.model import Fields
from handlers.staff.catalogue.validate import RowError

EDITED: Final = tuple(column for column in COLUMNS if column.field != "code")


def name_of(column: Column) -> str:
    """Return the name of a column's cell in a form."""
    return f"{column.field}.{column.part}" if column.part else column.field


def cells(
    base: Fields | None, national: Fields | None, commune: Fields | None
) -> dict[str, str]:
    """Return name -> text of every cell; of what is only added to, the own part."""
    shown = effective(base, national, commune)
    own_words = commune or {}
    return {
        name_of(column): (
            lines(own_words.get(column.field, ()))
            if column.field in ADDED_TO
            else _cell(column, shown.get(column.field))
        )
        for column in EDITED
    }


def edited(
    typed: Mapping[str, str],
    code: str,
    layers: tuple[Fields | None, Fields | None, Fields | None],
    as_of: str,
) -> Fields | None:
    """Return the commune's own fields after a form; None when nothing is its own.

    ``layers`` are base, national, commune; ``as_of`` (ISO) dates a new procedure.
    Raises UnfitEditError naming the cell.
    """
    base, national, commune = layers
    shown, before = cells(base, national, commune), dict(commune or {})
    given: dict[str, Any] = {"code": code}
    for field, columns in groupby(EDITED, lambda column: column.field):
        parts = list(columns)
        if not _is_changed(parts, typed, shown):
            continue
        if field in ADDED_TO or _is_empty(parts[0], typed, shown):
            before.pop(field, None)
        if value := _value(parts, typed, shown):
            given[field] = value
    under = below(base, national)
    source = {"name": "Ủy ban nhân dân xã cung cấp", "as_of": as_of}
    try:
        return own(given, before, under, {**DEFAULTS, "source": source})
    except RowError as error:
        raise UnfitEditError(f"Chưa lưu được: {error}.") from error


def _is_changed(
    parts: Iterable[Column], typed: Mapping[str, str], shown: Mapping[str, str]
) -> bool:
    names = [name_of(column) for column in parts]
    return any(_even(typed.get(n, shown[n])) != _even(shown[n]) for n in names)


def _is_empty(
    first: Column, typed: Mapping[str, str], shown: Mapping[str, str]
) -> bool:
    """Whether the first cell is empty; it carries its field: no fee without a text."""
    name = name_of(first)
    return not plain(typed.get(name, shown[name]))


def _value(
    parts: list[Column], typed: Mapping[str, str], shown: Mapping[str, str]
) -> Any:
    """Return the field as typed, all its parts; nothing when it was emptied."""
    if _is_empty(parts[0], typed, shown):
        return None
    found: dict[str, Any] = {}
    for column in parts:
        text = _even(typed.get(name_of(column), shown[name_of(column)]))
        if not plain(text):
            continue
        try:
            found[column.part] = column.read(text)
        except RowError as error:
            raise UnfitEditError(f"Ô “{column.title}” {error}.") from error
    return found.get("", found)


def _cell(column: Column, value: Any) -> str:
    if column.part:
        value = (value or {}).get(column.part)
    return "" if value is None or value in ("", [], ()) else column.say(value)


def _even(text: str) -> str:
    """Return a text as a browser sends and as we keep it: one kind of line end."""
    return "\n".join(
        line.rstrip() for line in text.replace("\r", "").split("\n")
    ).strip()
