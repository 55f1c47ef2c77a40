"""How is an error of the use cases said in the console, where nobody types commands?"""

from __future__ import annotations

from dataclasses import dataclass

HINT = "Xin xem lại rồi thử lại; nội dung vừa nhập còn nguyên."
COMMANDS = ("thanthien", "--")


@dataclass(frozen=True, slots=True)
class Told:
    """A sentence and what to do."""

    sentence: str
    hint: str

    def __str__(self) -> str:
        return self.sentence


def told(error: Exception) -> Told:
    """Return an error for a page; hints for the command line are left out."""
    hint = str(getattr(error, "hint", HINT))
    return Told(str(error), HINT if any(c in hint for c in COMMANDS) else hint)
