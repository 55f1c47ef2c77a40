"""Does ``thanthien dossier`` make the file, again the same, and keep papers?"""

from __future__ import annotations

import hashlib
import json
import zipfile
from pathlib import Path

import pytest

from tests.bot.cli.conftest import Office

DAYS = ("--from", "2020-01-01", "--to", "2021-12-31")


@pytest.fixture
def photo(office: Office) -> Path:
    """A photo, in a folder whose commune is ready."""
    office.prepare()
    path = office.folder / "anh.jpg"
    path.write_bytes(b"\xff\xd8\xff\xe0" + bytes(100))
    return path


def digest(path: Path) -> str:
    """Return the hash of a file."""
    return hashlib.sha256(path.read_bytes()).hexdigest()


def test_papers_and_dossier_by_hand(office: Office, photo: Path) -> None:
    """Filed, listed, built, built again as of then, taken back."""
    more = ("--title", "Ảnh công sở", "--day", "2021-03-01", "--number", "7/BC")
    filed = office.run("dossier", "file", "IV.1", str(photo), *more)
    _, listed, _ = office.run("dossier", "papers", "--json")
    first, again = office.folder / "a.zip", office.folder / "b.zip"
    code, out, err = office.run("dossier", *DAYS, "--out", str(first), "--json")
    made = json.loads(out or err)
    as_of = ("--as-of", str(made["as_of"]))
    removed = office.run(
        "dossier", "remove", json.loads(listed)[0]["paper_id"], "--reason", "cũ"
    )
    verified, _, _ = office.run("evidence", "verify")
    second, told, _ = office.run("dossier", *DAYS, *as_of, "--out", str(again))

    assert (filed[0], code, removed[0], verified, second) == (0, 0, 0, 0, 0)
    assert json.loads(listed)[0]["title"] == "Ảnh công sở"
    assert "Đọc nhật ký: 100%" in err
    assert made["full"] == 1
    assert digest(first) == digest(again)
    assert "--as-of" in told
    assert "minh-chung/4.1/4.1-01.jpg" in zipfile.ZipFile(first).namelist()


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ((), "khoảng ngày"),
        (("--from", "2021-01-02", "--to", "2021-01-01"), "khoảng ngày"),
        ((*DAYS, "--as-of", "hôm kia"), "Chưa hiểu thời điểm"),
        ((*DAYS, "--as-of", "2090-01-01"), "chưa tới"),
        ((*DAYS, "--as-of", "2020-01-01"), "chưa có mốc"),
        (("file", "IX", "anh.jpg", "--title", "x", "--day", "2021-01-01"), "dòng này"),
    ],
)
def test_what_is_wrong_is_one_sentence(
    office: Office, photo: Path, words: tuple[str, ...], said: str
) -> None:
    """Exit 1, a sentence and a hint, no file left behind."""
    told = [str(photo) if word == "anh.jpg" else word for word in words]
    out = () if "file" in words else ("--out", str(office.folder / "x.zip"))
    code, _, err = office.run("dossier", *told, *out)

    assert (code, said in err, "Gợi ý:" in err) == (1, True, True)
    assert not list(office.folder.glob("*.zip*"))
