"""Is a file under its name whole, and does nothing else stay in the folder?"""

from __future__ import annotations

import os
import time
from pathlib import Path

import pytest

from storage.errors import FileDamagedError, FilesFullError
from storage.file_folder import FileFolder
from storage.keys import KeyRing
from storage.vault import PersonVault, Vault
from tests.storage.rows import UNIT, mode

NAME = "ab" * 16
OTHER = "ac" * 16
LATER = time.time() + 86_400


@pytest.fixture
def folder(tmp_path: Path) -> FileFolder:
    """A folder that does not exist yet."""
    return FileFolder(tmp_path / "deep" / "files")


@pytest.fixture
def vault(ring: KeyRing) -> PersonVault:
    """A person's key."""
    return Vault(UNIT, ring.unit(UNIT)).create("p-lua")


def keep(
    folder: FileFolder, vault: PersonVault, plain: bytes, name: str = NAME
) -> None:
    """Write one file as the fetcher does."""
    draft = folder.draft()
    draft.write(plain)
    draft.finish(vault, name)
    assert b"".join(draft.read(vault, name)) == plain
    folder.publish(draft, UNIT, name)
    draft.drop()


def everything(root: Path) -> list[Path]:
    """Return all files below a folder, without the lock."""
    return [p for p in root.rglob("*") if p.is_file() and p.name != ".lock"]


def test_a_kept_file_is_read_back(folder: FileFolder, vault: PersonVault) -> None:
    """Only under its name and with its person's key."""
    keep(folder, vault, b"anh")

    assert folder.has(UNIT, NAME)
    assert b"".join(folder.read(vault, NAME)) == b"anh"
    with pytest.raises(FileDamagedError):
        list(folder.read(vault, OTHER))


def test_a_renamed_file_does_not_open(
    folder: FileFolder, vault: PersonVault, tmp_path: Path
) -> None:
    """Two files of a person that changed places are found."""
    keep(folder, vault, b"anh mot")
    keep(folder, vault, b"anh hai", OTHER)
    first, second = sorted(everything(tmp_path))
    first.replace(second)

    with pytest.raises(FileDamagedError):
        list(folder.read(vault, OTHER))


def test_an_equal_file_replaces_the_first(
    folder: FileFolder, vault: PersonVault, tmp_path: Path
) -> None:
    """One name, one file."""
    keep(folder, vault, b"anh")
    keep(folder, vault, b"anh")
    assert len(everything(tmp_path)) == 1


def test_only_the_owner_may_read(
    folder: FileFolder, vault: PersonVault, tmp_path: Path
) -> None:
    """Folders are 0700 and files 0600."""
    keep(folder, vault, b"anh")
    made = list((tmp_path / "deep" / "files").rglob("*"))
    rights = {p.stat().st_mode & 0o777 for p in made if p.name != ".lock"}
    assert rights == {0o700, 0o600}


def test_a_draft_that_is_dropped_leaves_nothing(
    folder: FileFolder, tmp_path: Path
) -> None:
    """A refused download is not on the disk."""
    draft = folder.draft()
    draft.write(b"x" * 200_000)
    draft.drop()
    draft.drop()
    assert everything(tmp_path) == []


def test_drafts_of_the_dead_are_removed(folder: FileFolder, tmp_path: Path) -> None:
    """Old ones go, young ones may still be written."""
    draft = folder.draft()
    draft.write(b"x" * 200_000)
    os.utime(draft.path, (1000, 1000))
    young = folder.draft()

    assert folder.drop_drafts(2000) == 1
    assert everything(tmp_path) == [young.path]
    for one in (draft, young):
        one.drop()


def test_orphans_go_when_they_are_old(folder: FileFolder, vault: PersonVault) -> None:
    """A file without a row is removed, unless it was written just now."""
    keep(folder, vault, b"anh")
    assert folder.old_names(UNIT, LATER) == [NAME]
    assert folder.old_names("other-unit", LATER) == []
    assert folder.old_names(UNIT, 1000) == []

    assert folder.sweep(UNIT, 1000, [NAME, OTHER]) == 0
    assert folder.has(UNIT, NAME)
    assert folder.sweep(UNIT, LATER, [NAME, OTHER]) == 1
    assert not folder.has(UNIT, NAME)


def test_deleting_counts_what_was_there(folder: FileFolder, vault: PersonVault) -> None:
    """A name without a file is no fault."""
    keep(folder, vault, b"anh")
    assert folder.delete(UNIT, [NAME, OTHER]) == 1
    assert not folder.has(UNIT, NAME)


def test_a_disk_that_refuses_is_told(tmp_path: Path, vault: PersonVault) -> None:
    """A folder that cannot be made or written to raises one error of ours."""
    (tmp_path / "taken").write_text("")
    blocked = FileFolder(tmp_path / "taken")
    with pytest.raises(FilesFullError):
        blocked.draft()

    folder = FileFolder(tmp_path / "files")
    draft = folder.draft()
    draft.write(b"anh")
    draft.finish(vault, NAME)
    (tmp_path / "files" / UNIT).write_text("")
    with pytest.raises(FilesFullError):
        folder.publish(draft, UNIT, NAME)
    draft.drop()


def test_a_full_disk_is_told_while_writing(folder: FileFolder) -> None:
    """The kernel's own answer for "no space left" comes out as ours."""
    draft = folder.draft()
    full = os.open("/dev/full", os.O_WRONLY)
    os.dup2(full, draft._file.fileno())
    os.close(full)
    with pytest.raises(FilesFullError, match="No space left"):
        draft.write(b"x" * 1_000_000)
    draft.drop()


def test_a_folder_without_rights_is_told(tmp_path: Path) -> None:
    """Where nobody may write, nothing is written (root may: then it is fine)."""
    root = tmp_path / "files"
    root.mkdir()
    mode(root, 0o500)
    try:
        FileFolder(root).draft().drop()
    except FilesFullError:
        assert os.geteuid() != 0
    mode(root, 0o700)
