"""Does a bad configuration stop the start, naming the key and no secret?"""

from __future__ import annotations

import copy
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from bot.config import load_config, parse_config
from bot.errors import ConfigError, ConfigMissingError
from bot.registry import Registry

SECRET = "GIATRIBIMAT"
UNIT: dict[str, Any] = {
    "name": "xã Thanh Hà",
    "channels": {
        "zalo": {
            "oa_id": 3886132808788086451,
            "app_id": "360",
            "app_secret": SECRET,
            "oa_secret_key": SECRET,
        },
        "facebook": {
            "page_id": "104",
            "app_secret": SECRET,
            "verify_token": SECRET,
            "page_access_token": SECRET,
        },
    },
}
GOOD: dict[str, Any] = {
    "server": {"port": 8080},
    "storage": {"url": "sqlite:///data/a.db"},
    "units": {"thanh-ha": UNIT},
}


def changed(path: str, value: Any) -> dict[str, Any]:
    """Return the good document with one key set, or taken out (value ...)."""
    document = copy.deepcopy(GOOD)
    *groups, last = path.split(".")
    place = document
    for name in groups:
        place = place[name]
    if value is ...:
        del place[last]
    else:
        place[last] = value
    return document


def complaint(document: Any, environment: dict[str, str] | None = None) -> str:
    """Return the sentence with which a document is refused."""
    with pytest.raises(ConfigError) as raised:
        parse_config(document, environment or {}, Path("/tmp"))  # noqa: S108  never opened
    assert raised.value.hint
    return str(raised.value)


def test_a_small_configuration_is_enough(tmp_path: Path) -> None:
    """Server, storage, a name and a channel suffice; ids may be written as numbers."""
    config = parse_config(GOOD, {}, tmp_path)

    zalo = config.units["thanh-ha"].channels.zalo
    assert zalo is not None
    assert zalo.oa_id == "3886132808788086451"
    assert config.storage.url == f"sqlite:///{tmp_path}/data/a.db"


BAD = [
    ("servr", {}, "servr"),
    ("server.prot", 1, "server.prot"),
    ("server.port", "tám nghìn", "server.port"),
    ("server.port", 70_000, "server.port"),
    ("server.port", None, "server.port"),
    ("storage", ..., "storage"),
    ("storage.url", "mysql://x", "storage.url"),
    ("storage.url", "sqlite:///", "storage.url"),
    ("units", {}, "units"),
    ("units", ["thanh-ha"], "units"),
    ("units.thanh-ha", "xã", "units.thanh-ha"),
    ("units.thanh-ha.name", "  ", "units.thanh-ha.name"),
    ("units.thanh-ha.name", ..., "units.thanh-ha.name"),
    ("units.thanh-ha.channels", {}, "units.thanh-ha.channels"),
    ("units.thanh-ha.channels", {"zalo": None}, "units.thanh-ha.channels"),
    ("units.thanh-ha.channels.viber", {}, "channels.viber"),
    ("units.thanh-ha.channels.zalo.oa_id", "abc", "channels.zalo.oa_id"),
    ("units.thanh-ha.channels.zalo.app_secret", ..., "channels.zalo.app_secret"),
    ("units.thanh-ha.channels.zalo.app_secret", " ", "channels.zalo.app_secret"),
    ("units.thanh-ha.channels.zalo.oa_secret_key", ..., "oa_secret_key"),
    ("units.thanh-ha.channels.zalo.mac_id", "user", "channels.zalo.mac_id"),
    ("units.thanh-ha.channels.zalo.api_base", "zalo.me", "channels.zalo.api_base"),
    ("units.thanh-ha.channels.zalo.per_minute", 0, "channels.zalo.per_minute"),
    ("units.thanh-ha.channels.facebook.page_id", "", "channels.facebook.page_id"),
    ("units.thanh-ha.channels.facebook.verify_token", ..., "facebook.verify_token"),
    ("units.thanh-ha.channels.facebook.graph_version", "25", "graph_version"),
]


@pytest.mark.parametrize(("path", "value", "named"), BAD)
def test_a_bad_key_is_named_in_vietnamese_without_a_secret(
    path: str, value: Any, named: str
) -> None:
    """The sentence names the key, is Vietnamese, and shows no value of a secret."""
    sentence = complaint(changed(path, value))

    assert named in sentence
    assert sentence.startswith("Cấu hình chưa đúng: ")
    assert SECRET not in sentence
    assert "Input should" not in sentence
    assert "validation error" not in sentence


def test_a_secret_in_the_wrong_place_is_not_repeated() -> None:
    """Even where the secret itself is the bad value it is not shown."""
    for path in ("server.port", "units.thanh-ha.channels.zalo.mac_key", "storage.url"):
        assert SECRET not in complaint(changed(path, SECRET))
    assert SECRET not in complaint(SECRET)


def test_many_mistakes_are_told_at_once() -> None:
    """Five are named, the rest is counted."""
    document = changed("units.thanh-ha.channels.zalo", {f"k{n}": 1 for n in range(9)})

    sentence = complaint(document)
    assert sentence.count(";") == 5
    assert "lỗi khác" in sentence


@pytest.mark.parametrize("name", ["Thanh Hà", "", "a" * 41, "../a", "a_b", "-a"])
def test_a_unit_needs_a_plain_id(name: str) -> None:
    """Unit ids stand in keys and paths: only a-z, 0-9 and a dash."""
    document = copy.deepcopy(GOOD)
    document["units"] = {name: UNIT}

    assert "mã đơn vị" in complaint(document)


@pytest.mark.parametrize(
    ("channel", "key"), [("zalo", "oa_id"), ("facebook", "page_id")]
)
def test_two_units_never_share_an_account(channel: str, key: str) -> None:
    """An event is routed by its account, so a doubled one stops the start."""
    document = copy.deepcopy(GOOD)
    other = copy.deepcopy(UNIT)
    kept = {channel: other["channels"][channel]}
    document["units"]["xa-hai"] = other | {"channels": kept}

    sentence = complaint(document)
    assert key in sentence
    assert "thanh-ha" in sentence
    assert "xa-hai" in sentence


def test_a_secret_comes_from_the_environment(tmp_path: Path) -> None:
    """${NAME} is replaced; one that is missing or empty stops the start by name."""
    path = "units.thanh-ha.channels.zalo.app_secret"
    document = changed(path, "${ZALO_APP_SECRET}")

    config = parse_config(document, {"ZALO_APP_SECRET": "của tôi"}, tmp_path)
    zalo = config.units["thanh-ha"].channels.zalo
    assert zalo is not None
    assert zalo.app_secret == "của tôi"
    for environment in ({}, {"ZALO_APP_SECRET": ""}):
        sentence = complaint(document, environment)
        assert path in sentence
        assert "ZALO_APP_SECRET" in sentence


@pytest.mark.parametrize(
    "text", ["a: [", "\tx", "a: b: c", "!!python/object:os.system {}", "%", "- 1", "x"]
)
def test_what_is_no_yaml_mapping_is_refused(tmp_path: Path, text: str) -> None:
    """Broken YAML, YAML with code in it, or another shape: one sentence."""
    path = tmp_path / "config.yml"
    path.write_text(text, encoding="utf-8")

    with pytest.raises(ConfigError) as raised:
        load_config(path)
    assert "\n" not in str(raised.value)
    assert str(tmp_path) not in str(raised.value)


def test_broken_yaml_tells_the_line(tmp_path: Path) -> None:
    """The line of the mistake is told."""
    path = tmp_path / "config.yml"
    path.write_text("server:\n  port: 1\n bad: [\n", encoding="utf-8")

    with pytest.raises(ConfigError, match=r"dòng \d"):
        load_config(path)


def test_a_missing_file_says_what_to_do(tmp_path: Path) -> None:
    """No file: its name, and the hint to copy the sample."""
    with pytest.raises(ConfigMissingError, match=r"khong-co\.yml") as raised:
        load_config(tmp_path / "khong-co.yml")
    assert "--config" in raised.value.hint


@pytest.mark.parametrize("content", [b"\xff\xfe\x00", None])
def test_an_unreadable_file_is_told(tmp_path: Path, content: bytes | None) -> None:
    """Bytes that are no text, or a folder in the place of the file."""
    path = tmp_path / "config.yml"
    if content is None:
        path.mkdir()
    else:
        path.write_bytes(content)

    with pytest.raises(ConfigError, match="Không đọc được"):
        load_config(path)


@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.text(max_size=8),
        lambda inner: (
            st.lists(inner, max_size=3)
            | st.dictionaries(
                st.sampled_from(
                    ["server", "storage", "units", "name", "channels", "x"]
                ),
                inner,
                max_size=4,
            )
        ),
        max_leaves=12,
    )
)
def test_no_document_escapes_as_another_error(document: Any) -> None:
    """Whatever YAML holds: a configuration or a ConfigError, nothing else."""
    dumped = yaml.safe_load(yaml.safe_dump(document))
    with suppress(ConfigError):
        config = parse_config(dumped, {}, Path("/tmp"))  # noqa: S108  never opened
        assert config.units


def test_the_registry_finds_units_by_account(tmp_path: Path) -> None:
    """OA, app and page lead to their unit; each secret and token is there once."""
    registry = Registry(parse_config(GOOD, {}, tmp_path))

    assert registry.zalo["3886132808788086451"][0] == "thanh-ha"
    assert [unit for unit, _ in registry.zalo_apps["360"]] == ["thanh-ha"]
    assert registry.facebook["104"][0] == "thanh-ha"
    assert registry.facebook_secrets == (SECRET,)
    assert registry.verify_tokens == frozenset({SECRET})
