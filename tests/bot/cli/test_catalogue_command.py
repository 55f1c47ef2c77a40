"""Does ``thanthien catalogue`` say what it did, in the shapes others read?"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import click
import pytest
from click.testing import CliRunner, Result
from openpyxl import Workbook

from bot.__main__ import cli
from bot.errors import BotError
from tests.handlers.staff.catalogue.records import portal, portal_file

CONFIG = """
server: {host: 127.0.0.1, port: 18080, public_url: 'http://127.0.0.1:18080'}
storage: {url: 'sqlite:///%s/data.db'}
units:
  xa-thu:
    name: UBND xã Thử
    channels:
      facebook: {page_id: '1', app_secret: s, verify_token: v, page_access_token: t}
"""
BIRTH = "1.001193"


def invoke(config: Path, *words: str | Path) -> Result:
    """Run a command with the configuration."""
    texts = [str(word) for word in words]
    return CliRunner().invoke(cli, [*texts, "--config", str(config)])


def said(config: Path, *words: str | Path) -> Any:
    """Run a command that reports JSON and return the value."""
    result = invoke(config, "catalogue", *words, "--json")
    assert result.exit_code == 0, result.output
    return json.loads(result.output)


@pytest.fixture
def config(tmp_path: Path) -> Path:
    """An installation of one unit, migrated and seeded."""
    path = tmp_path / "config.yml"
    path.write_text(CONFIG % tmp_path, encoding="utf-8")
    result = invoke(path, "migrate")
    assert result.exit_code == 0, result.output
    return path


def test_migrate_loads_the_seed_and_list_tells_it(config: Path) -> None:
    """A list has code, name and level, as other programs read it."""
    found = {row["code"]: row for row in said(config, "list")}

    assert found[BIRTH] == {
        "code": BIRTH,
        "name": "Đăng ký khai sinh",
        "level": "Cấp xã",
    }
    assert len(found) >= 200


def test_portal_import_reports_and_repeats(config: Path, tmp_path: Path) -> None:
    """The report has the four numbers; the second run changes nothing."""
    file = portal_file(
        tmp_path,
        portal("1.000001"),
        portal("1.000002", cap_thuc_hien="Cấp bộ, Cấp tỉnh"),
        portal(BIRTH, ten_thu_tuc="Tên của Cổng", so_quyet_dinh="9/QĐ-BTP"),
        "hỏng",
    )
    report = said(config, "import", file)
    again = said(config, "import", file)
    rows = {row["code"]: row for row in said(config, "list")}

    counts = ("added", "changed", "unchanged", "rejected")
    assert [report[key] for key in counts] == [3, 0, 0, 1]
    assert [again[key] for key in counts] == [0, 0, 3, 1]
    assert again["version"] is None
    assert report["layer"] == "national"
    assert report["rejections"] == [
        {"row": 4, "code": "", "reason": "không phải một dòng JSON đúng"}
    ]
    assert rows["1.000002"]["level"] == "Cấp bộ, Cấp tỉnh"
    assert rows["1.000001"]["level"] == "Cấp bộ, Cấp xã"
    assert rows[BIRTH]["name"] == "Đăng ký khai sinh"


def test_dry_run_writes_nothing(config: Path, tmp_path: Path) -> None:
    """A trial tells what would change and changes nothing."""
    file = portal_file(tmp_path, portal("1.000001"))
    trial = invoke(config, "catalogue", "import", file, "--dry-run")

    assert "Thêm 1, đổi 0" in trial.output
    assert "chưa ghi gì" in trial.output
    assert "1.000001" not in {row["code"] for row in said(config, "list")}


def test_a_communes_spreadsheet_is_its_own_layer(config: Path, tmp_path: Path) -> None:
    """A spreadsheet goes to the commune's layer and shows in the export."""
    book = Workbook()
    sheet = book.worksheets[0]
    sheet.append(["Mã", "Lệ phí", "Ghi chú riêng"])
    sheet.append([BIRTH, "Không thu"])
    file = tmp_path / "xa.xlsx"
    book.save(file)
    printed = invoke(config, "catalogue", "import", file).output
    out = tmp_path / "ra.jsonl"
    exported = invoke(config, "catalogue", "export", out, "--commune-only")
    records = map(json.loads, out.read_text(encoding="utf-8").splitlines())
    fees = {record["code"]: record.get("fee") for record in records}

    assert "Thêm 1, đổi 0, không đổi 0, bỏ 0, từ chối 0." in printed
    assert "Cột chưa dùng: Ghi chú riêng." in printed
    assert exported.exit_code == 0
    assert fees[BIRTH] == {"text": "Không thu"}


def test_versions_show_what_is_in_force(config: Path, tmp_path: Path) -> None:
    """Each import is a version; the one in force is marked."""
    for name in ("Một", "Hai"):
        file = portal_file(tmp_path, portal(ten_thu_tuc=name), name=f"{name}.jsonl")
        said(config, "import", file)
    listed = said(config, "versions")

    assert [(row["source"], row["in_force"]) for row in listed[:2]] == [
        ("Hai.jsonl", True),
        ("Một.jsonl", False),
    ]
    assert listed[0]["changed"] == 1
    assert "* " in invoke(config, "catalogue", "versions").output


@pytest.mark.parametrize(
    ("name", "options", "sentence"),
    [
        ("khong-co.csv", (), "Không mở được tệp danh mục."),
        ("cong.jsonl", ("--layer", "commune"), "chỉ nhập được vào lớp quốc gia"),
        ("config.yml", (), "danh sách thủ tục"),
    ],
)
def test_errors_are_one_sentence_and_a_hint(
    config: Path, tmp_path: Path, name: str, options: tuple[str, ...], sentence: str
) -> None:
    """What goes wrong is said in Vietnamese, with what to do, and exit 1."""
    portal_file(tmp_path, portal())
    result = invoke(config, "catalogue", "import", tmp_path / name, *options)

    said_aloud = result.output
    if isinstance(result.exception, BotError):
        said_aloud = f"{result.exception} {result.exception.hint}"
    assert result.exit_code == 1
    assert sentence in said_aloud
    assert "Traceback" not in result.output


def test_the_group_has_its_commands() -> None:
    """The commands others rely on are there."""
    group = cli.get_command(click.Context(cli), "catalogue")

    assert isinstance(group, click.Group)
    assert {"import", "export", "list"} <= set(group.commands)
