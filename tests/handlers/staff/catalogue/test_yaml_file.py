"""Is a file in our own form read, and a wrong record refused alone?"""

from __future__ import annotations

from pathlib import Path

import pytest

from handlers.staff.catalogue import yaml_file
from handlers.staff.catalogue.errors import FileUnreadableError
from handlers.staff.catalogue.model import Batch


def read(folder: Path, text: str) -> Batch:
    """Read a text as a YAML file."""
    path = folder / "xa.yml"
    path.write_text(text, encoding="utf-8")
    return yaml_file.read_yaml(path)


def test_records_may_be_partial_and_dates_are_texts(tmp_path: Path) -> None:
    """A record may hold only what differs; a bare code keeps its zeros."""
    batch = read(
        tmp_path,
        "- code: 1.115620\n  fee: {text: Không thu}\n"
        "- code: XA-1\n  source: {name: Xã, as_of: 2026-11-01}\n",
    )

    assert [row.fields for row in batch.rows] == [
        {"code": "1.115620", "fee": {"text": "Không thu"}},
        {"code": "XA-1", "source": {"name": "Xã", "as_of": "2026-11-01"}},
    ]


def test_wrong_records_are_refused_alone(tmp_path: Path) -> None:
    """A record without code, twice, or of another shape leaves the others alone."""
    batch = read(tmp_path, "- a\n- name: x\n- code: A\n- code: A\n- code: B\n")

    assert [row.code for row in batch.rows] == ["A", "B"]
    assert [(r.number, r.code, r.reason) for r in batch.rejections] == [
        (1, "", "không phải một bản ghi gồm các trường"),
        (2, "", "thiếu mã thủ tục (code)"),
        (4, "A", "trùng mã với bản ghi 3"),
    ]


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("- code: A\n  - b: [", "sai ở dòng 2"),
        ("code: A\n", "danh sách thủ tục"),
        ("- &x {code: A}\n- *x\n", "neo"),
        ("- !!python/object:os.system {}\n", "sai ở dòng 1"),
    ],
)
def test_broken_files_are_refused_with_a_place(
    tmp_path: Path, text: str, sentence: str
) -> None:
    """Broken YAML, anchors and foreign objects are refused whole."""
    with pytest.raises(FileUnreadableError, match=sentence):
        read(tmp_path, text)
