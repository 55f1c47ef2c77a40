"""Which rule is the law on a day, and are bad records refused?"""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from scheduler.deadlines.book import read, shipped
from scheduler.deadlines.rule import Unit
from scheduler.errors import BadDataError, NotInForceError, UnknownRuleError

RECORD: dict[str, Any] = {
    "code": "hua_tra_loi",
    "kind": "phan_anh_hien_truong",
    "name": "Trả lời",
    "start": "ngày nhận",
    "amount": 3,
    "unit": "working_days",
    "step": "answer",
    "basis": "quy chế của xã",
}


def changed(**fields: Any) -> dict[str, Any]:
    """Return the record with other fields; None takes one away."""
    return {k: v for k, v in {**RECORD, **fields}.items() if v is not None}


def test_the_law_changed_on_the_first_of_july() -> None:
    """Ten calendar days until 30/06/2026, seven working days from 01/07/2026 on."""
    old = shipped().rule("khieu_nai_thu_ly", date(2026, 6, 30))
    new = shipped().rule("khieu_nai_thu_ly", date(2026, 7, 1))

    assert (old.last.term.amount, old.last.term.unit) == (10, Unit.DAYS)
    assert (new.last.term.amount, new.last.term.unit) == (7, Unit.WORKING_DAYS)


def test_rules_that_are_not_there() -> None:
    """An unknown code and a day before the law are two different errors."""
    with pytest.raises(UnknownRuleError):
        shipped().rule("khieu_nai", date(2026, 7, 1))
    with pytest.raises(NotInForceError):
        shipped().rule("dlcn_rut", date(2025, 12, 31))


def test_what_is_not_law_says_so() -> None:
    """The only promise shipped is a proposal that nobody confirmed."""
    promises = [
        rule
        for versions in shipped().versions.values()
        for rule in versions
        if rule.last.promise
    ]

    assert [rule.code for rule in promises] == ["phan_anh_tra_loi"]
    assert not promises[0].verified


def test_a_commune_sets_its_own_promise() -> None:
    """A record with a shipped code takes its place; a new code joins the others."""
    own = changed(code="phan_anh_tra_loi", promise=True)
    book = read([own, RECORD])
    found = book.rule("phan_anh_tra_loi", date(2026, 11, 20))

    assert found.last.term.amount == 3
    assert found.steps == ()
    assert found.verified
    assert set(book.codes()) == {*shipped().codes(), "hua_tra_loi"}


def test_versions_in_order() -> None:
    """Versions may be written in any order, as long as they do not meet."""
    later = changed(valid_from="2027-01-01", amount=2)
    earlier = changed(valid_to="2026-12-31")
    book = read([later, earlier])

    assert book.rule("hua_tra_loi", date(2026, 12, 31)).last.term.amount == 3
    assert book.rule("hua_tra_loi", date(2027, 1, 1)).last.term.amount == 2


@pytest.mark.parametrize(
    "records",
    [
        [changed(name=None)],
        [changed(amount=0)],
        [changed(amount=True)],
        [changed(amount="5")],
        [changed(unit="tuan")],
        [changed(step="tra_loi")],
        [changed(valid_from="mai")],
        [changed(han=5)],
        [changed(steps=[{"step": "accept"}])],
        [changed(extensions=[{"code": "a", "name": "A", "amount": 1, "unit": "days"}])],
        [changed(pauses=["tam_dinh_chi"])],
        [RECORD, RECORD],
        [changed(valid_to="2027-01-01"), changed(valid_from="2027-01-01")],
        ["hua_tra_loi"],
    ],
)
def test_records_that_cannot_be_read(records: list[Any]) -> None:
    """Missing, wrong or unknown fields and versions in force together are refused."""
    with pytest.raises(BadDataError):
        read(records)
