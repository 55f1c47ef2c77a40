"""Procedures that differ only by authority are one."""

from __future__ import annotations

import pytest

from nlu.model import Entry
from nlu.normalise import words
from nlu.twins import key, merge


@pytest.mark.parametrize(
    "name",
    [
        "Thủ tục trình báo mất hộ chiếu (cấp xã)",
        "Trình báo mất hộ chiếu (thực hiện tại cấp trung ương)",
        "Trình báo mất hộ chiếu thực hiện tại cấp tỉnh, cấp xã",
        "Trình báo mất hộ chiếu.",
    ],
)
def test_the_authority_does_not_count(name: str) -> None:
    """Names of one procedure at several authorities have one key."""
    assert key(words(name)) == "trinh bao mat ho chieu"


def test_grades_of_works_are_no_authority() -> None:
    """The words "cấp giấy phép" and "cấp III" stay in the name."""
    assert (
        key(words("Cấp giấy phép xây dựng công trình cấp III"))
        == "cap giay phep xay dung cong trinh cap iii"
    )


def test_the_commune_goes_first() -> None:
    """A merged procedure goes by the code of the commune and keeps all codes."""
    groups = merge(
        [
            Entry("9.1", "Cấp thẻ (thực hiện tại cấp tỉnh)", commune=False),
            Entry("9.2", "Cấp thẻ (cấp xã)"),
            Entry("9.3", "Đổi thẻ", commune=False),
        ]
    )

    assert [group.code for group in groups] == ["9.2", "9.3"]
    assert groups[0].commune
    assert [entry.code for entry in groups[0].entries] == ["9.2", "9.1"]
