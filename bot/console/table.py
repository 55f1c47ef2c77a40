"""A list: a table on a desk, cards on a phone; files have the same columns."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

from bot.console.filters import Filter, ListQuery

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Cell:
    """What stands in one field; ``tone`` is good, warn, bad, quiet or "".

    Colour is never alone: ``text`` says the same in words.
    """

    text: str
    url: str = ""
    tone: str = ""
    small: str = ""


@dataclass(frozen=True, slots=True)
class Column(Generic[T]):
    """One column; ``sort`` is its key in the address, "" for none."""

    title: str
    cell: Callable[[T], Cell | str]
    sort: str = ""
    is_number: bool = False

    def shown(self, row: T) -> Cell:
        """Return the cell of a row."""
        found = self.cell(row)
        return found if isinstance(found, Cell) else Cell(found)


@dataclass(frozen=True, slots=True)
class Table(Generic[T]):
    """A page of a list; ``total`` counts all rows, None when nobody counted.

    ``live`` is the topic that renews it, ``export`` whether files are offered.
    """

    caption: str
    columns: Sequence[Column[T]]
    rows: Sequence[T]
    query: ListQuery
    total: int | None = None
    filters: Sequence[Filter] = ()
    empty: str = "Chưa có gì ở đây."
    live: str = ""
    export: bool = False
    searchable: bool = False

    @property
    def pages(self) -> int:
        """How many pages there are; one more than this when nobody counted."""
        if self.total is None:
            more = len(self.rows) >= self.query.size
            return self.query.page + 1 if more else self.query.page
        return max(1, -(-self.total // self.query.size))

    def cells(self) -> list[list[tuple[Column[T], Cell]]]:
        """Return what stands in the table, row by row."""
        return [[(c, c.shown(row)) for c in self.columns] for row in self.rows]


def paged(rows: Sequence[T], query: ListQuery) -> Sequence[T]:
    """Return one page of rows that are all in memory."""
    return rows[query.offset : query.offset + query.size]
