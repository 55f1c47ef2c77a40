"""Does ``thanthien nlu test`` measure, and say what is wrong with a file?"""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.bot.cli.conftest import Office

ROWS = (
    {"q": "làm khai sinh cho con", "gold": ["1.001193"], "facets": []},
    {"q": "đăng ký kết hôn hết bao nhiêu tiền", "gold": ["1.000894"]},
    {"q": "cảm ơn em nhé", "intent": "thanks"},
    {"q": "đơn ly hôn nộp ở đâu", "scope": "elsewhere"},
    {"turns": [{"q": "làm khai sinh", "gold": ["1.001193"]}]},
)


@pytest.fixture
def questions(tmp_path: Path) -> Path:
    """A file with a question of every kind."""
    path = tmp_path / "cau_hoi.jsonl"
    path.write_text("\n".join(map(json.dumps, ROWS)), encoding="utf-8")
    return path


def test_json(office: Office, questions: Path) -> None:
    """Each way of typing has a full report that a program can read."""
    office.path.unlink()
    code, out, _ = office.run("nlu", "test", str(questions), "--json")

    reports = json.loads(out)
    assert code == 0
    assert set(reports) == {"typed", "folded", "typos"}
    typed = reports["typed"]
    assert typed["procedures"]["first"] == 1.0
    assert typed["intents"]["thanks"]["f1"] == 1.0
    assert typed["talks"] == {"count": 1, "right": 1.0}
    assert typed["p99_ms"] > 0


def test_table(office: Office, questions: Path) -> None:
    """The table names its columns and the shares in percent."""
    office.path.unlink()
    code, out, _ = office.run("nlu", "test", str(questions))

    assert code == 0
    assert "như gõ" in out
    assert "không dấu" in out
    assert "100.0" in out


@pytest.mark.parametrize(
    ("text", "part"),
    [('{"q": 1}', "cau_hoi.jsonl:1"), ("", "không có câu hỏi nào")],
)
def test_a_bad_file_is_told_in_one_sentence(
    office: Office, questions: Path, text: str, part: str
) -> None:
    """The place of the mistake and a hint, no traceback."""
    questions.write_text(text, encoding="utf-8")
    code, out, err = office.run("nlu", "test", str(questions))

    assert (code, out) == (1, "")
    assert part in err
    assert "Gợi ý: " in err


def test_a_missing_file(office: Office, tmp_path: Path) -> None:
    """A path that leads nowhere is named."""
    code, _, err = office.run("nlu", "test", str(tmp_path / "khong_co.jsonl"))

    assert code == 1
    assert "khong_co.jsonl" in err
