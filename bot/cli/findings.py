"""What does one line of ``thanthien check`` say?"""

from __future__ import annotations

from dataclasses import dataclass

OK, WARNING, ERROR = "ok", "warning", "error"


@dataclass(frozen=True, slots=True)
class Finding:
    """One line of the report; only an ERROR makes the command fail."""

    part: str
    level: str
    text: str
