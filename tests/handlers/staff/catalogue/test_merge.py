"""Whose word counts, field by field?"""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handlers.staff.catalogue.merge import below, effective, is_complete
from messages.procedure import Procedure
from tests.handlers.staff.catalogue.records import ours

PORTAL_SOURCE = {"name": "Cổng", "as_of": "2026-07-01"}
WORDS: dict[str, Any] = {
    "name": "Thử cân (tên của Cổng)",
    "aliases": ["x"],
    "examples": ["y"],
    "summary": "z",
    "papers": [{"name": "Giấy"}],
    "steps": ["Bước 1"],
    "conditions": "c",
    "authority": "Cơ quan cấp xã",
    "field": "Khác",
    "result": ["Thông báo từ chối"],
}
OURS: dict[str, Any] = {
    "aliases": ["a"],
    "examples": ["e"],
    "summary": "s",
    "papers": [{"name": "Đơn"}],
    "steps": ["Nộp"],
    "conditions": "k",
    "result": ["Giấy chứng nhận"],
}


def national(**changes: Any) -> dict[str, Any]:
    """A national record."""
    return ours(source=PORTAL_SOURCE, **WORDS) | changes


def test_words_for_citizens_are_never_overwritten() -> None:
    """An import changes no word that was written for citizens."""
    base = ours(**OURS)
    merged = below(base, national())

    assert {key: merged[key] for key in WORDS} == {key: base[key] for key in WORDS}


def test_the_portal_fills_what_we_left_empty() -> None:
    """Where we wrote nothing, the portal's words are better than none."""
    merged = below(ours(), national())

    assert merged["papers"] == [{"name": "Giấy"}]
    assert merged["steps"] == ["Bước 1"]
    assert merged["name"] == "Thử cân"


def test_facts_the_portal_publishes_win() -> None:
    """Level, announcing decision and official name follow the portal."""
    merged = below(
        ours(announcement={"number": "1/QĐ-CU"}, official_name="Thử cân (tên cũ)"),
        national(levels=["tinh"], announcement={"number": "2/QĐ-MOI"}),
    )

    assert merged["levels"] == ["tinh"]
    assert merged["announcement"] == {"number": "2/QĐ-MOI"}
    assert merged["official_name"] == "Thử cân (tên của Cổng)"


SURE = {"text": "5.000 đồng"}
UNSURE = {"text": "Hỏi lại", "sure": False}
PORTAL_SURE = {"text": "9.000 đồng"}
PORTAL_ZERO = {"text": "Cổng hiển thị miễn phí", "sure": False}


@pytest.mark.parametrize("field", ["fee", "time"])
@pytest.mark.parametrize(
    ("base", "portal", "expected"),
    [
        (SURE, PORTAL_SURE, SURE),
        (SURE, PORTAL_ZERO, SURE),
        (UNSURE, PORTAL_SURE, PORTAL_SURE),
        (UNSURE, PORTAL_ZERO, UNSURE),
        (UNSURE, None, UNSURE),
        (None, PORTAL_SURE, PORTAL_SURE),
        (None, PORTAL_ZERO, PORTAL_ZERO),
    ],
)
def test_fee_and_time(
    field: str, base: Any, portal: Any, expected: dict[str, Any]
) -> None:
    """The portal's default zero never replaces anything; its sure value may."""
    low = ours(**({field: base} if base else {}))
    high = national(**({field: portal} if portal else {}))

    assert below(low, high)[field] == expected


def test_a_doubt_about_the_portals_value_is_not_undone_by_that_value() -> None:
    """An unsure value stays unless the portal was read after we wrote it."""
    base = ours(time=UNSURE, source={"name": "Nguồn", "as_of": "2026-07-01"})

    assert below(base, national(time=PORTAL_SURE))["time"] == UNSURE


def test_doubts_of_both_are_for_staff() -> None:
    """No doubt is lost when layers meet."""
    merged = below(ours(doubts=["a"]), national(doubts=["b", "a"]))

    assert merged["doubts"] == ["a", "b"]


@pytest.mark.parametrize(
    ("base", "portal", "expected"),
    [
        ({"available": False}, {"available": True}, {"available": True}),
        (
            {"available": True, "text": "Qua VNeID"},
            {"available": True},
            {"available": True, "text": "Qua VNeID"},
        ),
        (None, {"available": True}, {"available": True}),
    ],
)
def test_online(base: Any, portal: Any, expected: dict[str, Any]) -> None:
    """The portal may open filing online; our words about it stay."""
    low = ours(**({"online": base} if base else {}))

    assert below(low, national(online=portal))["online"] == expected


def test_laws_are_united_and_keep_our_titles() -> None:
    """No legal basis is lost, ours come first with their titles."""
    merged = below(
        ours(legal=[{"number": "1", "title": "Luật"}, {"number": "2"}]),
        national(legal=[{"number": "3"}, {"number": "1"}]),
    )

    assert merged["legal"] == [
        {"number": "1", "title": "Luật"},
        {"number": "2"},
        {"number": "3"},
    ]


@pytest.mark.parametrize(
    ("as_of", "name"), [("2026-06-30", "Nguồn gốc"), ("2026-07-02", "Cổng")]
)
def test_the_source_read_later_is_named(as_of: str, name: str) -> None:
    """The date shown to citizens is that of the newer reading."""
    base = ours(source={"name": "Nguồn gốc", "as_of": "2026-07-01"})
    high = national(source={"name": "Cổng", "as_of": as_of})

    assert below(base, high)["source"]["name"] == name


def test_the_communes_edits_win_and_its_names_are_added() -> None:
    """Own fields win over both layers; own names and examples are added."""
    edits = {
        "code": "1.000001",
        "name": "Cân thử",
        "fee": {"text": "Không thu"},
        "conditions": None,
        "aliases": ["mới", "a"],
    }
    merged = effective(ours(**OURS, fee=SURE), national(), edits)

    assert merged["name"] == "Cân thử"
    assert merged["fee"] == {"text": "Không thu"}
    assert merged["conditions"] is None
    assert merged["aliases"] == ["a", "mới"]


def test_an_edit_of_what_is_gone_makes_no_procedure() -> None:
    """A fee alone is no procedure once the layers below have lost the code."""
    assert not is_complete(effective(None, None, {"code": "1", "fee": SURE}))


LAYER = st.none() | st.fixed_dictionaries(
    {},
    optional={
        "name": st.sampled_from(["Một", "Hai"]),
        "levels": st.sampled_from([["xa"], ["tinh", "bo"]]),
        "fee": st.sampled_from([SURE, UNSURE]),
        "aliases": st.lists(st.sampled_from("abc"), unique=True),
        "legal": st.lists(st.sampled_from("123")).map(
            lambda numbers: [{"number": n} for n in numbers]
        ),
        "doubts": st.just(["?"]),
    },
)


@given(LAYER, LAYER, LAYER)
def test_any_layers_make_a_valid_procedure(base: Any, high: Any, edits: Any) -> None:
    """Whatever the layers say, the result is valid and merging twice is the same."""
    low = None if base is None else ours() | base
    top = None if high is None else national() | high
    merged = effective(low, top, edits)

    if low or top:
        assert Procedure.model_validate(merged)
        assert effective(merged, None, edits) == merged


def test_a_code_used_for_another_service_brings_nothing_but_a_doubt() -> None:
    """A portal record whose name has nothing to do with ours is not mixed in."""
    base = ours(levels=["xa"])
    other = national(name="Hỗ trợ phát triển sản xuất cộng đồng", levels=["tinh"])

    merged = below(base, other)

    assert merged["levels"] == ["xa"]
    assert "Hỗ trợ phát triển sản xuất cộng đồng" in merged["doubts"][-1]
    assert {k: v for k, v in merged.items() if k != "doubts"} == {
        k: v for k, v in base.items() if k != "doubts"
    }
