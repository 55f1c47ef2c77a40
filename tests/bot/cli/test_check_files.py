"""Does ``thanthien check`` say whether citizens' files can be kept and scanned?"""

from __future__ import annotations

import json

import pytest

from tests.bot.cli.conftest import Office

PART = "tệp người dân gửi"


def told(office: Office) -> list[tuple[str, str]]:
    """Return level and text of what is said of files."""
    _, out, _ = office.run("check", "--json")
    found = json.loads(out)["findings"]
    return [(one["level"], one["text"]) for one in found if one["part"] == PART]


def test_a_folder_is_tried(office: Office) -> None:
    """It is writable and left empty; nobody scans, and that is said."""
    office.prepare()
    (folder, ok), (_, scan) = told(office)
    assert (folder, scan) == ("ok", "không quét vi-rút (chưa đặt files.clamd)")
    assert ok.endswith("files ghi được")
    left = [p for p in (office.folder / "data" / "files").iterdir() if p.is_file()]
    assert left == []


def test_a_folder_that_takes_nothing_is_an_error(office: Office) -> None:
    """A file lies where the folder should be."""
    office.document["storage"]["files"] = "taken"
    office.prepare()
    (office.folder / "taken").write_text("")
    ((level, text),) = told(office)
    assert level == "error"
    assert text.endswith("không ghi được")


@pytest.mark.parametrize(
    ("command", "level", "words"),
    [
        (["true"], "ok", "diệt vi-rút trả lời"),
        (["false"], "warning", "chặn cả tệp thử"),
        (["khong-co-lenh-nay"], "warning", "không trả lời"),
    ],
)
def test_the_scanner_is_asked(
    office: Office, command: list[str], level: str, words: str
) -> None:
    """A scanner that does not answer would make every file wait."""
    office.document["files"] = {"scan_command": command}
    office.prepare()
    _, (said, text) = told(office)
    assert (said, words in text) == (level, True)
