"""How do paragraphs become a Word file that people may still change?

Generic: whoever has paragraphs gets bytes. A4, margins and page number as in Nghị định
30/2020/NĐ-CP, Phụ lục I; the font is named, not embedded, as is usual for this format.
"""

from __future__ import annotations

import io
import re
import threading
import zipfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from typing import cast

from docx import Document
from docx.document import Document as WordDocument
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_TAB_ALIGNMENT, WD_TAB_LEADER
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Cm, Pt
from docx.text.paragraph import Paragraph as WordParagraph
from docx.text.run import Run

FONT = "Times New Roman"
SIZE = 14.0
TEXT_CM = 16.0
"""Between the margins: 21 cm less 3 on the left and 2 on the right."""
_FIRST_DAY = (1980, 1, 1, 0, 0, 0)
"""Of the ZIP format; a fixed day makes the same data the same bytes."""
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
"""What XML 1.0 cannot hold."""


_OWN = threading.local()


class Align(StrEnum):
    """Where a paragraph stands between its margins."""

    LEFT = "left"
    CENTER = "center"
    RIGHT = "right"
    BOTH = "both"


@dataclass(frozen=True, slots=True)
class Paragraph:
    """One paragraph; a line break in ``text`` begins a new line of it.

    ``size`` is in points, ``indent`` (first line) and ``left`` in cm, ``before`` in
    points. ``dots``: the rest of the line is dotted, to be written on. ``together``:
    on one page with the next.
    """

    text: str = ""
    align: Align = Align.LEFT
    size: float = SIZE
    bold: bool = False
    italic: bool = False
    underline: bool = False
    indent: float = 0.0
    left: float = 0.0
    before: float = 0.0
    dots: bool = False
    together: bool = False


def docx(
    paragraphs: Sequence[Paragraph], *, title: str, made: datetime | None = None
) -> bytes:
    """Return a Word file; ``made`` (aware) is its date.

    The same paragraphs, title and date give the same bytes.
    """
    document = _empty()
    _properties(document, title, made or datetime(2026, 1, 1, tzinfo=UTC))
    for one in paragraphs:
        _paragraph(document, one)
    try:
        return packed(document)
    finally:
        _empty()  # nobody's words stay behind


def _empty() -> WordDocument:
    """Return this thread's paper, emptied.

    A new one for each letter is a ring of objects that holds whole XML trees, which the
    garbage collector, who counts objects, leaves lying for long.
    """
    found = getattr(_OWN, "paper", None)
    if found is None:
        found = _OWN.paper = blank("")
    body = found.element.body
    for child in list(body):
        if child.tag != qn("w:sectPr"):
            body.remove(child)
    return cast(WordDocument, found)


def blank(title: str, made: datetime | None = None) -> WordDocument:
    """Return an empty paper with our page, font and page numbers."""
    document = Document()
    _page(document)
    _properties(document, title, made or datetime(2026, 1, 1, tzinfo=UTC))
    return document


def packed(document: WordDocument) -> bytes:
    """Return the bytes of a paper, the same for the same paper."""
    raw = io.BytesIO()
    document.save(raw)
    return still(raw.getvalue())


def _page(document: WordDocument) -> None:
    section = document.sections[0]
    section.page_width, section.page_height = Cm(21.0), Cm(29.7)
    section.left_margin, section.right_margin = Cm(3), Cm(2)
    section.top_margin = section.bottom_margin = Cm(2)
    section.different_first_page_header_footer = True
    header = section.header.paragraphs[0]
    header.alignment = WD_ALIGN_PARAGRAPH.CENTER
    _number(header.add_run())
    normal = document.styles["Normal"]
    normal.font.name, normal.font.size = FONT, Pt(SIZE)
    normal.element.rPr.rFonts.set(qn("w:eastAsia"), FONT)


def _number(run: Run) -> None:
    """Put the field that Word fills with the number of the page."""
    for kind, text in (("begin", ""), ("", "PAGE"), ("end", "")):
        element = OxmlElement("w:fldChar" if kind else "w:instrText")
        if kind:
            element.set(qn("w:fldCharType"), kind)
        else:
            element.text = text
        run._r.append(element)  # noqa: SLF001  python-docx has no word for fields


def _properties(document: WordDocument, title: str, made: datetime) -> None:
    """Name the paper; who wrote it and on which program is nobody's business."""
    properties = document.core_properties
    at = made.astimezone(UTC).replace(tzinfo=None, microsecond=0)
    properties.title, properties.author, properties.comments = title, "", ""
    properties.created = properties.modified = at
    properties.language = "vi-VN"


def _paragraph(document: WordDocument, one: Paragraph) -> None:
    made = document.add_paragraph()
    made.alignment = _ALIGNED[one.align]
    style = made.paragraph_format
    style.space_before, style.space_after = Pt(one.before), Pt(3)
    style.line_spacing = 1.15
    style.first_line_indent, style.left_indent = Cm(one.indent), Cm(one.left)
    style.keep_with_next = one.together
    run = made.add_run(_CONTROL.sub("", one.text))
    run.bold, run.italic, run.underline = one.bold, one.italic, one.underline
    run.font.size = Pt(one.size)
    if one.dots:
        _dotted(made)


def _dotted(made: WordParagraph) -> None:
    stops = made.paragraph_format.tab_stops
    stops.add_tab_stop(Cm(TEXT_CM), WD_TAB_ALIGNMENT.RIGHT, WD_TAB_LEADER.DOTS)
    made.add_run("\t")


def still(raw: bytes) -> bytes:
    """Return the same archive without the clock of this machine in it."""
    out = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(raw)) as source,
        zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as target,
    ):
        for name in source.namelist():
            entry = zipfile.ZipInfo(name, _FIRST_DAY)
            entry.compress_type = zipfile.ZIP_DEFLATED
            target.writestr(entry, source.read(name))
    return out.getvalue()


_ALIGNED: Mapping[Align, WD_ALIGN_PARAGRAPH] = {
    Align.LEFT: WD_ALIGN_PARAGRAPH.LEFT,
    Align.CENTER: WD_ALIGN_PARAGRAPH.CENTER,
    Align.RIGHT: WD_ALIGN_PARAGRAPH.RIGHT,
    Align.BOTH: WD_ALIGN_PARAGRAPH.JUSTIFY,
}
