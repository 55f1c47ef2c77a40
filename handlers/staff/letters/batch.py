"""What is printed for letters that are handed over? Each, and a sheet to sign."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping, Sequence
from datetime import datetime
from types import MappingProxyType

from handlers.staff.letters import genuine
from handlers.staff.letters.keeping import Kept, written
from handlers.staff.letters.room import LOCAL, LetterRoom
from messages.documents.handing import Handed, handing_pdf
from messages.documents.letter import Verify, form_pdf, letter_pdf
from messages.letters import dates
from messages.letters.compose import Letter
from messages.letters.facts import place

Signed = tuple[bytes, bytes | None]

SHEET = "00-so-giao-nhan.pdf"
CONSOLE = "/console/letters"
"""Where staff note that a letter was handed over."""


def parcel(
    room: LetterRoom,
    chosen: Sequence[Kept],
    public_url: str,
    signed: Mapping[str, Signed] = MappingProxyType({}),
) -> bytes:
    """Return a ZIP: the sheet first, then each letter as PDF, in the order given.

    ``public_url`` is ours, "" for no codes; ``signed`` holds the papers (letter, form)
    that were signed digitally, by letter. File names hold register numbers, never
    names. Raises LetterError, DocumentError.
    """
    console = f"{public_url.rstrip('/')}{CONSOLE}" if public_url else ""
    made = datetime.combine(room.today(), datetime.min.time(), LOCAL)
    rows = [_line(one, console) for one in chosen]
    day = f"Ngày {dates.written(room.today())}"
    files = {SHEET: handing_pdf(room.office, day, rows, made)}
    for at, one in enumerate(chosen, 1):
        letter = written(room, one)
        name = f"{at:02}-thu-so-{one.row['number']}"
        pdf, form = signed.get(one.letter_id) or rendered(room, one, letter, public_url)
        files[f"{name}.pdf"] = pdf
        if form is not None:
            files[f"{name}-mau-04.pdf"] = form
    return _packed(files)


def rendered(
    room: LetterRoom, one: Kept, letter: Letter, public_url: str
) -> tuple[bytes, bytes | None]:
    """Return the letter and its form as PDF, dated by their own day."""
    made = datetime.combine(letter.day, datetime.min.time(), LOCAL)
    verify = verify_of(room, one, public_url)
    pdf = letter_pdf(letter, verify=verify, made=made)
    if letter.form is None:
        return pdf, None
    return pdf, form_pdf(letter, verify=verify, made=made)


def verify_of(room: LetterRoom, one: Kept, public_url: str) -> Verify | None:
    """Return the code by which a signed letter can be checked; None before."""
    if not one.signed:
        return None
    keys = room.desk.keys
    url = genuine.address_of(public_url, room.unit_id, keys, one.letter_id)
    return Verify(url) if url else None


def _line(one: Kept, console: str) -> Handed:
    return Handed(
        number=f"{one.row['number']}/{one.row['year']}",
        names=one.names,
        place=place(one.data),
        kind=one.kind.name,
        url=f"{console}/hand/{one.letter_id}" if console else "",
    )


def _packed(files: dict[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as box:
        for name, data in files.items():
            box.writestr(name, data)
    return out.getvalue()
