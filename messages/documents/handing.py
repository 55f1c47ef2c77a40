"""How does the sheet of letters that are handed over become a PDF?"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import segno

from messages.documents import typeset
from messages.letters.office import Office

TITLE = "SỔ GIAO NHẬN THƯ"


@dataclass(frozen=True, slots=True)
class Handed:
    """One line: register number, who receives it and where, kind, page to note it."""

    number: str
    names: str
    place: str
    kind: str
    url: str = ""


def handing_pdf(
    office: Office, day: str, rows: Sequence[Handed], made: datetime | None = None
) -> bytes:
    """Return the sheet as PDF/A-2b; ``day`` is written out, ``made`` (aware) dates it.

    Raises DocumentError.
    """
    data = {
        "agency": office.heading,
        "title": TITLE,
        "day": day,
        "rows": [_line(row) for row in rows],
    }
    return typeset.pdf("handing", data, made=made)


def _line(row: Handed) -> dict[str, object]:
    return {
        "number": row.number,
        "names": row.names,
        "place": row.place,
        "kind": row.kind,
        "code": _code(row.url) if row.url else [],
    }


def _code(url: str) -> list[str]:
    rows = segno.make(url, error="m", micro=False).matrix
    return ["".join(str(int(bool(cell))) for cell in row) for row in rows]
