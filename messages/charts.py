"""How does a row of figures look? Columns as SVG that a screen reader can tell.

Title and description say the same in words; pages put a table beside it. Colours are
classes, so that light, dark and paper each have their own.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape
from math import ceil
from typing import Final

WIDTH: Final = 360
HEIGHT: Final = 180
LEFT, RIGHT, TOP, BOTTOM = 30, 6, 12, 24
FULL: Final = 100
EVERY: Final = 3
"""Under so many columns one has its label; the last one always has."""


@dataclass(frozen=True, slots=True)
class Series:
    """Values of one colour (1 or 2); None leaves a gap."""

    name: str
    values: Sequence[float | None]
    tone: int = 1


@dataclass(frozen=True, slots=True)
class Chart:
    """``mark`` makes the ids of title and description unique on a page."""

    mark: str
    title: str
    told: str
    labels: Sequence[str]
    series: Sequence[Series]
    is_percent: bool = False


def columns(chart: Chart) -> str:
    """Return the chart as SVG, every text in it escaped."""
    top = _top(chart)
    mark = escape(chart.mark, quote=True)
    begin = f'<svg class="chart" viewBox="0 0 {WIDTH} {HEIGHT}" role="img"'
    return "".join(
        (
            f'{begin} aria-labelledby="{mark}-t {mark}-d">',
            f'<title id="{mark}-t">{escape(chart.title)}</title>',
            f'<desc id="{mark}-d">{escape(chart.told)}</desc>',
            *(_line(chart, top, value) for value in (0, top / 2, top)),
            *(_columns(chart, top)),
            *(_labels(chart)),
            "</svg>",
        )
    )


def nice(most: float) -> float:
    """Return a round even number at or above a value, at least 2."""
    step = 2
    while step * 10 < most:
        step *= 5 if str(step)[0] == "2" else 2
    return float(max(2, ceil(most / step) * step))


def _top(chart: Chart) -> float:
    if chart.is_percent:
        return float(FULL)
    values = [v for one in chart.series for v in one.values if v is not None]
    return nice(max(values, default=0))


def _line(chart: Chart, top: float, value: float) -> str:
    y = _y(value, top)
    shown = f"{value:.0f}" + ("%" if chart.is_percent else "")
    return (
        f'<line class="grid" x1="{LEFT}" x2="{WIDTH - RIGHT}" y1="{y}" y2="{y}"/>'
        f'<text class="axis" x="{LEFT - 4}" y="{y + 4:.1f}" text-anchor="end">'
        f"{shown}</text>"
    )


def _columns(chart: Chart, top: float) -> list[str]:
    slot = (WIDTH - LEFT - RIGHT) / max(1, len(chart.labels))
    wide = slot * 0.72 / max(1, len(chart.series))
    found = []
    for place, one in enumerate(chart.series):
        for at, value in enumerate(one.values):
            if value is None:
                continue
            x, y = LEFT + slot * (at + 0.14) + wide * place, _y(value, top)
            tall = HEIGHT - BOTTOM - y
            found.append(
                f'<rect class="tone{one.tone}" x="{x:.1f}" y="{y}" rx="2"'
                f' width="{wide:.1f}" height="{tall:.1f}"/>'
            )
    return found


def _labels(chart: Chart) -> list[str]:
    number = len(chart.labels)
    slot = (WIDTH - LEFT - RIGHT) / max(1, number)
    return [
        f'<text class="axis" x="{LEFT + slot * (at + 0.5):.1f}" y="{HEIGHT - 8}"'
        f' text-anchor="middle">{escape(label)}</text>'
        for at, label in enumerate(chart.labels)
        if (number - 1 - at) % EVERY == 0 or number <= 2 * EVERY
    ]


def _y(value: float, top: float) -> float:
    room = HEIGHT - TOP - BOTTOM
    return round(TOP + room * (1 - min(value, top) / top), 1)
