"""Who may approve a letter they wrote, when are birthdays prepared? ``letters``."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from bot.config_section import Section


class Letters(Section):
    """``single``: only as the single leader of the unit, else another (ADR 0033).

    ``birthday_days`` are local days ahead; ``age`` is how a longevity letter counts:
    ``full`` years, or ``nominal``, from one at birth.
    """

    own_approval: Literal["never", "single", "always"] = "single"
    birthday_days: int = Field(default=7, ge=0, le=60)
    age: Literal["full", "nominal"] = "full"
