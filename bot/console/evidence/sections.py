"""Which pages does the place of evidence have?"""

from __future__ import annotations

from bot.console.evidence import building, overview, papers

SECTIONS = (overview.SECTION, papers.SECTION, building.SECTION)
