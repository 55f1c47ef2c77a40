"""How does a letter become a Word file to change by hand? It says what the PDF says."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from messages.documents.letter import COPIES
from messages.documents.word import Align, Paragraph, docx
from messages.letters.compose import Letter, Sheet

COUNTRY = ("CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", "Độc lập - Tự do - Hạnh phúc")
INDENT = 1.0
SIGNED_FROM = 7.5
"""Centimetres from the left margin at which the signature's column begins."""


def letter_docx(letter: Letter, *, made: datetime | None = None) -> bytes:
    """Return the letter as a Word file; ``made`` (aware) is its date."""
    lines = (*_head(letter), *_body(letter.sheet, 16), *_foot(letter))
    return docx(lines, title=letter.sheet.title, made=made)


def form_docx(letter: Letter, *, made: datetime | None = None) -> bytes:
    """Return the statutory form (Mẫu số 04) as a Word file."""
    assert letter.form is not None, letter.kind.code  # noqa: S101
    lines = (
        *(_centred(line, 13) for line in COUNTRY),
        *_head(letter, is_numbered=True),
        *_body(letter.form, 14),
        *_signed(letter.form_authority, letter.signature.name),
        Paragraph("Nơi nhận:", size=12, bold=True, italic=True),
        *(Paragraph(f"- {line}", size=11) for line in COPIES),
    )
    return docx(lines, title=letter.form.title, made=made)


def _head(letter: Letter, *, is_numbered: bool = False) -> Iterator[Paragraph]:
    yield from (_centred(line, 13) for line in letter.office.heading)
    number = letter.signature.number or ("……/UBND" if is_numbered else "")
    if number:
        yield Paragraph(f"Số: {number}", Align.CENTER, 13)
    yield Paragraph(
        letter.signature.place_and_day, Align.RIGHT, 13, italic=True, before=6
    )


def _body(sheet: Sheet, title_size: float) -> Iterator[Paragraph]:
    yield Paragraph(sheet.title, Align.CENTER, title_size, bold=True, before=14)
    yield Paragraph(sheet.salutation, Align.CENTER, bold=True, before=8)
    for text in sheet.body:
        yield Paragraph(text, Align.BOTH, indent=INDENT, before=3)
    yield Paragraph(sheet.close, indent=INDENT, italic=True, bold=True, before=3)


def _foot(letter: Letter) -> Iterator[Paragraph]:
    yield from _signed(letter.signature.authority, letter.signature.name)


def _signed(authority: tuple[str, ...], name: str) -> Iterator[Paragraph]:
    for line in authority:
        yield Paragraph(
            line, Align.CENTER, bold=True, left=SIGNED_FROM, before=6, together=True
        )
    if name:
        yield Paragraph(name, Align.CENTER, bold=True, left=SIGNED_FROM, before=62)


def _centred(text: str, size: float) -> Paragraph:
    return Paragraph(text, Align.CENTER, size, bold=True)
