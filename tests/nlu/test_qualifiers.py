"""Special cases lose unless they were said."""

from __future__ import annotations

from math import log

import pytest

from nlu.normalise import tokenise
from nlu.qualifiers import LOWEST, Qualifiers

PLAIN, FOREIGN, AGAIN, MOBILE = range(4)
NAMES = [
    "dang ky ket hon",
    "dang ky ket hon co yeu to nuoc ngoai",
    "dang ky lai ket hon",
    "dang ky ket hon luu dong",
]


@pytest.mark.parametrize(
    ("text", "favourite"),
    [
        ("đăng ký kết hôn", PLAIN),
        ("kết hôn với người nước ngoài", FOREIGN),
        ("ket hon voi nguoi nuoc ngoai", FOREIGN),
        ("bị mất giấy kết hôn", AGAIN),
        ("kết hôn tại nhà vì ốm đau", MOBILE),
    ],
)
def test_what_is_said_is_favoured(text: str, favourite: int) -> None:
    """The name whose special case was said comes out highest; none is out of reach."""
    logs = Qualifiers(NAMES).logs(tokenise(text))

    assert favourite == int(logs.argmax())
    assert (logs >= log(LOWEST)).all()
