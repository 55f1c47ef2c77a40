"""By which criteria is the dossier made, and how large may its papers be?"""

from __future__ import annotations

from pydantic import Field

from bot.config_section import Section


class Dossier(Section):
    """``criteria`` is a file of another set; "" takes the one that is shipped."""

    criteria: str = ""
    paper_mb: int = Field(default=20, ge=1, le=100)
