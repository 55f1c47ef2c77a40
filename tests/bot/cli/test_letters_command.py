"""Does ``thanthien letters`` write all files or none, and speak in one sentence?"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tests.bot.cli.conftest import Office
from tests.messages.letters.samples import DATA

FILES = {"letter.pdf", "letter.png", "letter.docx", "letter.txt"}


def render(office: Office, folder: Path, kind: str, data: Any) -> tuple[int, str, str]:
    """Write data to a file and render a letter of it into ``folder``."""
    source = folder.parent / "data.json"
    text = data if isinstance(data, str) else json.dumps(data, ensure_ascii=False)
    source.write_text(text, encoding="utf-8")
    words = ("render", kind, "--data", str(source), "--out", str(folder))
    code, out, err = office.run("letters", *words, "--date", "2026-11-05")
    return code, out, err


@pytest.mark.parametrize("kind", DATA)
def test_every_kind_becomes_its_files(
    office: Office, tmp_path: Path, kind: str
) -> None:
    """PDF, card, Word and text; Mẫu số 04 with the apology; nothing else is left."""
    code, _, err = render(office, tmp_path / "out", kind, DATA[kind])
    names = {path.name for path in (tmp_path / "out").iterdir()}

    assert (code, err) == (0, "")
    assert FILES | {"chat.txt"} <= names
    assert ("mau-04.pdf" in names) == (kind == "xin_loi_qua_han")
    assert not [name for name in names if name.startswith(".")]
    text = (tmp_path / "out" / "letter.txt").read_text(encoding="utf-8")
    assert "XÃ THANH HÀ\nThanh Hà, ngày 05 tháng 11 năm 2026" in text


@pytest.mark.parametrize(
    ("kind", "data", "word"),
    [
        ("thu_tinh", {}, "Không có loại thư này"),
        ("chia_buon", {"tuoi": 70}, "nguoi_mat"),
        ("ket_hon", {"chong": "A", "vo": "B", "ngay": "31/02/2026"}, "ngày"),
        ("ket_hon", {"chong": "A 🎉", "vo": "B"}, "🎉"),
        ("ket_hon", "[1, 2]", "nhóm mục"),
        ("ket_hon", "{", "JSON"),
        ("ket_hon", "[" * 100_000, "JSON"),
    ],
)
def test_a_failure_is_a_sentence_and_leaves_nothing(
    office: Office, tmp_path: Path, kind: str, data: Any, word: str
) -> None:
    """Exit 1, what is wrong, what to do; no file and no folder."""
    code, out, err = render(office, tmp_path / "out", kind, data)

    assert (code, out, len(err.splitlines())) == (1, "", 2)
    assert word in err
    assert "ngoài dự kiến" not in err
    assert not (tmp_path / "out").exists()


def test_an_unused_datum_is_told(office: Office, tmp_path: Path) -> None:
    """A mistyped name does not vanish in silence."""
    code, _, err = render(
        office, tmp_path / "out", "tham_hoi", DATA["tham_hoi"] | {"sdtt": "1"}
    )

    assert code == 0
    assert "sdtt" in err


def test_kinds_and_lint(office: Office) -> None:
    """Kinds are listed with what they need; our own templates are clean."""
    code, out, _ = office.run("letters", "kinds", "--json")
    kinds = {one["code"]: one for one in json.loads(out)}
    linted = office.run("letters", "lint", "ket_hon", "--json")

    assert code == 0
    assert kinds["ket_hon"]["required"] == [["chong"], ["vo"]]
    assert json.loads(linted[1]) == {"kinds": 1, "problems": []}


def test_a_communes_own_broken_kind_is_named(office: Office, tmp_path: Path) -> None:
    """The lint exits 1 and says which template."""
    (tmp_path / "kinds.yml").write_text(
        "moi:\n  {name: Mới, version: 1, tone: joy, required: [ten], address: person,"
        " channels: [print], quiet: ['07:00', '21:00'], outputs: [letter],"
        " catch_up: {hours: 1, then: ask}}"
    )
    (tmp_path / "moi").mkdir()
    (tmp_path / "moi" / "letter.j2").write_text("{{ la }}")
    code, out, err = office.run("letters", "lint", "moi", "--kinds", str(tmp_path))

    assert code == 1
    assert "moi/letter dùng mục lạ la" in out
    assert err.startswith("Dạ, xin lỗi: ")


def test_a_token_is_shown_once_and_can_be_ended(office: Office) -> None:
    """Made, listed without its secret, not made twice, ended."""
    assert office.run("migrate")[0] == 0
    code, out, _ = office.run("letters", "token", "mot-cua")
    assert code == 0
    assert out.startswith("tt1.thanh-ha.")
    assert office.run("letters", "token", "mot-cua")[0] == 1
    assert office.run("letters", "token", "Một Cửa")[0] == 1
    listed = office.run("letters", "tokens")[1]
    assert "mot-cua" in listed
    assert "tt1." not in listed
    assert office.run("letters", "token-end", "mot-cua")[0] == 0
    assert "đã kết thúc" in office.run("letters", "tokens")[1]
    assert office.run("letters", "token-end", "mot-cua")[0] == 1
