"""Are the portal's run-together lists parted at the right seams?"""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handlers.staff.catalogue import portal_lists as portal
from tests.handlers.staff.catalogue.records import PAPERS


def test_papers_with_counts_forms_and_cases() -> None:
    """Each paper has its counts, its form and the case it belongs to."""
    text = (
        f"a) Nộp tại quầy:{PAPERS}Đơn đề nghị theo mẫu;Mẫu số 01.docx1 bản chính"
        "Bản đồ0 bản chính,2 bản saoThẻ1 bản sao"
        f"b) Nộp qua mạng:{PAPERS}Ảnh1 bản chính"
    )

    assert portal.papers(text) == (
        [
            {
                "name": "Đơn đề nghị theo mẫu",
                "form": "Mẫu số 01",
                "when": "a) Nộp tại quầy",
            },
            {"name": "Bản đồ", "original": 0, "copies": 2, "when": "a) Nộp tại quầy"},
            {"name": "Thẻ", "original": 0, "copies": 1, "when": "a) Nộp tại quầy"},
            {"name": "Ảnh", "when": "b) Nộp qua mạng"},
        ],
        0,
    )


def test_counts_in_a_sentence_do_not_part_it() -> None:
    """A count after a blank, as in "nộp 02 bản chính", is part of the name."""
    text = f"--{PAPERS}Nộp 02 bản chính tờ khai (01 bản chính) theo mẫu0 bản chính"

    assert portal.papers(text)[0] == [
        {"name": "Nộp 02 bản chính tờ khai (01 bản chính) theo mẫu", "original": 0}
    ]


def test_a_year_glued_to_the_count_stays_in_the_name() -> None:
    """The count is one digit; what stands before it belongs to the name."""
    text = f"--{PAPERS}Báo cáo năm 20241 bản chínhMẫu BM.01.031 bản chính"

    assert [p["name"] for p in portal.papers(text)[0]] == [
        "Báo cáo năm 2024",
        "Mẫu BM.01.03",
    ]


def test_remarks_are_not_papers_and_long_lists_are_counted() -> None:
    """The section of remarks is left out; what is cut off is counted."""
    many = "".join(f"Giấy số thứ {chr(97 + n)}1 bản chính" for n in range(20))

    assert portal.papers(f"Lưu ý:{PAPERS}Nhớ mang bút0 bản chính") == ([], 0)
    assert portal.papers(f"--{PAPERS}{many}")[1] == 6


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("Đơn theo Phụ lục IIIMau don.pdf", ("Đơn theo Phụ lục III", "Mau don")),
        ("Tờ khai (mẫu X);Tờ khai.doc", ("Tờ khai (mẫu X);", "Tờ khai")),
        (
            "Đơn;Mẫu ĐƠN NGHỊ ĐỊNH DƯỚI NƯỚC.docx",
            ("Đơn;", "Mẫu ĐƠN NGHỊ ĐỊNH DƯỚI NƯỚC"),
        ),
        ("don khong ro.docx", ("don khong ro", "")),
    ],
)
def test_form_file_is_parted_from_the_name(
    name: str, expected: tuple[str, str]
) -> None:
    """A form's file name begins where a capital follows without a blank."""
    plain, form = portal._split_form(name)

    assert (plain, form) == expected


def test_laws_are_told_once_and_glued_numbers_are_left_out() -> None:
    """A number repeated behind its title counts once; an unclear one is dropped."""
    text = (
        "Luật 51/2005/QH1151/2005/QH11Nghị định123/2020/NĐ-CPThông tư "
        "08/2025/TT-BTPLuật giai đoạn 2026-203016/2026/QĐ-UBND nghị quyết"
        "66.7/2025/NQ-CP"
    )

    assert [law["number"] for law in portal.laws(text)] == [
        "51/2005/QH11",
        "123/2020/NĐ-CP",
        "08/2025/TT-BTP",
        "66.7/2025/NQ-CP",
    ]


def test_results_and_steps() -> None:
    """Results end at their codes; steps begin at "Bước"; the rest is dropped."""
    results = "Giấy AMã: KQ.G10.000910Văn bản BMã: KQ-G17.000006Từ khóaKhông"

    assert portal.results(results) == ["Giấy A", "Văn bản B"]
    assert portal.steps("Mở đầu. Bước 1: Nộp. Bước 2: Nhận.") == [
        "Bước 1: Nộp",
        "Bước 2: Nhận",
    ]
    assert portal.steps("Cứ nộp rồi nhận.") == []


PIECES = st.sampled_from(
    [PAPERS, "1 bản chính", ",2 bản sao", "Đơn", ".docx", "31 bản sao", " ", "12/2020/"]
)


@given(st.lists(PIECES, max_size=25).map("".join) | st.text(max_size=80))
def test_any_text_is_survived(text: str) -> None:
    """Whatever stands in a list, papers have names and counts a schema takes."""
    papers, more = portal.papers(text)

    assert more >= 0
    assert all(p["name"] and 0 <= p.get("copies", 0) <= 20 for p in papers)
    assert all(0 <= p.get("original", 1) <= 9 for p in papers)
    assert isinstance(portal.laws(text), list)
