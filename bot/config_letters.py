"""Who may approve a letter they wrote? Section ``letters`` (ADR 0033)."""

from __future__ import annotations

from typing import Literal

from bot.config_section import Section


class Letters(Section):
    """``single``: only as the single leader of the unit; else another must approve."""

    own_approval: Literal["never", "single", "always"] = "single"
