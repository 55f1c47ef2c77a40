"""How does the dossier become a Word file to add to? It says what the PDF says."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from docx.document import Document as WordDocument
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Pt, RGBColor
from docx.text.run import Run

from messages.documents.word import FONT, blank, packed

HEADS = ("Dòng", "Nội dung", "Cách lấy", "Tình trạng", "Minh chứng", "Điểm")
_MARKS = {"full": "[đủ]", "weak": "[yếu]", "missing": "[thiếu]", "idle": "[không có]"}
_SIZES = {1: 14, 2: 13, 3: 12}


def dossier_docx(data: Mapping[str, Any], made: datetime) -> bytes:
    """Return the dossier as a Word file with a table of contents.

    ``data`` is the same as for the PDF. Word fills the page numbers of the contents
    when it is opened (it asks once); until then the headings stand there.
    """
    document = blank(data["title"], made)
    _styles(document)
    _cover(document, data)
    _heading(document, "MỤC LỤC", 0)
    _contents(document, data)
    _heading(document, "BẢNG TỔNG HỢP", 1)
    items = [one for one in data["sections"] if one["level"] == "item"]
    names = ("number", "brief", "mode_label", "state_label", "count", "score")
    _table(document, HEADS, [[one[name] for name in names] for one in items])
    for one in data["sections"]:
        _section(document, one)
    _heading(document, "DANH SÁCH NỘI DUNG ĐÃ CÔNG KHAI THEO QUÝ", 1)
    for quarter in data["quarters"]:
        _heading(document, quarter["name"], 2)
        head = ("Nội dung", "Hình thức", "Thời gian", "Ghi chú")
        _table(document, head, quarter["rows"])
    _heading(document, "CÁCH KIỂM TRA HỒ SƠ NÀY", 1)
    for text in data["checking"]:
        _plain(document, text)
    return packed(document)


def _styles(document: WordDocument) -> None:
    for level, size in _SIZES.items():
        style = document.styles[f"Heading {level}"]
        style.font.name, style.font.size = FONT, Pt(size)
        style.font.bold, style.font.color.rgb = True, RGBColor(0x1F, 0x3A, 0x5F)
        style.element.rPr.rFonts.set(qn("w:eastAsia"), FONT)
        for name in ("w:asciiTheme", "w:hAnsiTheme", "w:eastAsiaTheme", "w:cstheme"):
            style.element.rPr.rFonts.attrib.pop(qn(name), None)


def _cover(document: WordDocument, data: Mapping[str, Any]) -> None:
    for text in data["agency"]:
        _centred(document, text, 13)
    _centred(document, "", 40)
    _centred(document, "HỒ SƠ MINH CHỨNG", 24)
    _centred(document, data["name"], 17)
    _centred(document, data["period"], 14)
    _centred(document, "", 20)
    point = data["point"]
    _plain(document, f"Tiêu chí theo: {data['document']}")
    _plain(document, f"Số liệu chốt: {point['at']}, {point['size']} mục nhật ký")
    _plain(document, f"Mã gốc: {point['root']}")
    _plain(document, f"Dấu vân tay khóa ký: {point['fingerprint']}")
    for one in data["totals"]:
        _plain(document, f"{one['label']}: {one['count']}")
    for text in data["notes"]:
        _plain(document, text)
    document.add_paragraph().paragraph_format.page_break_before = True


def _contents(document: WordDocument, data: Mapping[str, Any]) -> None:
    """Put Word's own field around the headings, so that it can be renewed there."""
    first = document.add_paragraph()
    for kind, text in (("begin", ""), ("", r'TOC \o "1-2" \h \z \u'), ("separate", "")):
        _field(first.add_run(), kind, text)
    last = first
    for one in data["sections"]:
        if one["level"] == "criterion":
            last = document.add_paragraph(one["title"])
        elif one["level"] == "group":
            last = document.add_paragraph(f"    {one['number']}. {one['title']}")
    _field(last.add_run(), "end", "")
    update = OxmlElement("w:updateFields")
    update.set(qn("w:val"), "true")
    document.settings.element.append(update)


def _field(run: Run, kind: str, text: str) -> None:
    element = OxmlElement("w:fldChar" if kind else "w:instrText")
    if kind:
        element.set(qn("w:fldCharType"), kind)
    else:
        element.text = text
    run._r.append(element)  # noqa: SLF001  python-docx has no word for fields


def _section(document: WordDocument, one: Mapping[str, Any]) -> None:
    if one["level"] == "criterion":
        _heading(document, one["title"], 1)
        return
    level = 2 if one["level"] == "group" else 3
    _heading(document, f"{one['number']}. {one['title']}", level)
    if one["level"] == "group":
        return
    _plain(document, f"{one['state_label']} · {one['mode_label']}", bold=True)
    _plain(document, f"Yêu cầu: {one['product']}")
    for found in one["found"]:
        _plain(
            document,
            f"{_MARKS[found['mark']]} {found['title']}: {found['told']}.",
        )
        if len(found["table"]) > 1:
            _table(document, found["table"][0], found["table"][1:])
    for text in one["lacks"]:
        _plain(document, f"Còn yếu: {text}")
    for text in one["todo"]:
        _plain(document, f"Cách bổ sung: {text}")
    if one["evidence"]:
        head = ("Số", "Minh chứng", "Ngày, số ký hiệu")
        rows = [[e["number"], e["title"], e["about"]] for e in one["evidence"]]
        _table(document, head, rows)


def _table(
    document: WordDocument, head: Sequence[str], rows: Sequence[Sequence[str]]
) -> None:
    if not rows:
        return
    table = document.add_table(rows=len(rows) + 1, cols=len(head))
    table.style = "Table Grid"
    cells = table._cells  # noqa: SLF001  row.cells is quadratic in the rows
    for at, text in enumerate([*head, *(cell for row in rows for cell in row)]):
        run = cells[at].paragraphs[0].add_run(str(text))
        run.font.size, run.bold = Pt(10), at < len(head)
    document.add_paragraph()


def _heading(document: WordDocument, text: str, level: int) -> None:
    if level:
        document.add_heading(text, level)
    else:
        _centred(document, text, 14)


def _plain(document: WordDocument, text: str, *, bold: bool = False) -> None:
    run = document.add_paragraph().add_run(text)
    run.font.size, run.bold = Pt(12), bold


def _centred(document: WordDocument, text: str, size: int) -> None:
    made = document.add_paragraph()
    made.alignment = WD_ALIGN_PARAGRAPH.CENTER
    run = made.add_run(text)
    run.bold, run.font.size = True, Pt(size)
