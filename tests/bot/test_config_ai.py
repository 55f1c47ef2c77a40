"""Does a bad setting of the language model stop the start, naming its key?"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from bot.config import parse_config
from bot.config_nlu import Ai
from bot.errors import ConfigError
from tests.bot.support import document, platforms

GOOD = {"url": "http://127.0.0.1:8080/v1", "model": "mau-thu"}
SECRET = "GIATRIBIMAT"


def parsed(nlu: dict[str, Any], environment: dict[str, str] | None = None) -> Ai | None:
    """Return the settings of a configuration with this group."""
    raw = document(platforms(), "http://127.0.0.1:9") | {"nlu": nlu}
    return parse_config(raw, environment or {}, Path()).nlu.ai


def test_it_is_off_unless_asked_for() -> None:
    """No group, no model."""
    assert parsed({}) is None


def test_the_defaults_are_modest() -> None:
    """Both purposes, a second and a half, a few hundred questions a day."""
    found = parsed({"ai": GOOD})

    assert found is not None
    assert (found.purpose, found.timeout_seconds) == (["rerank", "rewrite"], 1.5)
    assert (found.daily_calls, found.daily_tokens, found.api_key) == (500, 300_000, "")


def test_the_key_comes_from_the_environment() -> None:
    """A missing variable is named; a set one is taken."""
    settings = GOOD | {"api_key": "${AI_API_KEY}"}
    found = parsed({"ai": settings}, {"AI_API_KEY": SECRET})
    assert found is not None
    assert found.api_key == SECRET

    with pytest.raises(ConfigError, match=r"nlu\.ai\.api_key.*AI_API_KEY"):
        parsed({"ai": settings})


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("url", "ftp://127.0.0.1"),
        ("url", "http://mo-hinh.example/v1"),
        ("url", "http://8.8.8.8/v1"),
        ("url", f"https://me:{SECRET}@mo-hinh.example/v1"),
        ("url", f"https://mo-hinh.example/v1?key={SECRET}"),
        ("model", ""),
        ("model", "x" * 65),
        ("purpose", []),
        ("purpose", ["answer"]),
        ("purpose", "rerank"),
        ("timeout_seconds", 0),
        ("timeout_seconds", 9),
        ("timeout_seconds", "nhanh"),
        ("daily_calls", 0),
        ("daily_tokens", -1),
        ("temperature", 1),
    ],
)
def test_a_bad_value_names_its_key(key: str, value: object) -> None:
    """And never shows it: an address may hold a secret."""
    with pytest.raises(ConfigError) as raised:
        parsed({"ai": GOOD | {key: value}})

    assert f"nlu.ai.{key}" in str(raised.value)
    assert SECRET not in str(raised.value)


@pytest.mark.parametrize("key", ["url", "model"])
def test_what_is_missing_is_named(key: str) -> None:
    """A group without a server or a model is a mistake."""
    with pytest.raises(ConfigError, match=rf"nlu\.ai\.{key}: thiếu giá trị"):
        parsed({"ai": {name: value for name, value in GOOD.items() if name != key}})


def test_all_who_are_asked_share_the_time() -> None:
    """A citizen must not wait for Rasa and a model for ten seconds."""
    rasa = {"timeout_seconds": 4}
    both = {"backend": "rasa", "rasa": rasa, "ai": GOOD}

    with pytest.raises(ConfigError, match=r"cộng lại tối đa 5 giây"):
        parsed(both)
    assert parsed(both | {"rasa": {"timeout_seconds": 3.5}}) is not None
    assert parsed(both | {"backend": "embedded"}) is not None


@pytest.mark.parametrize(
    "url",
    [
        "http://localhost:11434/v1",
        "http://192.168.1.20:8000/v1",
        "https://mo-hinh.example/v1",
    ],
)
def test_near_servers_and_sealed_ones_are_accepted(url: str) -> None:
    """This machine, the house's network, or https."""
    assert parsed({"ai": GOOD | {"url": url}}) is not None
