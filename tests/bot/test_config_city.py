"""Are hamlets and the city's channels read, and slips in them named?"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from bot.config import parse_config
from bot.errors import ConfigError
from bot.services import profile
from handlers.ports import CityChannel
from tests.bot.support import UNIT, document, platforms


def unit(**changes: Any) -> dict[str, Any]:
    """Return a configuration whose unit has these values."""
    raw = document(platforms(), "http://127.0.0.1:9")
    raw["units"][UNIT] |= changes
    return raw


def test_citizens_are_shown_what_is_configured(tmp_path: Path) -> None:
    """In the order of the file; nothing without it."""
    channels = [{"label": "Tổng đài 1022", "phone": "1022"}]
    raw = unit(hamlets=["thôn Đông", "thôn Đoài"], city_channels=channels)
    found = profile(UNIT, parse_config(raw, {}, tmp_path))
    assert found.hamlets == ("thôn Đông", "thôn Đoài")
    assert found.city_channels == (CityChannel("Tổng đài 1022", phone="1022"),)
    plain = profile(UNIT, parse_config(unit(), {}, tmp_path))
    assert (plain.hamlets, plain.city_channels) == ((), ())


@pytest.mark.parametrize(
    "channel",
    [
        {"label": "Hải Phòng Smart"},
        {"label": "x", "url": "http://a.example"},
        {"label": "x", "phone": "gọi 1022"},
        {"label": "Cổng phản ánh của thành phố", "phone": "1022"},
    ],
)
def test_a_slip_is_named(channel: dict[str, str], tmp_path: Path) -> None:
    """Some way to reach it, over https, with a label that fits on a button."""
    with pytest.raises(ConfigError, match="city_channels"):
        parse_config(unit(city_channels=[channel]), {}, tmp_path)
