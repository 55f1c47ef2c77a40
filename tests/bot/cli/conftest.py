"""A commune's folder with a configuration, and a way to run commands in it."""

from __future__ import annotations

import copy
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml

from bot.__main__ import main
from bot.config import parse_config
from bot.installation import prepare

DOCUMENT: dict[str, Any] = {
    "server": {"port": 0},
    "storage": {"url": "sqlite:///data/a.db"},
    "units": {
        "thanh-ha": {
            "name": "xã Thanh Hà",
            "channels": {
                "zalo": {
                    "oa_id": "388",
                    "app_id": "360",
                    "app_secret": "BIMAT-1",
                    "oa_secret_key": "BIMAT-2",
                    "refresh_token": "BIMAT-3",
                    "api_base": "http://127.0.0.1:9",
                    "oauth_base": "http://127.0.0.1:9",
                },
                "facebook": {
                    "page_id": "104",
                    "app_secret": "BIMAT-4",
                    "verify_token": "BIMAT-5",
                    "page_access_token": "BIMAT-6",
                    "graph_base": "http://127.0.0.1:9",
                },
            },
        }
    },
}


class Office:
    """One folder, one configuration file."""

    def __init__(
        self, folder: Path, monkeypatch: pytest.MonkeyPatch, capture: Any
    ) -> None:
        self.folder = folder
        self.path = folder / "config.yml"
        self.document = copy.deepcopy(DOCUMENT)
        self._monkeypatch = monkeypatch
        self._capture = capture

    def write(self) -> None:
        """Write the configuration."""
        text = yaml.safe_dump(self.document, allow_unicode=True)
        self.path.write_text(text, encoding="utf-8")

    def prepare(self) -> None:
        """Make keys and schema, without the catalogue."""
        self.write()
        prepare(parse_config(self.document, {}, self.folder))

    def run(self, *arguments: str) -> tuple[int, str, str]:
        """Run a command in this process; return exit code, output, errors."""
        words = ["thanthien", *arguments, "--config", str(self.path)]
        self._monkeypatch.setattr(sys, "argv", words)
        code = 0
        try:
            main()
        except SystemExit as error:
            code = int(error.code or 0)
        out, err = self._capture.readouterr()
        return code, out, err


MakeOffice = Callable[[], Office]


@pytest.fixture
def office(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> Office:
    """A folder with a configuration and nothing else yet."""
    made = Office(tmp_path, monkeypatch, capsys)
    made.write()
    return made
