"""How does the duty roster look on paper? One HTML page that any browser prints.

The layout follows the header and signatures of Nghị định 30/2020/NĐ-CP; the number is
written by hand. Values are escaped; nothing is loaded from anywhere.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

from jinja2 import Environment, PackageLoader, StrictUndefined, Template


@dataclass(frozen=True, slots=True)
class SheetRow:
    """One line of the table, all in words."""

    day: str
    part: str
    channel: str
    field: str
    holder: str
    deputy: str
    phone: str


@dataclass(frozen=True, slots=True)
class Sheet:
    """Everything on the paper; ``period`` and ``hours`` are phrases."""

    unit_name: str
    place: str
    period: str
    year: int
    hours: str
    rows: Sequence[SheetRow]
    standby: Sequence[str] = ()
    leave: Sequence[str] = ()


def render(sheet: Sheet) -> str:
    """Return the page."""
    return _template().render(
        unit_name=sheet.unit_name,
        place=sheet.place,
        period=sheet.period,
        year=sheet.year,
        hours=sheet.hours,
        rows_list=sheet.rows,
        standby_list=sheet.standby,
        leave_list=sheet.leave,
    )


@cache
def _template() -> Template:
    environment = Environment(
        loader=PackageLoader("messages", "roster"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    return environment.get_template("sheet.html.j2")
