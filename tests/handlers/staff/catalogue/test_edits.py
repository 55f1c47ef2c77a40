"""Is only what differs kept as a commune's own edit?"""

from __future__ import annotations

from typing import Any

import pytest

from handlers.staff.catalogue.edits import own
from handlers.staff.catalogue.validate import RowError
from tests.handlers.staff.catalogue.records import ours

CODE = "1.000001"
UNDER = ours(
    fee={"text": "5.000 đồng", "sure": False},
    aliases=["cân"],
    papers=[{"name": "Đơn"}],
)
DEFAULTS = {"levels": ["xa"], "authority": "UBND xã", "field": "Khác"} | {
    "source": {"name": "Xã", "as_of": "2026-11-23"}
}


def edit(given: dict[str, Any], earlier: dict[str, Any] | None = None) -> Any:
    """Return the own fields after an edit of the known procedure."""
    return own({"code": CODE, **given}, earlier or {}, UNDER, DEFAULTS)


@pytest.mark.parametrize(
    "given",
    [
        {"name": "Thử cân", "papers": [{"name": "Đơn", "original": 1}]},
        {"fee": {"text": "5.000 đồng"}},
        {"aliases": ["cân"], "examples": []},
        {"confidence": "medium", "core": False, "summary": None},
    ],
)
def test_what_is_already_so_is_no_edit(given: dict[str, Any]) -> None:
    """A value that stands below, or the schema's default, is not kept as own."""
    assert edit(given) is None


def test_only_the_difference_is_kept() -> None:
    """One changed field leaves the others to the layers below."""
    found = edit({"name": "Thử cân", "place": "Quầy số 2", "aliases": ["cân", "đo"]})

    assert found == {"code": CODE, "place": "Quầy số 2", "aliases": ["đo"]}


def test_a_fee_can_be_confirmed_as_it_stands() -> None:
    """Saying "sure" of the same text is an edit: the commune vouches for it."""
    assert edit({"fee": {"text": "5.000 đồng", "sure": True}}) == {
        "code": CODE,
        "fee": {"text": "5.000 đồng"},
    }


def test_a_value_can_be_cleared() -> None:
    """An empty value in our own form takes away what stands below."""
    assert edit({"papers": [], "fee": None}) == {
        "code": CODE,
        "papers": [],
        "fee": None,
    }


def test_earlier_edits_stay_field_by_field() -> None:
    """A later file adds to earlier edits and forgets none of them."""
    earlier = {"code": CODE, "place": "Quầy 1", "aliases": ["đo"]}

    assert edit({"desk": "Một cửa", "aliases": ["thử"]}, earlier) == {
        "code": CODE,
        "place": "Quầy 1",
        "desk": "Một cửa",
        "aliases": ["đo", "thử"],
    }


def test_an_edit_is_taken_back_by_writing_the_old_value() -> None:
    """The value of the layer below ends an own edit, and the last one ends the row."""
    assert edit({"name": "Thử cân"}, {"code": CODE, "name": "Cân thử"}) is None


def test_a_new_procedure_needs_only_a_name() -> None:
    """The rest has defaults that say whose it is and when it was written."""
    found = own({"code": "XA-1", "name": "Mượn loa"}, {}, {}, DEFAULTS)

    assert found == {"code": "XA-1", "name": "Mượn loa", **DEFAULTS}


@pytest.mark.parametrize(
    ("given", "under", "reason"),
    [
        ({"code": "XA-1", "place": "Quầy"}, {}, "mã mới, cần có tên thủ tục"),
        ({"code": CODE, "nme": "x"}, UNDER, "'nme' không có trong mẫu"),
        ({"code": CODE, "name": " "}, UNDER, "'name' đang để trống"),
        ({"code": CODE, "fee": {"sure": True}}, UNDER, "'fee.text' còn thiếu"),
        ({"code": CODE, "papers": [{}]}, UNDER, "'papers.1.name' còn thiếu"),
        ({"code": CODE, "levels": ["huyen"]}, UNDER, "'levels.1' không thuộc"),
        ({"code": "a b"}, UNDER, "mã thủ tục chỉ gồm"),
        (
            {"code": CODE, "online": {"available": True, "url": "javascript:x"}},
            UNDER,
            "đường dẫn phải bắt đầu bằng https://",
        ),
        ({"code": CODE, "summary": "dài " * 20_000}, UNDER, "nội dung dài quá 64 KB"),
    ],
)
def test_wrong_values_are_refused_with_a_reason(
    given: dict[str, Any], under: dict[str, Any], reason: str
) -> None:
    """What the schema refuses is said in Vietnamese."""
    with pytest.raises(RowError) as caught:
        own(given, {}, under, DEFAULTS)

    assert reason in str(caught.value)
