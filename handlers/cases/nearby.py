"""Has somebody nearby reported the same before? The question and its answer.

A place is compared by its hamlet, or by the square of a grid in which it lies and the
eight around it; stored are only keyed hashes of both.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Protocol

METRES = 300.0
"""How far apart two reports may be and still be of one thing."""
CELL_METRES = 330.0
DEGREE_METRES = 111_320.0
_NARROWEST = math.cos(math.radians(23.4))
"""The north of the country: elsewhere a square is wider, never narrower."""


@dataclass(frozen=True, slots=True)
class Area:
    """Where something is: a hamlet's name without accents, a point "lat,lon"; or ""."""

    hamlet: str = ""
    point: str = ""

    @property
    def own(self) -> tuple[str, ...]:
        """What a case at this place is found by."""
        cell = cell_of(self.point)
        found = (f"hamlet:{self.hamlet}" if self.hamlet else "", _named(cell))
        return tuple(one for one in found if one)

    @property
    def around(self) -> tuple[str, ...]:
        """What cases near this place may be found by."""
        hamlet = (f"hamlet:{self.hamlet}",) if self.hamlet else ()
        return (*hamlet, *map(_named, _around(cell_of(self.point))))


@dataclass(frozen=True, slots=True)
class Near:
    """An open case nearby; ``words`` are the citizen's own that stand in it too.

    Nothing else of another citizen's words is told. ``days`` is its age.
    """

    code: str
    case_id: str
    words: str
    days: int


class NearbyCases(Protocol):
    """Open cases of a kind near a place."""

    def near(self, kind: str, area: Area, text: str) -> tuple[Near, ...]:
        """Return those that share words with a text, likeliest first."""
        ...


class NothingNearby:
    """Knows of none; remembers what it was asked."""

    def __init__(self) -> None:
        self.asked: list[tuple[str, Area, str]] = []

    def near(self, kind: str, area: Area, text: str) -> tuple[Near, ...]:
        """Return nothing."""
        self.asked.append((kind, area, text))
        return ()


def point_of(text: str) -> tuple[float, float] | None:
    """Return latitude and longitude of "lat,lon" (degrees), None for what is none."""
    try:
        latitude, longitude = (float(part) for part in text.split(","))
    except ValueError:
        return None
    is_on_earth = abs(latitude) <= 90 and abs(longitude) <= 180  # noqa: PLR2004  degrees
    return (latitude, longitude) if is_on_earth else None


def metres(one: str, other: str) -> float:
    """Return how far two points are apart, infinity when one is unknown."""
    first, second = point_of(one), point_of(other)
    if first is None or second is None:
        return math.inf
    north = (second[0] - first[0]) * DEGREE_METRES
    middle = math.radians((first[0] + second[0]) / 2)
    east = (second[1] - first[1]) * DEGREE_METRES * math.cos(middle)
    return math.hypot(north, east)


def cell_of(point: str) -> tuple[int, int] | None:
    """Return the square of the grid in which a point lies."""
    found = point_of(point)
    if found is None:
        return None
    row = math.floor(found[0] * DEGREE_METRES / CELL_METRES)
    column = math.floor(found[1] * DEGREE_METRES * _NARROWEST / CELL_METRES)
    return row, column


def _around(cell: tuple[int, int] | None) -> Iterator[tuple[int, int]]:
    steps = (-1, 0, 1) if cell is not None else ()
    row, column = cell or (0, 0)
    yield from ((row + r, column + c) for r in steps for c in steps)


def _named(cell: tuple[int, int] | None) -> str:
    return f"cell:{cell[0]}:{cell[1]}" if cell is not None else ""
