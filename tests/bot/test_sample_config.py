"""Do the sample configuration and its guide say what the schema says?"""

from __future__ import annotations

import json
import re
import types
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Union, get_args, get_origin

import pytest
import yaml
from pydantic import BaseModel
from pydantic.fields import FieldInfo

from bot.config import VARIABLE, Config, load_config, parse_config
from bot.errors import ConfigError

ROOT = Path(__file__).resolve().parents[2]
SAMPLE = ROOT / "config.yml"
GUIDE = ROOT / "docs" / "cau-hinh.md"
ROW = re.compile(r"^\| `([^`]+)` \| ([^|]+) \| `([^|]+)` \|", re.MULTILINE)
OPTIONAL_LINE = re.compile(r"^( *)#(?=\S)", re.MULTILINE)
SECRET = re.compile(r"(secret|token|secret_key)$")
MADE_UP = "1234567890"


def leaves(model: type[BaseModel], prefix: str = "") -> Iterator[tuple[str, FieldInfo]]:
    """Yield every key of the schema that holds a value, with a path as in the guide."""
    for name, info in model.model_fields.items():
        inner, suffix = section_of(info.annotation)
        if inner is None:
            yield prefix + name, info
        else:
            yield from leaves(inner, f"{prefix}{name}{suffix}.")


def section_of(annotation: Any) -> tuple[type[BaseModel] | None, str]:
    """Return the group of keys an annotation leads to, and how the path goes on."""
    origin, parts = get_origin(annotation), get_args(annotation)
    if origin in (Union, types.UnionType):
        return section_of(next(part for part in parts if part is not type(None)))
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation, ""
    if origin is list:
        return section_of(parts[0])[0], "[]"
    if origin is dict:
        return section_of(parts[1])[0], ".<mã>"
    return None, ""


def shown_default(info: FieldInfo) -> str:
    """Return the default as the guide writes it."""
    if info.is_required():
        return "bắt buộc"
    value = info.get_default(call_default_factory=True)
    if value in ("", {}, []):
        return "trống"
    return f"`{value}`" if isinstance(value, str) else f"`{json.dumps(value)}`"


def rows() -> dict[str, tuple[str, str]]:
    """Return default and example of every key in the guide."""
    found = ROW.findall(GUIDE.read_text(encoding="utf-8"))
    assert len(found) == len({key for key, _, _ in found})
    return {key: (default.strip(), example) for key, default, example in found}


def put(document: dict[str, Any], path: str, value: Any) -> None:
    """Set a value at a path of the guide."""
    *groups, last = path.replace("<mã>", "thanh-ha").split(".")
    for name in groups:
        if name.endswith("[]"):
            document = document.setdefault(name.removesuffix("[]"), [{}])[0]
        else:
            document = document.setdefault(name, {})
    document[last] = value


@pytest.fixture
def variables(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Set every variable the sample names."""
    names = VARIABLE.findall(SAMPLE.read_text(encoding="utf-8"))
    for name in names:
        monkeypatch.setenv(name, MADE_UP)
    return names


@pytest.mark.usefixtures("variables")
def test_sample_is_accepted() -> None:
    """The sample loads as it stands once its variables are set."""
    config = load_config(SAMPLE)

    assert list(config.units) == ["thanh-ha"]
    assert config.units["thanh-ha"].channels.zalo is not None
    assert config.units["thanh-ha"].channels.facebook is not None


def test_sample_names_a_missing_variable(
    variables: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whichever variable is missing, the error names it and the key that needs it."""
    for name in variables:
        with monkeypatch.context() as patch:
            patch.delenv(name)
            with pytest.raises(ConfigError) as raised:
                load_config(SAMPLE)
        assert name in str(raised.value)
        assert "units.thanh-ha.channels." in str(raised.value)


@pytest.mark.usefixtures("variables")
def test_sample_with_every_optional_line_is_accepted(tmp_path: Path) -> None:
    """Taking the # off every optional line gives a configuration that loads."""
    text = SAMPLE.read_text(encoding="utf-8")
    everything = tmp_path / "config.yml"
    everything.write_text(OPTIONAL_LINE.sub(r"\1", text), encoding="utf-8")

    unit = load_config(everything).units["thanh-ha"]

    assert unit.office_hours == {"t2-t6": ["07:30-11:30", "13:30-17:00"]}
    assert unit.phones[0].number == "1022"


def test_sample_holds_no_secret() -> None:
    """Every secret of the sample is the name of an environment variable."""
    sample = yaml.safe_load(SAMPLE.read_text(encoding="utf-8"))
    channels = sample["units"]["thanh-ha"]["channels"]
    secrets = {
        f"{channel}.{key}": value
        for channel, keys in channels.items()
        for key, value in keys.items()
        if SECRET.search(key)
    }

    assert len(secrets) >= 6
    assert [
        key for key, value in secrets.items() if not VARIABLE.fullmatch(value)
    ] == []


def test_guide_has_every_key_and_no_other() -> None:
    """The guide lists exactly the keys of the schema."""
    assert sorted(rows()) == sorted(path for path, _ in leaves(Config))


def test_guide_tells_the_true_defaults() -> None:
    """The default in the guide is the default in the schema."""
    told = {key: default for key, (default, _) in rows().items()}

    assert {path: shown_default(info) for path, info in leaves(Config)} == told


def test_guide_examples_are_accepted() -> None:
    """The examples of the guide, put together, are a valid configuration."""
    document: dict[str, Any] = {}
    for key, (_, example) in rows().items():
        put(document, key, yaml.safe_load(example))
    environment = dict.fromkeys(
        VARIABLE.findall(GUIDE.read_text(encoding="utf-8")), MADE_UP
    )

    config = parse_config(document, environment, ROOT)

    assert config.units["thanh-ha"].channels.telegram is not None
