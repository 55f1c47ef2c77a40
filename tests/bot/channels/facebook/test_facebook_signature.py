"""Is a body of Meta's told from anybody else's?"""

from __future__ import annotations

import hashlib
import hmac

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.channels.facebook.signature import is_dashboard_test, verify

SECRET = "bi-mat-ung-dung"
BODY = b'{"object":"page","entry":[{"message":{"text":"\\u0111\\u1ed3ng \\u00fd"}}]}'


def mac(secret: str = SECRET, body: bytes = BODY) -> str:
    return hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()


def test_a_right_signature_is_taken() -> None:
    """The HMAC is over the escaped bytes as they came."""
    assert verify(BODY, f"sha256={mac()}", secret=SECRET)
    assert verify(BODY, f" SHA256={mac().upper()} ", secret=SECRET)


def test_unescaped_letters_are_another_body() -> None:
    """Whoever re-serialises before verifying is caught."""
    unescaped = BODY.decode("unicode_escape").encode()
    assert not verify(unescaped, f"sha256={mac()}", secret=SECRET)


@pytest.mark.parametrize(
    "header",
    [
        None,
        "",
        mac(),
        f"sha1={mac()}",
        f"sha256={mac()[:40]}",
        f"sha256={mac('other')}",
        "sha1=" + hmac.new(SECRET.encode(), BODY, hashlib.sha1).hexdigest(),
    ],
)
def test_a_wrong_signature_is_refused(header: str | None) -> None:
    """No header chooses a weaker algorithm."""
    assert not verify(BODY, header, secret=SECRET)


def test_without_a_secret_nothing_is_right() -> None:
    """An empty secret verifies nothing, not everything."""
    assert not verify(BODY, f"sha256={mac('')}", secret="")


@given(st.binary(max_size=60), st.text(max_size=80))
def test_no_forgery_is_taken_and_nothing_raises(body: bytes, header: str) -> None:
    """Any bytes and any header give an answer."""
    assert not verify(body, header, secret=SECRET)


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        (b'{"field":"messages","value":{"timestamp":"1527459824"}}', True),
        (b'{"field":"messages","value":{},"object":"page","entry":[]}', False),
        (BODY, False),
        (b"[]", False),
        (b"\xff", False),
    ],
)
def test_the_dashboard_sample_is_known(body: bytes, expected: bool) -> None:
    """The console's test button is answered, not refused."""
    assert is_dashboard_test(body) is expected
