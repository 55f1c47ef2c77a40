"""Does the paper of a complaint say what was told, in each of its three forms?"""

from __future__ import annotations

import io
import re
import unicodedata
from dataclasses import asdict, replace
from dataclasses import fields as fields_of
from datetime import UTC, datetime

import pypdfium2  # type: ignore[import-untyped]  # it has no stubs
import pytest
from docx import Document
from hypothesis import given, settings
from hypothesis import strategies as st

from messages.petitions import complaint, files
from messages.petitions.complaint import Complaint

MADE = datetime(2026, 11, 25, 3, 0, tzinfo=UTC)
VOWELS = "aăâeêioôơuưy"
MARKS = "\u0300\u0301\u0303\u0309\u0323"
LETTERS = unicodedata.normalize(
    "NFC",
    " ".join(f"{v}{''.join(f' {v}{m}' for m in MARKS)}" for v in VOWELS) + " đ",
)
HOSTILE = r"Phòng <b>A & B</b> #let $x$ *đậm* _nghiêng_ @ai \n [x] {y} `z` // ~"
WHOLE = Complaint(
    addressee="Chủ tịch Ủy ban nhân dân xã Mẫu",
    place="Mẫu",
    written_on="05/02/2027",
    name="Đoàn Thị Huỳnh Ngọc Ưỡng",
    address="thôn Bãi, xã Mẫu",
    phone="0912345678",
    accused=HOSTILE,
    accused_address="trụ sở xã",
    what=f"Việc thứ nhất: {LETTERS}.\nViệc thứ hai: {LETTERS.upper()}.",
    reason="Lý do của tôi.",
    demand="Xem lại quyết định.",
    papers="Bản sao quyết định\n- Giấy hẹn",
)


def read_pdf(raw: bytes) -> str:
    """Return the text of all pages with single blanks."""
    pages = pypdfium2.PdfDocument(raw)
    text = " ".join(page.get_textpage().get_text_range() for page in pages)
    return " ".join(unicodedata.normalize("NFC", text).split())


def read_word(raw: bytes) -> str:
    """Return the text of all paragraphs with single blanks."""
    paragraphs = Document(io.BytesIO(raw)).paragraphs
    return " ".join(" ".join(one.text for one in paragraphs).split())


def test_the_pdf_reads_back_what_was_told() -> None:
    """Every letter of the language and every sign of markup stands there literally."""
    text = read_pdf(files.pdf(WHOLE, MADE))

    for name, told in asdict(WHOLE).items():
        for line in told.replace("- ", "").split("\n"):
            expected = "ngày 05 tháng 02 năm 2027" if name == "written_on" else line
            assert " ".join(expected.split()) in text, name
    assert "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM" in text
    assert "(Ký tên hoặc điểm chỉ, ghi rõ họ tên)" in text


@pytest.mark.parametrize(
    "told", [WHOLE, replace(WHOLE, phone="", papers="", addressee="")]
)
def test_word_and_plain_text_say_the_same(told: Complaint) -> None:
    """The three forms differ in their dots alone."""
    undotted = re.compile(r"[.…\s]+")
    forms = (
        read_pdf(files.pdf(told, MADE)),
        read_word(files.docx(told, MADE)),
        complaint.text(told),
    )

    assert len({undotted.sub("", form) for form in forms}) == 1


def test_what_is_missing_is_a_dotted_line() -> None:
    """An empty paper has every label with room to write, and no None."""
    text = complaint.text(Complaint())

    for label in ("Họ và tên", "Địa chỉ", "Nội dung", "Lý do", "Yêu cầu", "Tài liệu"):
        assert re.search(rf"{label}[^:]*:\s…", text)
    assert "ngày …… tháng …… năm" in text
    assert "None" not in read_pdf(files.pdf(Complaint()))


def test_a_long_story_runs_over_pages_with_numbers() -> None:
    """The second page has its number; nothing is cut off."""
    long = replace(WHOLE, what="\n".join(f"Điều {n}: rất dài. " * 8 for n in range(40)))
    pages = pypdfium2.PdfDocument(files.pdf(long, MADE))

    assert len(pages) > 2
    assert pages[1].get_textpage().get_text_range().startswith("2")
    assert "Điều 39" in read_pdf(files.pdf(long, MADE))
    word = Document(io.BytesIO(files.docx(long, MADE)))
    assert "PAGE" in word.sections[0].header._element.xml


def test_the_same_words_and_day_give_the_same_bytes() -> None:
    """Nothing of this machine or this moment gets into the files."""
    assert files.pdf(WHOLE, MADE) == files.pdf(WHOLE, MADE)
    assert files.docx(WHOLE, MADE) == files.docx(WHOLE, MADE)


@pytest.mark.parametrize(
    "odd", ["khổ quá 😭🏽", "名前 của tôi", "a\x00b\u202ec\ud800d"]
)
def test_signs_that_our_font_lacks_do_not_stop_the_paper(odd: str) -> None:
    """Pictures go; letters of other scripts stay, if only in Word."""
    told = replace(WHOLE, what=odd)

    assert "Lý do của tôi." in read_pdf(files.pdf(told, MADE))
    assert "😭" not in read_word(files.docx(told, MADE))
    if "名前" in odd:
        assert "名前" in read_word(files.docx(told, MADE))


@pytest.mark.parametrize(
    ("day", "said"),
    [
        ("05/02/2027", "ngày 05 tháng 02 năm 2027"),
        ("25/11/2026", "ngày 25 tháng 11 năm 2026"),
        ("3/3/2027", "ngày 03 tháng 3 năm 2027"),
        ("31/02/2027", "ngày …… tháng …… năm ………"),
        ("", "ngày …… tháng …… năm ………"),
    ],
)
def test_days_are_written_as_the_decree_says(day: str, said: str) -> None:
    """Zeros before days below ten and months one and two; no day is invented."""
    assert complaint.dated(day) == said


@settings(max_examples=15)
@given(st.text(max_size=60), st.sampled_from([f.name for f in fields_of(Complaint)]))
def test_no_word_breaks_a_paper(told: str, name: str) -> None:
    """Whatever people write, all three forms are made."""
    one = replace(WHOLE, **{name: told})

    assert files.pdf(one, MADE).startswith(b"%PDF")
    assert files.docx(one, MADE).startswith(b"PK")
    assert complaint.text(one)
