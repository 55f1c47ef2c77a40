"""How does a written complaint become PDF and Word?"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import asdict
from datetime import datetime

from messages.documents import typeset, word
from messages.documents.errors import DocumentError
from messages.documents.word import Align, Paragraph
from messages.petitions.complaint import DOTS, TITLE, Block, Complaint, blocks

LAYOUT = "complaint"


def pdf(told: Complaint, made: datetime | None = None) -> bytes:
    """Return the paper as PDF/A; raises DocumentError.

    Letters that our font lacks (Chinese, say) forbid PDF/A: then it is a plain PDF.
    """
    data = {"title": TITLE, "blocks": [asdict(one) for one in blocks(told)]}
    try:
        return typeset.pdf(LAYOUT, data, made=made)
    except DocumentError:
        return typeset.pdf(LAYOUT, data, made=made, standard=None)


def docx(told: Complaint, made: datetime | None = None) -> bytes:
    """Return the paper as a Word file, to be changed before it is signed."""
    return word.docx(list(paragraphs(told)), title=TITLE, made=made)


def paragraphs(told: Complaint) -> Iterator[Paragraph]:
    """Yield the paragraphs of the Word file."""
    for one in blocks(told):
        yield from _PARAGRAPHS.get(one.style, _lines)(one)


def _nation(one: Block) -> Iterator[Paragraph]:
    yield Paragraph(one.text, Align.CENTER, size=13, bold=True)


def _motto(one: Block) -> Iterator[Paragraph]:
    yield Paragraph(one.text, Align.CENTER, bold=True, underline=True)


def _place(one: Block) -> Iterator[Paragraph]:
    yield Paragraph(one.text, Align.RIGHT, italic=True, before=6)


def _title(one: Block) -> Iterator[Paragraph]:
    yield Paragraph(one.text, Align.CENTER, size=16, bold=True, before=16)


def _to(one: Block) -> Iterator[Paragraph]:
    said = f"{one.label}: {one.text or DOTS}"
    yield Paragraph(said, Align.CENTER, before=4)


def _field(one: Block) -> Iterator[Paragraph]:
    if one.text:
        yield Paragraph(f"{one.label}: {one.text}", Align.BOTH)
    else:
        yield Paragraph(f"{one.label}: ", dots=True)


def _part(one: Block) -> Iterator[Paragraph]:
    yield Paragraph(f"{one.label}:", bold=True, before=6, together=True)
    if not one.text:
        yield from (Paragraph(dots=True) for _ in range(one.lines))
    yield from _lines(one)


def _lines(one: Block) -> Iterator[Paragraph]:
    for line in filter(None, one.text.split("\n")):
        yield Paragraph(line, Align.BOTH, indent=1)


def _signature(one: Block) -> Iterator[Paragraph]:
    where = {"align": Align.CENTER, "left": 8.2, "together": True}
    yield Paragraph(one.label, **where, bold=True, before=18)  # type: ignore[arg-type]  # of these three names
    yield Paragraph(one.note, **where, italic=True)  # type: ignore[arg-type]  # as above
    yield from (Paragraph("", **where) for _ in range(4))  # type: ignore[arg-type]  # as above
    yield Paragraph(one.text, Align.CENTER, left=8.2, bold=True)


_PARAGRAPHS: Mapping[str, Callable[[Block], Iterator[Paragraph]]] = {
    "nation": _nation,
    "motto": _motto,
    "place": _place,
    "title": _title,
    "to": _to,
    "field": _field,
    "part": _part,
    "signature": _signature,
}
