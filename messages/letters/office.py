"""Who writes: the commune's names, and who signs with which authority?

Nghị định 30/2020/NĐ-CP Điều 13: TM. (on behalf of), KT. (in place of).
"""

from __future__ import annotations

import re
from dataclasses import dataclass

_BODY = "ủy ban nhân dân"
_LEVEL = re.compile(r"^(xã|phường|đặc khu|thị trấn)\s+", re.IGNORECASE)
CHAIR = "Chủ tịch"
VICE = "Phó Chủ tịch"


@dataclass(frozen=True, slots=True)
class Office:
    """A commune as its letters name it; ``name`` stands in a sentence: "xã Mẫu"."""

    name: str
    full_name: str = ""
    phone: str = ""
    position: str = ""
    signer: str = ""

    @property
    def full(self) -> str:
        """The committee's whole name."""
        return self.full_name or f"Ủy ban nhân dân {self.name}"

    @property
    def short(self) -> str:
        """The committee's name in a chat."""
        return f"UBND {self.name}"

    @property
    def place(self) -> str:
        """The bare name of the place, for the line of the date."""
        return _LEVEL.sub("", self.name)

    @property
    def heading(self) -> tuple[str, ...]:
        """The committee's name as the two lines of a letterhead."""
        if self.full.lower().startswith(f"{_BODY} "):
            return _BODY.upper(), self.full[len(_BODY) + 1 :].upper()
        return (self.full.upper(),)


def authority(position: str, *, is_committee: bool = False) -> tuple[str, ...]:
    """Return the lines above a signature.

    A vice-chair signs in place of the chair. ``is_committee``: a paper of the
    committee (Mẫu số 04) and not of its head. Lines may be given parted by ``/``.
    """
    lines = tuple(line.strip().upper() for line in position.split("/") if line.strip())
    if len(lines) > 1:
        return lines
    only = lines[0] if lines else CHAIR.upper()
    if only.startswith(VICE.upper()):
        return (f"KT. {CHAIR.upper()}", VICE.upper())
    if is_committee and only.startswith(CHAIR.upper()):
        return (f"TM. {_BODY.upper()}", CHAIR.upper())
    return (only,)
