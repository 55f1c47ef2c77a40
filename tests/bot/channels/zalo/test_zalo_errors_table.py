"""Does every Zalo code lead to the right next step?"""

from __future__ import annotations

import pytest

from bot.channels.results import Failure, Reason, Reauthorise, Refused, Retry, Stopped
from bot.channels.zalo import errors_table
from bot.channels.zalo.errors_table import failure_for, is_listed


@pytest.mark.parametrize(
    ("code", "expected"),
    [
        ("-32", Retry("-32", 60.0)),
        ("-100", Retry("-100")),
        ("-200", Retry("-200")),
        ("-218", Retry("-218", 86_400.0)),
        ("-234", Retry("-234", 3600.0)),
        ("-216", Reauthorise("-216")),
        ("-220", Reauthorise("-220")),
        ("-213", Stopped("-213")),
        ("-217", Stopped("-217")),
        ("-227", Stopped("-227")),
        ("-244", Stopped("-244")),
        ("-201", Refused("-201", Reason.INVALID)),
        ("-211", Refused("-211", Reason.QUOTA)),
        ("-223", Refused("-223", Reason.CONFIG)),
        ("-230", Refused("-230", Reason.WINDOW)),
        ("-232", Refused("-232", Reason.WINDOW)),
        ("-248", Refused("-248", Reason.POLICY)),
        ("-424242", Refused("-424242", Reason.UNKNOWN_CODE)),
    ],
)
def test_the_next_step(code: str, expected: Failure) -> None:
    """Only the number decides."""
    assert failure_for(code) == expected


def test_retry_after_is_stronger_than_the_table() -> None:
    """What the answer asks for is better known than what we assume."""
    assert failure_for("-32", 5.0) == Retry("-32", 5.0)


def test_no_code_has_two_meanings() -> None:
    """The classes of the table do not overlap, and success is none of them."""
    tables = (
        errors_table._RETRY,
        errors_table._REAUTHORISE,
        errors_table._STOPPED,
        errors_table._REFUSED,
    )
    codes = [code for table in tables for code in table]
    assert len(set(codes)) == len(codes)
    assert all(is_listed(code) for code in codes)
    assert not is_listed("0")
