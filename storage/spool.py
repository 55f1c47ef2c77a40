"""Where do acknowledged webhooks go while the database is away? Fsynced files.

Files are named by time, so replay keeps order; their content is sealed (see
storage.day_keys); a file nobody can read is set aside, never in the way.
"""

from __future__ import annotations

import contextlib
import json
import os
from base64 import b64decode, b64encode
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path

from storage.errors import CorruptFileError, SpoolFullError
from storage.inbox import Delivery, StoredEvent

SUFFIX = ".spool"
CORRUPT = ".corrupt"


class Spool:
    """One folder of spool files; every call blocks, run it in a thread."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def prepare(self) -> None:
        """Make the folder, prove that it takes files, drop what was cut in half.

        Only for the process that writes here, at its start: a file another one is
        writing would go. Raises SpoolFullError.
        """
        self.probe()
        try:
            for left in self._folder.glob("*.tmp"):
                left.unlink()
        except OSError as error:
            raise SpoolFullError(str(error.strerror)) from error

    def probe(self) -> None:
        """Make the folder and prove that it takes files; raises SpoolFullError."""
        try:
            self._folder.mkdir(parents=True, exist_ok=True, mode=0o700)
            probe = self._folder / f".probe-{os.getpid()}"
            probe.write_bytes(b"x")
            probe.unlink(missing_ok=True)
        except OSError as error:
            raise SpoolFullError(str(error.strerror)) from error

    def write(self, name: str, deliveries: Sequence[Delivery]) -> None:
        """Write one batch; durable (file and folder fsynced) when it returns."""
        data = "\n".join(_line(item) for item in deliveries).encode()
        temporary = self._folder / f"{name}.tmp"
        try:
            with temporary.open("wb") as file:
                file.write(data)
                file.flush()
                os.fsync(file.fileno())
            temporary.rename(self._folder / f"{name}{SUFFIX}")
            _sync_folder(self._folder)
        except OSError as error:
            # A disk that became read-only refuses this too.
            with contextlib.suppress(OSError):
                temporary.unlink(missing_ok=True)
            raise SpoolFullError(str(error.strerror)) from error

    def names(self) -> list[str]:
        """Return the waiting files, oldest first."""
        return sorted(path.name for path in self._folder.glob(f"*{SUFFIX}"))

    def corrupt(self) -> list[str]:
        """Return the files that were set aside."""
        return sorted(path.name for path in self._folder.glob(f"*{CORRUPT}"))

    def read(self, name: str) -> list[Delivery]:
        """Read one file; raises CorruptFileError when it makes no sense."""
        try:
            lines = (self._folder / name).read_text().splitlines()
            return [_delivery(line) for line in lines]
        except (ValueError, KeyError, TypeError, RecursionError) as error:
            raise CorruptFileError(name) from error

    def done(self, name: str) -> None:
        """Remove a file whose content is in the database."""
        (self._folder / name).unlink(missing_ok=True)
        _sync_folder(self._folder)

    def set_aside(self, name: str) -> None:
        """Move an unreadable file out of the way; it is kept for a person."""
        path = self._folder / name
        path.rename(path.with_suffix(CORRUPT))

    def purge(self, before: float) -> int:
        """Delete files older than a POSIX time (30 days at the latest)."""
        old = [
            path
            for path in self._folder.glob("*")
            if path.suffix in (SUFFIX, CORRUPT) and path.stat().st_mtime < before
        ]
        for path in old:
            path.unlink(missing_ok=True)
        return len(old)


__all__ = ["CorruptFileError", "Spool"]


def _line(item: Delivery) -> str:
    value = asdict(item) | {"sealed": b64encode(item.sealed).decode()}
    return json.dumps(value, separators=(",", ":"))


def _delivery(line: str) -> Delivery:
    value = json.loads(line)
    events = tuple(StoredEvent(**event) for event in value["events"])
    sealed = b64decode(value["sealed"], validate=True)
    return Delivery(**(value | {"sealed": sealed, "events": events}))


def _sync_folder(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
