"""Do the papers of a letter say what the letter says? Read back from the bytes."""

from __future__ import annotations

import ctypes
import io
import struct
import unicodedata
from datetime import UTC, datetime

import pypdfium2  # type: ignore[import-untyped]  # it has no stubs
import pypdfium2.raw as pdfium  # type: ignore[import-untyped]
import pytest
from docx import Document

from messages.documents import letter as papers
from messages.documents.errors import UnprintableError
from messages.documents.letter_word import form_docx, letter_docx
from messages.letters.compose import Letter
from messages.letters.lint.matrix import LONG, MARKUP, SYNTAX, alphabet
from tests.messages.letters.samples import DATA, OWN, OWN_DATA, any_letter, letter

MADE = datetime(2026, 11, 5, tzinfo=UTC)
LETTERS = list(alphabet())
SHORT = [MARKUP, LONG, " ".join(LETTERS[:3]), " ".join(LETTERS[3:])]
HARD = [*SHORT, LONG.upper(), SYNTAX, "W" * 60]
USED = DATA | {OWN.code: OWN_DATA}
ALL = list(USED)
AGE = {"chuc_tho": "70"}
POLITE = ("Ông/Bà ", "Ông ", "Cụ ", "Gia đình Ông/Bà ")


def read(paper: bytes) -> str:
    """Return the text of all pages, line ends as blanks."""
    with pypdfium2.PdfDocument(paper) as document:
        pages = (page.get_textpage().get_text_range() for page in document)
        return " ".join(" ".join(pages).split())


def read_word(paper: bytes) -> str:
    """Return the text of a Word file in the same shape."""
    document = Document(io.BytesIO(paper))
    return " ".join(" ".join(p.text for p in document.paragraphs).split())


def fonts(paper: bytes) -> dict[str, bool]:
    """Return the fonts of a PDF's first page, and whether each is in the file."""
    found = {}
    with pypdfium2.PdfDocument(paper) as document:
        for thing in document[0].get_objects([pdfium.FPDF_PAGEOBJ_TEXT]):
            font = pdfium.FPDFTextObj_GetFont(thing.raw)
            name = ctypes.create_string_buffer(128)
            pdfium.FPDFFont_GetBaseFontName(font, name, 128)
            found[name.value.decode()] = pdfium.FPDFFont_GetIsEmbedded(font) == 1
    return found


@pytest.mark.parametrize("kind", DATA)
def test_every_paper_of_a_kind_says_the_same(kind: str) -> None:
    """PDF, Word copy and plain text hold every line of the letter, on one page."""
    made = letter(kind)
    paper = papers.letter_pdf(made, made=MADE)
    with pypdfium2.PdfDocument(paper) as document:
        assert len(document) == 1

    for text in (read(paper), read_word(letter_docx(made))):
        assert [line for line in made.sheet.lines() if line not in text] == []
        assert made.signature.place_and_day in text
        assert made.signature.name in text
    for line in made.sheet.lines():
        assert line in papers.plain_text(made)


@pytest.mark.parametrize("kind", ALL)
def test_names_come_back_as_they_were(kind: str) -> None:
    """All Vietnamese letters, markup signs, 60 signs, in every kind and its fonts."""
    named = [f.name for f in any_letter(kind).kind.fields.values() if f.type == "name"]
    fields = [name for name in named if name in USED[kind]]
    for name in HARD if kind == "ket_hon" else SHORT:
        made = any_letter(kind, **dict.fromkeys(fields, name))
        typed = unicodedata.normalize("NFD", name)
        assert any_letter(kind, **dict.fromkeys(fields, typed)) == made

        # A word longer than a line must break, and a line's end reads as a blank.
        paper = papers.letter_pdf(made)
        found = read(paper).replace(" ", "")
        assert name.replace(" ", "") in found
        for line in made.sheet.lines():
            assert line.replace(" ", "") in found
        assert all(fonts(paper).values())
    assert all(line in read_word(letter_docx(made)) for line in made.sheet.lines())


@pytest.mark.parametrize("kind", ALL)
def test_nobody_is_addressed_by_a_bare_name(kind: str) -> None:
    """Where no form of address is known every kind finds a polite one."""
    made = any_letter(kind, ong_ba="", gioi_tinh="", tuoi=AGE.get(kind, ""))
    assert made.sheet.salutation.removeprefix("Kính gửi: ").startswith(POLITE)
    assert made.sheet.salutation in read(papers.letter_pdf(made))


def test_the_statutory_form_is_read_back() -> None:
    """Mẫu số 04: the country's name, a place for the number, every line, both ways."""
    made = letter("xin_loi_qua_han")
    assert made.form is not None

    for text in (read(papers.form_pdf(made)), read_word(form_docx(made))):
        assert "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM" in text
        assert "Độc lập - Tự do - Hạnh phúc" in text
        assert "/UBND" in text
        assert [line for line in made.form.lines() if line not in text] == []


def test_fonts_are_ours_and_inside() -> None:
    """Nothing is left to the fonts of whoever opens the paper; it says PDF/A-2b."""
    paper = papers.letter_pdf(letter("chuc_tho"))

    assert all("LiberationSerif" in name for name in fonts(paper))
    assert fonts(paper)
    assert all(fonts(paper).values())
    assert b"<pdfaid:part>2</pdfaid:part>" in paper


@pytest.mark.parametrize("kind", ["ket_hon", "xin_loi_qua_han"])
def test_the_same_letter_is_the_same_bytes(kind: str) -> None:
    """Same data and date: same PDF, picture and Word file."""

    def once(made: Letter) -> tuple[bytes, ...]:
        pdf = papers.letter_pdf(made, made=MADE)
        return pdf, papers.card_png(made), letter_docx(made, made=MADE)

    assert once(letter(kind)) == once(letter(kind))


@pytest.mark.parametrize("kind", DATA)
def test_a_card_fits_the_screen(kind: str) -> None:
    """A PNG of 1080 × 1350, even with the longest name."""
    name = {"chong": LONG, "vo": LONG, "bo": LONG, "ten": LONG, "nguoi_mat": LONG}
    used = {key: value for key, value in name.items() if key in DATA[kind]}
    picture = papers.card_png(letter(kind, **used))

    assert picture.startswith(b"\x89PNG")
    assert struct.unpack(">II", picture[16:24]) == (1080, 1350)


def test_a_long_letter_goes_on_with_a_numbered_page() -> None:
    """What does not fit a small page even set closer runs on; page 2 is numbered."""
    much = "rất nhiều việc tốt " * 30
    made = letter("cam_on", ket_qua_cu_the=much, dong_gop_cu_the=much, dia_chi=much)
    paper = papers.letter_pdf(made, paper="a5")

    with pypdfium2.PdfDocument(paper) as document:
        assert len(document) == 2
        second = document[1].get_textpage().get_text_range()
    assert second.split()[0] == "2"
    assert "Vũ Thị Ký" in second


def test_a_code_to_verify_is_drawn() -> None:
    """The QR changes the paper and its words stand beside it."""
    made = letter("cam_on")
    verify = papers.Verify("https://xa.example/thu/AB12", "Quét mã để kiểm tra.")

    assert "Quét mã để kiểm tra." in read(papers.letter_pdf(made, verify=verify))


def test_a_sign_without_a_letter_is_named() -> None:
    """A picture in a name cannot be printed; the sentence shows which."""
    with pytest.raises(UnprintableError, match="🎉"):
        papers.letter_pdf(letter("ket_hon", vo="Lê Thị 🎉 Bình"))
