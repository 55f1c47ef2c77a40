"""Does a Word file hold the paragraphs it was given, and nothing of this machine?"""

from __future__ import annotations

import io
import zipfile
from datetime import UTC, datetime

from docx import Document
from docx.enum.text import WD_ALIGN_PARAGRAPH

from messages.documents.word import Align, Paragraph, docx

MADE = datetime(2026, 11, 25, 3, 0, tzinfo=UTC)
PARAGRAPHS = [
    Paragraph("Thư mời <&> “ướm”", Align.CENTER, size=16, bold=True),
    Paragraph("dòng một\ndòng hai", Align.BOTH, italic=True, indent=1),
    Paragraph("Họ tên: ", dots=True),
    Paragraph("a\x00b\x1bc", Align.RIGHT),
]


def test_the_paragraphs_read_back() -> None:
    """Text, place and weight are there; what XML cannot hold is left out."""
    read = Document(io.BytesIO(docx(PARAGRAPHS, title="Thư", made=MADE))).paragraphs

    assert [one.text for one in read] == [
        "Thư mời <&> “ướm”",
        "dòng một\ndòng hai",
        "Họ tên: \t",
        "abc",
    ]
    assert read[0].alignment == WD_ALIGN_PARAGRAPH.CENTER
    assert read[0].runs[0].bold
    assert read[1].runs[0].italic
    assert read[2].paragraph_format.tab_stops[0].leader is not None


def test_nothing_of_the_maker_is_in_it() -> None:
    """No author, no clock of ours: the same paragraphs give the same bytes."""
    first = docx(PARAGRAPHS, title="Thư", made=MADE)
    properties = Document(io.BytesIO(first)).core_properties

    assert first == docx(PARAGRAPHS, title="Thư", made=MADE)
    assert (properties.title, properties.author, properties.comments) == ("Thư", "", "")
    assert properties.created == datetime(2026, 11, 25, 3, 0, tzinfo=UTC)
    assert zipfile.ZipFile(io.BytesIO(first)).testzip() is None
