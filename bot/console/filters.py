"""What does the address of a list ask for? Words, filters, order, page; all checked."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from types import MappingProxyType
from typing import Any
from urllib.parse import urlencode

LONGEST_WORDS = 100
PAGE_SIZE = 50
LAST_PAGE = 10_000


@dataclass(frozen=True, slots=True)
class Filter:
    """One choice above a list: (value, label) pairs; "" means all."""

    name: str
    label: str
    choices: Sequence[tuple[str, str]]

    def holds(self, value: str) -> bool:
        """Whether a value is one of the choices."""
        return value in dict(self.choices)


@dataclass(frozen=True, slots=True)
class ListQuery:
    """What is asked; ``page`` counts from 1."""

    words: str = ""
    chosen: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    sort: str = ""
    is_down: bool = False
    page: int = 1
    size: int = PAGE_SIZE

    @property
    def offset(self) -> int:
        """How many rows stand before this page."""
        return (self.page - 1) * self.size

    def url(self, **changes: Any) -> str:
        """Return the query of this list with some things changed, "?…"."""
        asked = replace(self, **changes)
        pairs = {"q": asked.words, **asked.chosen, "sort": asked.sort}
        pairs["dir"] = "down" if asked.is_down else ""
        pairs["page"] = str(asked.page) if asked.page > 1 else ""
        return "?" + urlencode({k: v for k, v in pairs.items() if v})

    def sorted_by(self, key: str) -> str:
        """Return the query ordered by a column; a second time turns it round."""
        down = self.sort == key and not self.is_down
        return self.url(sort=key, is_down=down, page=1)


def parse(
    query: Mapping[str, str],
    filters: Sequence[Filter] = (),
    sorts: Sequence[str] = (),
    size: int = PAGE_SIZE,
) -> ListQuery:
    """Read an address; what is unknown is left out, never an error."""
    chosen = {
        one.name: query[one.name]
        for one in filters
        if query.get(one.name) and one.holds(query[one.name])
    }
    sort = query.get("sort", "")
    return ListQuery(
        words=" ".join(query.get("q", "").split())[:LONGEST_WORDS],
        chosen=MappingProxyType(chosen),
        sort=sort if sort in sorts else "",
        is_down=query.get("dir") == "down",
        page=_page(query.get("page", "1")),
        size=size,
    )


def _page(text: str) -> int:
    if not (text.isascii() and text.isdigit()):
        return 1
    return min(max(1, int(text[:6])), LAST_PAGE)
