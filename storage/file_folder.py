"""Where do the sealed files lie? In one folder, under names that say nothing.

A file is written under a temporary name, fsynced, then renamed: what has its name is
whole. Every call blocks, run it in a thread.
"""

from __future__ import annotations

import contextlib
import fcntl
import os
import secrets
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from storage.errors import FileDamagedError, FilesFullError
from storage.sealed_file import SealedWriter, read_sealed
from storage.vault import PersonVault

TEMPORARY = ".part"
LOCK = ".lock"


class Draft:
    """A file that is being written; it has no name yet."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._file = _opened(path)
        self._writer = SealedWriter(self._file)

    @property
    def size(self) -> int:
        """How many plain bytes there are."""
        return self._writer.size

    @property
    def sha256(self) -> str:
        """Their hash, 64 hex digits."""
        return self._writer.sha256

    def write(self, data: bytes) -> None:
        """Add plain bytes; raises FilesFullError."""
        with _refused():
            self._writer.write(data)

    def finish(self, vault: PersonVault, name: str) -> None:
        """Seal it for this person and name, on the disk; raises FilesFullError."""
        with _refused():
            self._writer.finish(vault.box, _context(vault, name))
            self._file.flush()
            os.fsync(self._file.fileno())
            self._file.close()

    def read(self, vault: PersonVault, name: str) -> Iterator[bytes]:
        """Read back what ``finish`` sealed; raises FileDamagedError."""
        with self.path.open("rb") as file:
            yield from read_sealed(file, vault.box, _context(vault, name))

    def drop(self) -> None:
        """Leave nothing behind; harmless after it got its name."""
        with contextlib.suppress(OSError):
            self._file.close()
        with contextlib.suppress(OSError):
            self.path.unlink(missing_ok=True)


class FileFolder:
    """The sealed files of all units; several processes may share the folder."""

    def __init__(self, root: Path) -> None:
        self._root = root

    def draft(self) -> Draft:
        """Begin a file; raises FilesFullError."""
        with _refused():
            self._root.mkdir(parents=True, exist_ok=True, mode=0o700)
            return Draft(self._root / f"{secrets.token_hex(16)}{TEMPORARY}")

    def publish(self, draft: Draft, unit_id: str, name: str) -> None:
        """Give a finished draft its name, durably; raises FilesFullError.

        An equal file of the same person is replaced: its age starts anew, so that no
        sweep takes it away before its row is written.
        """
        place = self._place(unit_id, name)
        with _refused():
            for folder in (place.parent.parent, place.parent):
                folder.mkdir(exist_ok=True, mode=0o700)
            with self._lock():
                draft.path.replace(place)
            for folder in (place.parent, place.parent.parent, self._root):
                _sync(folder)

    def has(self, unit_id: str, name: str) -> bool:
        """Whether a file with that name is there."""
        return self._place(unit_id, name).exists()

    def read(self, vault: PersonVault, name: str) -> Iterator[bytes]:
        """Yield the plain bytes of a file; raises FileDamagedError, also if gone."""
        try:
            file = self._place(vault.unit_id, name).open("rb")
        except OSError as error:
            raise FileDamagedError(error.strerror or "") from error
        with file:
            yield from read_sealed(file, vault.box, _context(vault, name))

    def delete(self, unit_id: str, names: Iterable[str]) -> int:
        """Remove files and return how many were there; raises FilesFullError."""
        gone = 0
        with _refused():
            for name in names:
                place = self._place(unit_id, name)
                gone += place.exists()
                place.unlink(missing_ok=True)
        return gone

    def drop_drafts(self, before: float) -> int:
        """Remove drafts last written before a POSIX time: their writer is dead."""
        old = [p for p in self._root.glob(f"*{TEMPORARY}") if _age(p) < before]
        for path in old:
            path.unlink(missing_ok=True)
        return len(old)

    def old_names(self, unit_id: str, before: float) -> list[str]:
        """Return the files of a unit older than a POSIX time."""
        found = (self._root / unit_id).glob("??/*")
        return [path.name for path in found if _age(path) < before]

    def sweep(self, unit_id: str, before: float, orphans: Iterable[str]) -> int:
        """Remove files that no row names, if they are still old."""
        gone = 0
        for name in orphans:
            place = self._place(unit_id, name)
            with self._lock():
                if _age(place) < before:
                    place.unlink(missing_ok=True)
                    gone += 1
        return gone

    @contextmanager
    def _lock(self) -> Iterator[None]:
        """Between looking at a file's age and removing it nobody may renew it."""
        with (self._root / LOCK).open("a") as file:
            fcntl.flock(file, fcntl.LOCK_EX)
            yield

    def _place(self, unit_id: str, name: str) -> Path:
        return self._root / unit_id / name[:2] / name


def _context(vault: PersonVault, name: str) -> str:
    return f"{vault.unit_id}:file:{name}"


def _opened(path: Path) -> BinaryIO:
    return os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb")


@contextmanager
def _refused() -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise FilesFullError(error.strerror or "") from error


def _age(path: Path) -> float:
    """When it was last written; a file that went meanwhile counts as new."""
    try:
        return path.stat().st_mtime
    except OSError:
        return float("inf")


def _sync(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
