"""How does a template become a page? Escaped always, times in local words."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

from jinja2 import Environment, PackageLoader, StrictUndefined

from bot.clock import Clock, from_ms
from bot.console.statics import Statics

ZONE = ZoneInfo("Asia/Ho_Chi_Minh")
TURNS = re.compile("[\u202a-\u202e\u2066-\u2069]")
"""Marks that turn the writing round: Vietnamese has no use for them, forgers do
("anh\\u202egpj.exe" is shown as "anhexe.jpg")."""


class Renderer:
    """Templates of ``bot/console/pages``."""

    def __init__(self, statics: Statics, clock: Clock) -> None:
        self._clock = clock
        self.environment = Environment(
            loader=PackageLoader("bot.console", "pages"),
            autoescape=True,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
            auto_reload=False,
            cache_size=-1,
        )
        self.environment.globals["static"] = statics.url
        self.environment.filters |= {
            "when": self.when,
            "day": day,
            "iso": iso,
            "number": number,
            "begun": begun,
        }

    def render(self, template: str, **values: Any) -> str:
        """Return the HTML of a template, without marks that turn writing round."""
        return TURNS.sub("", self.environment.get_template(template).render(**values))

    def when(self, at: int | datetime | None) -> str:
        """Say an instant as staff do: "08:05", "hôm qua 08:05", "23/11/2026 08:05"."""
        if at is None:
            return "—"
        local, today = _local(at), self._clock.now().astimezone(ZONE).date()
        clock = f"{local:%H:%M}"
        days = (local.date() - today).days
        if days in _NEAR:
            return f"{_NEAR[days]} {clock}".strip()
        return f"{local:%d/%m/%Y} {clock}"


_NEAR = {0: "", -1: "hôm qua", 1: "ngày mai"}


def day(at: int | datetime | None) -> str:
    """Return the local date, 23/11/2026."""
    return "—" if at is None else f"{_local(at):%d/%m/%Y}"


def iso(at: int | datetime) -> str:
    """Return an instant for the attribute ``datetime``."""
    return _local(at).isoformat(timespec="minutes")


def begun(text: str) -> str:
    """Return words as they stand at the beginning of a line: "thứ Hai", "Thứ Hai"."""
    return text[:1].upper() + text[1:]


def number(value: float) -> str:
    """Return a number with points between thousands and a comma for decimals."""
    shown = f"{value:,.0f}" if value == int(value) else f"{value:,.1f}"
    return shown.translate(str.maketrans(",.", ".,"))


def _local(at: int | datetime) -> datetime:
    found = from_ms(at) if isinstance(at, int) else at
    return (found if found.tzinfo else found.replace(tzinfo=UTC)).astimezone(ZONE)
