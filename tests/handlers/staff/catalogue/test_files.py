"""Is each kind of file recognised, and each that cannot be read explained?"""

from __future__ import annotations

import gzip
from pathlib import Path

import pytest

from handlers.staff.catalogue import files
from handlers.staff.catalogue.errors import (
    CatalogueError,
    FileKindError,
    FileMissingError,
    FileTooLargeError,
    FileUnreadableError,
)
from tests.handlers.staff.catalogue.records import lines, ours, portal, portal_file


@pytest.mark.parametrize("name", ["cong.jsonl", "cong.jsonl.gz"])
def test_portal_lines_are_recognised(tmp_path: Path, name: str) -> None:
    """The portal's lines are known by their keys, packed or not."""
    text = "\n" + lines("hỏng", portal())
    path = tmp_path / name
    data = text.encode()
    path.write_bytes(gzip.compress(data) if name.endswith(".gz") else data)

    batch = files.read(path)

    assert batch.is_portal
    assert [row.number for row in batch.rows] == [3]
    assert [r.number for r in batch.rejections] == [2]


def test_our_own_lines_are_recognised(tmp_path: Path) -> None:
    """JSON lines with our keys are read as our own form."""
    batch = files.read(portal_file(tmp_path, ours(), "{"))

    assert not batch.is_portal
    assert [row.fields for row in batch.rows] == [ours()]
    assert [r.reason for r in batch.rejections] == ["không phải một dòng JSON đúng"]


def test_what_cannot_be_read_is_explained(tmp_path: Path) -> None:
    """Each trouble has its own sentence and a hint for staff."""
    damaged = tmp_path / "cong.jsonl.gz"
    damaged.write_bytes(gzip.compress(lines(portal()).encode())[:40])
    unknown = tmp_path / "bang.docx"
    unknown.touch()
    folder = tmp_path / "thu-muc.csv"
    folder.mkdir()

    for path, kind in (
        (damaged, FileUnreadableError),
        (unknown, FileKindError),
        (folder, FileKindError),
        (tmp_path / "khong-co.csv", FileMissingError),
    ):
        with pytest.raises(kind) as caught:
            files.read(path)
        assert str(caught.value)
        assert caught.value.hint


@pytest.mark.parametrize(
    ("bound", "value"), [("MAX_FILE", 10), ("MAX_LINE", 10), ("MAX_LINES", 1)]
)
def test_sizes_are_bounded(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, bound: str, value: int
) -> None:
    """A file, a line and the number of lines have bounds."""
    monkeypatch.setattr(files, bound, value)

    with pytest.raises(FileTooLargeError):
        files.read(portal_file(tmp_path, portal(), portal("2.000001")))


def test_every_error_speaks_and_hints() -> None:
    """The sentence of each error is its docstring, and each has a hint."""
    for kind in CatalogueError.__subclasses__():
        assert str(kind()) == (kind.__doc__ or "").strip()
        assert kind().hint
