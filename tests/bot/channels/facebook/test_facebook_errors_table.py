"""Does every Graph code lead to the right next step?"""

from __future__ import annotations

import pytest

from bot.channels.facebook import errors_table
from bot.channels.facebook.errors_table import failure_for, is_listed
from bot.channels.results import Failure, Reason, Reauthorise, Refused, Retry, Stopped


@pytest.mark.parametrize(
    ("code", "subcode", "expected"),
    [
        ("190", "", Reauthorise("190")),
        ("190", "460", Reauthorise("190:460")),
        ("10", "2018278", Refused("10:2018278", Reason.WINDOW)),
        ("10", "2018065", Refused("10:2018065", Reason.WINDOW)),
        ("10", "2534022", Refused("10:2534022", Reason.WINDOW)),
        ("10", "2018108", Stopped("10:2018108")),
        ("10", "1893063", Refused("10:1893063", Reason.CONFIG)),
        ("10", "", Refused("10", Reason.CONFIG)),
        ("551", "1545041", Stopped("551:1545041")),
        ("200", "1545041", Stopped("200:1545041")),
        ("200", "2018028", Refused("200:2018028", Reason.CONFIG)),
        ("100", "2018001", Stopped("100:2018001")),
        ("100", "2018109", Refused("100:2018109", Reason.MEDIA)),
        ("100", "33", Refused("100:33", Reason.INVALID)),
        ("4", "2018022", Retry("4:2018022", 9.0)),
        ("613", "", Retry("613", 9.0)),
        ("80006", "", Retry("80006", 9.0)),
        ("1200", "", Retry("1200", 9.0)),
        ("2", "2018344", Refused("2:2018344", Reason.CONFIG)),
        ("2", "", Retry("2", 9.0)),
        ("368", "", Refused("368", Reason.POLICY)),
        ("987654", "1", Refused("987654:1", Reason.UNKNOWN_CODE)),
    ],
)
def test_the_next_step(code: str, subcode: str, expected: Failure) -> None:
    """The pair decides, else the code; never the wording."""
    assert failure_for(code, subcode, 9.0) == expected


def test_no_code_has_two_meanings() -> None:
    """The classes of the table do not overlap."""
    tables = (
        errors_table._RETRY,
        errors_table._REAUTHORISE,
        errors_table._STOPPED,
        errors_table._REFUSED,
    )
    codes = [code for table in tables for code in table]
    assert len(set(codes)) == len(codes)
    assert all(is_listed(*code.split(":")) for code in codes)
    assert not is_listed("987654", "1")
