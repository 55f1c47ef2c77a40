"""Does a record of the national portal become facts, or a reason?"""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handlers.staff.catalogue import national
from handlers.staff.catalogue.model import Rejection, canonical
from handlers.staff.catalogue.portal_text import decision
from messages.procedure import Procedure
from tests.handlers.staff.catalogue.records import AS_OF, PAPERS, lines, portal


def read(*records: Any) -> tuple[list[str], list[Rejection]]:
    """Return the codes taken and the rows refused."""
    numbered = enumerate(lines(*records).encode().splitlines(), start=1)
    batch = national.batch("t", numbered, AS_OF)
    return [row.code for row in batch.rows], list(batch.rejections)


def test_a_commune_record_keeps_its_facts() -> None:
    """Facts of a procedure the commune takes part in are all there."""
    found = national.fields(portal(), AS_OF)

    assert found == {
        "code": "1.000001",
        "name": "Thủ tục thử nghiệm cái cân",
        "field": "Đo lường",
        "levels": ["xa", "bo"],
        "authority": "Cơ quan cấp xã, cấp bộ",
        "summary": "Đối tượng thực hiện: Công dân Việt Nam.",
        "papers": [{"name": "Đơn đề nghị", "form": "Mẫu 01"}],
        "steps": ["Bước 1: Nộp", "Bước 2: Chờ", "Bước 3: Nhận"],
        "fee": {
            "text": "Cổng Dịch vụ công hiển thị miễn phí; xin hỏi lại tại quầy",
            "sure": False,
        },
        "time": {"text": "3 ngày làm việc", "days": 3.0, "unit": "working_day"},
        "online": {"available": True},
        "result": ["Giấy cân"],
        "legal": [{"number": "12/2020/QH14"}],
        "announcement": {"number": "12/QĐ-BTP"},
        "source": {
            "name": "Cổng Dịch vụ công quốc gia",
            "as_of": "2026-07-01",
            "url": "https://dichvucong.gov.vn/thu-tuc-hanh-chinh/abc",
        },
        "doubts": ["Cổng không ghi cơ quan thực hiện."],
    }
    assert Procedure.model_validate(found).is_commune


def test_another_level_keeps_only_where_to_go() -> None:
    """What the commune does not do is kept small: name, place, address."""
    found = national.fields(
        portal(cap_thuc_hien="Cấp tỉnh", co_quan_thuc_hien="Sở Đo lường"), AS_OF
    )

    assert set(found) == {"code", "name", "field", "levels", "authority", "source"}
    assert found["authority"] == "Sở Đo lường"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Cấp xã", ["xa"]),
        ("Cấp bộ, Cấp tỉnh, Cấp xã, Cơ quan khác", ["xa", "tinh", "bo", "khac"]),
        ("Cơ quan khác", ["khac"]),
    ],
)
def test_levels(text: str, expected: list[str]) -> None:
    """The list of levels is read whole."""
    assert national.levels(text) == expected


def test_bad_lines_are_refused_with_number_and_reason_and_the_rest_is_read() -> None:
    """One bad line never stops the others."""
    codes, refused = read(
        portal("1.000001"),
        '{"ma_thu_tuc": ',
        "[]",
        portal(""),
        portal("1.000002", ten_thu_tuc=" "),
        portal("1.000003", cap_thuc_hien="Cấp huyện"),
        portal("1.000004", cap_thuc_hien=""),
        portal("mã lạ"),
        portal("1.000001"),
        portal("1.000005"),
    )

    assert codes == ["1.000001", "1.000005"]
    assert [(r.number, r.code, r.reason) for r in refused] == [
        (2, "", "không phải một dòng JSON đúng"),
        (3, "", "không phải một đối tượng JSON"),
        (4, "", "thiếu mã thủ tục"),
        (5, "1.000002", "thiếu tên thủ tục"),
        (6, "1.000003", "cấp thực hiện lạ: Cấp huyện"),
        (7, "1.000004", "thiếu cấp thực hiện"),
        (
            8,
            "mã lạ",
            "mã thủ tục chỉ gồm chữ không dấu, số và . - _ / (tối đa 40 ký tự)",
        ),
        (9, "1.000001", "trùng mã với dòng 1"),
    ]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("163/QĐ-BTP", "163/QĐ-BTP"),
        ("QĐ2338-BTP", "2338/QĐ-BTP"),
        ("2267./QD-BXD", "2267/QĐ-BXD"),
        ("SỐ 64/QĐ-NHNN", "64/QĐ-NHNN"),
        ("5710/QĐ-BCA-C06", "5710/QĐ-BCA-C06"),
        ("QĐ/0001-BCA", ""),
        ("Demo/QĐ-BCA", ""),
        ("1681", ""),
    ],
)
def test_numbers_of_decisions(text: str, expected: str) -> None:
    """A decision is told in one form; a stand-in is not told at all."""
    assert decision(text) == expected


def test_a_procedure_of_another_province_is_marked_for_staff() -> None:
    """A decision of a provincial committee may not hold here."""
    found = national.fields(portal(so_quyet_dinh="14/QĐ-UBND"), AS_OF)

    assert "Do một tỉnh, thành phố công bố" in " ".join(found["doubts"])


def test_links_that_are_not_web_addresses_are_dropped() -> None:
    """A script never becomes the link of a source."""
    found = national.fields(portal(detail_url="javascript:alert(1)"), AS_OF)

    assert "url" not in found["source"]


def test_a_huge_record_is_made_compact_and_says_so() -> None:
    """A record stays small; papers that did not fit are told to staff."""
    paper = "Giấy rất dài " + "chữ " * 60 + "hết;1 bản chính"
    record = portal(
        thanh_phan_ho_so=f"{'Trường hợp dài ' * 12}{PAPERS}{paper * 40}",
        trinh_tu_thuc_hien="Bước 1: " + "đi " * 900,
        yeu_cau_dieu_kien="phải " * 900,
    )
    found = national.fields(record, AS_OF)

    assert len(canonical(found).encode()) <= national.MAX_RECORD
    assert any("giấy tờ" in doubt for doubt in found["doubts"])
    assert found["papers"]


@given(
    st.dictionaries(
        st.sampled_from(sorted(portal())),
        st.text(max_size=60) | st.none() | st.integers() | st.just("Cấp xã"),
    )
)
def test_any_record_becomes_fields_or_a_reason(changes: dict[str, Any]) -> None:
    """No record of any shape stops the import otherwise."""
    codes, refused = read(portal() | changes)

    assert len(codes) + len(refused) == 1
    assert all(r.reason for r in refused)
