"""Is it told where an address leads?"""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.addresses import host, is_here, is_near, is_plain


@pytest.mark.parametrize(
    ("url", "here", "near"),
    [
        ("http://127.0.0.1:8080/v1", True, True),
        ("http://127.9.9.9", True, True),
        ("http://[::1]:8080/v1", True, True),
        ("http://localhost:11434/v1", True, True),
        ("http://LOCALHOST", True, True),
        ("http://192.168.1.20:8000/v1", False, True),
        ("http://10.0.0.7", False, True),
        ("http://[fd00::1]", False, True),
        ("http://8.8.8.8", False, False),
        ("https://api.example.vn/v1", False, False),
        ("http://localhost.example.vn", False, False),
        ("http://127.0.0.1.example.vn", False, False),
        ("http://[", False, False),
        ("", False, False),
    ],
)
def test_near_and_far(url: str, *, here: bool, near: bool) -> None:
    """Numbers tell; of names only localhost does."""
    assert (is_here(url), is_near(url)) == (here, near)


@pytest.mark.parametrize(
    ("url", "plain"),
    [
        ("http://127.0.0.1:8080/v1", True),
        ("https://api.example.vn/v1/", True),
        ("https://me:secret@api.example.vn", False),
        ("https://@api.example.vn", False),
        ("https://api.example.vn/v1?key=1", False),
        ("https://api.example.vn/v1?", False),
        ("https://api.example.vn/#a", False),
        ("https://api.example.vn:99999", False),
        ("https://[", False),
        ("https://", False),
    ],
)
def test_plain_addresses(url: str, *, plain: bool) -> None:
    """No secrets inside, nothing behind the path."""
    assert is_plain(url) is plain


@given(st.text())
def test_any_text_is_read_or_refused(text: str) -> None:
    """Nothing is raised."""
    assert isinstance(host(text), str)
    assert is_near(text) >= is_here(text)
    is_plain(text)
