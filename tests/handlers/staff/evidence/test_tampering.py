"""Is every single change to the log or to a bundle found, and named?"""

from __future__ import annotations

import random
import shutil
import sqlite3
from dataclasses import replace
from pathlib import Path

import pytest

from handlers.staff.evidence.trust import Trust
from handlers.staff.evidence.verify_evidence import Bundle
from storage.evidence.notes import Signer, read_note, sign
from tests.handlers.staff.evidence.conftest import Made, checked
from tests.handlers.staff.evidence.tamper import (
    copies,
    in_bundle,
    in_database,
    unlocked,
)
from tests.storage.evidence.log import ORIGIN

CHANGES = 80


def faults(folder: Path, made: Made) -> list[str]:
    """Check a bundle with key and checkpoint given."""
    found = Bundle(folder)
    found.check(made.fingerprint, (made.note,))
    return found.faults


def trusting(made: Made) -> Trust:
    """Return what was printed."""
    return Trust(made.fingerprint, (made.printed,))


def test_an_untouched_log_is_right(made: Made) -> None:
    """Database and bundle agree on size and root, with and without trust."""
    live, bundle = checked(made.path, trusting(made)), Bundle(made.bundle)
    bundle.check(made.fingerprint, (made.note,))

    assert live.faults == bundle.faults == []
    assert ["dấu thời gian" in one for one in live.unchecked] == [True]
    assert (live.entries, live.root) == (330, bundle.root())
    assert (bundle.size, bundle.full) == (330, 330)
    assert made.printed.root.hex() == bundle.root()
    assert len(checked(made.path).unchecked) == 3


def test_every_change_of_a_row_is_found(made: Made, tmp_path: Path) -> None:
    """Random values, removals and moves in every table and column of the log."""
    chance = random.Random(7)  # noqa: S311  the same changes every time
    missed = []
    fresh = copies(made.path, tmp_path / "log.db")
    for _ in range(CHANGES):
        path = next(fresh)
        change = in_database(path, chance)
        change.do()
        report = checked(path, trusting(made))
        if report.is_ok or not report.faults[0]:
            missed.append(change.name)

    assert missed == []


def test_every_change_of_a_bundle_is_found(made: Made, tmp_path: Path) -> None:
    """Flipped bits, cut, swapped, repeated lines, missing and added files."""
    chance = random.Random(8)  # noqa: S311  the same changes every time
    missed = []
    fresh = copies(made.bundle, tmp_path / "bundle")
    for _ in range(CHANGES):
        folder = next(fresh)
        change = in_bundle(folder, chance)
        change.do()
        if not faults(folder, made):
            missed.append(change.name)

    assert missed == []


def test_swapped_entries_are_found(made: Made, tmp_path: Path) -> None:
    """Two entries that change places are two entries at fault."""
    path = next(copies(made.path, tmp_path / "log.db"))
    connection = unlocked(path)
    for there, here in ((3, -1), (7, 3), (-1, 7)):
        connection.execute(
            "UPDATE evidence_position SET position = ? WHERE position = ?",
            (here, there),
        )
    connection.commit()
    connection.close()

    assert checked(path).number >= 2


@pytest.mark.parametrize(
    ("table", "column"),
    [
        ("evidence_entry", "leaf"),
        ("evidence_tile", "hashes"),
        ("evidence_key", "sealed_seed"),
        ("evidence_checkpoint", "note"),
        ("evidence_stamp", "token"),
        ("evidence_head", "size"),
    ],
)
def test_a_value_of_another_type_is_named(
    made: Made, tmp_path: Path, table: str, column: str
) -> None:
    """SQLite keeps a text where bytes or numbers were; the check does not fall over."""
    path = next(copies(made.path, tmp_path / "log.db"))
    connection = unlocked(path)
    connection.execute(f"UPDATE {table} SET {column} = 'x'")  # noqa: S608  our names
    connection.commit()
    connection.close()

    assert "đổi kiểu" in checked(path).faults[0]


@pytest.mark.parametrize("waits", [False, True])
def test_an_inserted_entry_is_found(made: Made, tmp_path: Path, *, waits: bool) -> None:
    """An entry that was not appended is named; so is one that waits twice."""
    path = next(copies(made.path, tmp_path / "log.db"))
    connection = unlocked(path)
    if waits:
        connection.execute(
            "INSERT INTO evidence_waiting SELECT unit_id, entry_id"
            " FROM evidence_position WHERE position = 5"
        )
    else:
        connection.execute(
            "INSERT INTO evidence_entry SELECT unit_id, 'x', at, tag, subject, leaf,"
            " leaf_hash FROM evidence_entry LIMIT 1"
        )
    connection.commit()
    connection.close()
    report = checked(path)

    assert not report.is_ok
    assert waits or "mục x được chèn" in report.faults[0]


def test_a_log_made_anew_is_found_by_key_or_checkpoint(
    made: Made, tmp_path: Path
) -> None:
    """Signed again by another key throughout: only the fingerprint tells, and says."""
    folder = next(copies(made.bundle, tmp_path / "bundle"))
    resign(folder, Signer.of(ORIGIN, bytes(32)))
    alone, with_key = Bundle(folder), Bundle(folder)
    alone.check()
    with_key.check(made.fingerprint)

    assert alone.faults == []
    assert any("khóa khác" in text for text in alone.unchecked)
    assert with_key.faults == ["gói ký bằng khóa khác với dấu vân tay đã cho"]


def resign(folder: Path, signer: Signer) -> None:
    """Do what a forger with full control of a bundle would do."""
    import hashlib  # noqa: PLC0415  only the forger needs it

    (folder / "keys.txt").write_text(f"0 {signer.key}\n", encoding="utf-8")
    for path in folder.glob("checkpoints/*"):
        text = read_note(path.read_text(encoding="utf-8")).text
        path.write_text(sign(text, signer), encoding="utf-8")
    manifest = folder / "manifest.txt"
    lines = read_note(manifest.read_text(encoding="utf-8")).text.split("\n")
    for number, line in enumerate(lines):
        if line.startswith("file "):
            data = (folder / line.split(" ", 3)[3]).read_bytes()
            name = line.split(" ", 3)[3]
            digest = hashlib.sha256(data).hexdigest()
            lines[number] = f"file {digest} {len(data)} {name}"
    files = sorted(line for line in lines if line.startswith("file "))
    head = [line for line in lines[:-1] if not line.startswith("file ")]
    text = "\n".join([*head, *files, ""])
    manifest.write_text(sign(text, signer), encoding="utf-8")


def test_a_key_put_behind_ours_is_found(made: Made, tmp_path: Path) -> None:
    """A forger who keeps our key in the list has nobody to lead his own in."""
    folder = next(copies(made.bundle, tmp_path / "bundle"))
    ours = (folder / "keys.txt").read_text(encoding="utf-8").splitlines()[0]
    forger = Signer.of(ORIGIN, bytes(32))
    resign(folder, forger)
    (folder / "keys.txt").write_text(f"{ours}\n1 {forger.key}\n", encoding="utf-8")
    resign_manifest_only(folder, forger)
    found = Bundle(folder)
    found.check(made.fingerprint)

    assert any("chữ ký sai hoặc thiếu" in fault for fault in found.faults)


def resign_manifest_only(folder: Path, signer: Signer) -> None:
    """Make the manifest fit the files again."""
    keys = (folder / "keys.txt").read_text(encoding="utf-8")
    resign(folder, signer)
    (folder / "keys.txt").write_text(keys, encoding="utf-8")
    data = keys.encode()
    import hashlib  # noqa: PLC0415  only the forger needs it

    manifest = folder / "manifest.txt"
    text = read_note(manifest.read_text(encoding="utf-8")).text
    lines = [
        f"file {hashlib.sha256(data).hexdigest()} {len(data)} keys.txt"
        if line.endswith(" keys.txt")
        else line
        for line in text.split("\n")[:-1]
    ]
    rest = sorted(line for line in lines if line.startswith("file "))
    head = [line for line in lines if not line.startswith("file ")]
    manifest.write_text(sign("\n".join([*head, *rest, ""]), signer), encoding="utf-8")


def test_a_cut_log_is_found_by_the_checkpoint(made: Made, tmp_path: Path) -> None:
    """All after the second day removed without a trace: the printed page tells."""
    path = next(copies(made.path, tmp_path / "log.db"))
    connection = unlocked(path)
    cut(connection, 300)
    connection.close()
    trust = trusting(made)

    assert checked(path, replace(trust, checkpoints=())).is_ok
    report = checked(path, trust)
    assert any("cắt bớt" in fault for fault in report.faults)


def cut(connection: sqlite3.Connection, size: int) -> None:
    """Remove all behind a checkpoint, tiles and head included."""
    connection.execute(
        "DELETE FROM evidence_entry WHERE entry_id IN"
        " (SELECT entry_id FROM evidence_position WHERE position >= ?)",
        (size,),
    )
    connection.execute("DELETE FROM evidence_position WHERE position >= ?", (size,))
    connection.execute("DELETE FROM evidence_checkpoint WHERE size > ?", (size,))
    connection.execute("UPDATE evidence_head SET size = ?, signed = ?", (size, size))
    connection.execute(
        "UPDATE evidence_tile SET hashes = substr(hashes, 1, ?)"
        " WHERE level = 0 AND number = 1",
        ((size - 256) * 32,),
    )
    connection.commit()


def test_a_forked_log_is_found_by_the_checkpoint(made: Made) -> None:
    """Another root at the printed size: the histories differ."""
    other = replace(made.printed, root=bytes(32), size=300)
    report = checked(made.path, Trust(made.fingerprint, (other,)))
    bundle = Bundle(made.bundle)
    bundle.check(made.fingerprint, (other.text(),))

    assert report.faults == ["nhật ký đã rẽ nhánh trước mốc 300 mục đã cho"]
    assert len(bundle.faults) == 1


def test_copying_does_not_change_a_bundle(made: Made, tmp_path: Path) -> None:
    """The forger's tools above start from a bundle that is right."""
    shutil.copytree(made.bundle, tmp_path / "b")

    assert faults(tmp_path / "b", made) == []
