"""Is a body of Zalo's told from anybody else's?"""

from __future__ import annotations

import hashlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.channels import wire
from bot.channels.zalo.signature import is_url_check, timestamp_of, verify

APP, SECRET = "360846524940903001", "khoa-bi-mat-cua-oa"
BODY = '{"event_name":"user_send_text","timestamp":"1795428000123","x":"Đồng ý"}'
NUMBER = BODY.replace('"1795428000123"', "1795428000123")


def mac(body: str, *, first: str = APP, secret: str = SECRET) -> str:
    text = first + body + "1795428000123" + secret
    return hashlib.sha256(text.encode()).hexdigest()


def check(body: str, header: str | None, secret: str = SECRET) -> bool:
    return verify(body.encode(), header, secret=secret, first_term=APP)


@pytest.mark.parametrize("body", [BODY, NUMBER])
def test_a_right_mac_is_taken(body: str) -> None:
    """The time counts as written, text or number."""
    assert check(body, f"mac={mac(body)}")


@pytest.mark.parametrize("form", ["{}", "mac={}", "MAC = {}", "  mac={}  ", "mac= {}"])
def test_the_header_is_read_generously(form: str) -> None:
    """Blanks, case and a missing prefix do not turn a right mac away."""
    assert check(BODY, form.format(mac(BODY)))
    assert check(BODY, form.format(mac(BODY).upper()))


@pytest.mark.parametrize(
    "header",
    [
        None,
        "",
        "mac=",
        "mac=" + "0" * 64,
        mac(BODY)[:63],
        f"mac={mac(BODY)}0",
        f"sha256={mac(BODY)}",
        f"mac={mac(BODY, secret='other')}",
        f"mac={mac(BODY, first='1')}",
        "mac=" + "٠" * 64,
        "mac=\udc80",
    ],
)
def test_a_wrong_mac_is_refused(header: str | None) -> None:
    """Missing, short, long, foreign or undecodable: all the same no."""
    assert not check(BODY, header)


def test_without_a_secret_nothing_is_right() -> None:
    """A unit that lost its secret must not take everything."""
    assert not check(BODY, f"mac={mac(BODY, secret='')}", secret="")


def test_the_bytes_count_not_their_meaning() -> None:
    """One blank more is another body."""
    assert not check(BODY + " ", f"mac={mac(BODY)}")


def test_the_time_already_read_may_be_passed() -> None:
    """The webhook parses once for signature and events."""
    raw = BODY.encode()
    moment = timestamp_of(wire.load(raw))
    header = f"mac={mac(BODY)}"
    assert verify(raw, header, secret=SECRET, first_term=APP, timestamp=moment)
    assert not verify(raw, header, secret=SECRET, first_term=APP, timestamp="1")


@given(st.binary(max_size=60), st.text(max_size=80))
def test_no_forgery_is_taken_and_nothing_raises(body: bytes, header: str) -> None:
    """Bytes that are no JSON are simply not signed."""
    assert not verify(body, header, secret=SECRET, first_term=APP)


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        (b'{"oa_id":"1","timestamp":"2"}', True),
        (b"{}", True),
        (BODY.encode(), False),
        (b"[]", False),
        (b"", False),
    ],
)
def test_the_console_probe_is_known(body: bytes, expected: bool) -> None:
    """An object without an event is the console's question whether we live."""
    assert is_url_check(body) is expected
