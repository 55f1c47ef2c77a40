"""What is printed for letters that are handed over? Each, and a sheet to sign."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Sequence
from datetime import datetime

from handlers.staff.letters.keeping import Kept, written
from handlers.staff.letters.room import LOCAL, LetterRoom
from messages.documents.handing import Handed, handing_pdf
from messages.documents.letter import form_pdf, letter_pdf
from messages.letters import dates
from messages.letters.facts import place

SHEET = "00-so-giao-nhan.pdf"


def parcel(room: LetterRoom, chosen: Sequence[Kept], console: str) -> bytes:
    """Return a ZIP: the sheet first, then each letter as PDF, in the order given.

    ``console`` is the public address of the console's letters, "" for no codes. File
    names hold register numbers, never names. Raises LetterError, DocumentError.
    """
    made = datetime.combine(room.today(), datetime.min.time(), LOCAL)
    rows = [_line(one, console) for one in chosen]
    day = f"Ngày {dates.written(room.today())}"
    files = {SHEET: handing_pdf(room.office, day, rows, made)}
    for at, one in enumerate(chosen, 1):
        letter = written(room, one)
        name = f"{at:02}-thu-so-{one.row['number']}"
        files[f"{name}.pdf"] = letter_pdf(letter, made=made)
        if letter.form is not None:
            files[f"{name}-mau-04.pdf"] = form_pdf(letter, made=made)
    return _packed(files)


def _line(one: Kept, console: str) -> Handed:
    return Handed(
        number=f"{one.row['number']}/{one.row['year']}",
        names=one.names,
        place=place(one.data),
        kind=one.kind.name,
        url=f"{console}/one/{one.letter_id}" if console else "",
    )


def _packed(files: dict[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as box:
        for name, data in files.items():
            box.writestr(name, data)
    return out.getvalue()
