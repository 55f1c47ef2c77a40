"""What stands in the vault key file, or in the environment? One line a fact.

The first line is the master key in force (64 hex digits). While it is being replaced,
``old KEY MS`` is the one before and since when (UTC ms). ``unit ID MAC SIGN SEALED``
holds what must outlive a master key: pseudonyms, signatures and the sealed queue are
made with it. In an environment variable ``;`` stands for the end of a line.
"""

from __future__ import annotations

import os
import stat
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from types import MappingProxyType

from storage.errors import KeyFileError

KEY_BYTES = 32
UNIT_WORDS, OLD_WORDS = 5, 3


@dataclass(frozen=True, slots=True)
class Kept:
    """The secrets of a unit that no rotation changes, 32 bytes each."""

    mac: bytes
    sign: bytes
    sealed: bytes


@dataclass(frozen=True, slots=True)
class Old:
    """The master key before, and when (UTC ms) the new one took its place."""

    master: bytes
    since: int


@dataclass(frozen=True, slots=True)
class KeyText:
    """All keys of an installation."""

    master: bytes
    old: Old | None = None
    kept: Mapping[str, Kept] = field(default_factory=lambda: MappingProxyType({}))

    def text(self) -> str:
        """Return the lines of the file."""
        lines = [self.master.hex()]
        if self.old is not None:
            lines.append(f"old {self.old.master.hex()} {self.old.since}")
        for unit_id, one in sorted(self.kept.items()):
            parts = (one.mac.hex(), one.sign.hex(), one.sealed.hex())
            lines.append(" ".join(("unit", unit_id, *parts)))
        return "\n".join(lines) + "\n"

    def without_old(self) -> KeyText:
        """Return the keys when the old one has done its service."""
        return replace(self, old=None)


def parse_keys(text: str, named: str = "") -> KeyText:
    """Read the lines; raises KeyFileError with ``named``, never with a key."""
    lines = [line.split() for line in text.replace(";", "\n").splitlines()]
    try:
        (first,), *more = [line for line in lines if line]
        found = KeyText(_key(first))
        for words in more:
            found = _with(found, words)
    except ValueError as error:
        raise KeyFileError(named) from error
    return found


def read_keys(path: Path) -> KeyText:
    """Read a key file; raises KeyFileError when absent, damaged or public."""
    try:
        mode = path.stat().st_mode
        text = path.read_text(encoding="ascii")
    except (OSError, ValueError) as error:
        raise KeyFileError(path.name) from error
    if mode & (stat.S_IRGRP | stat.S_IROTH):
        raise KeyFileError(f"{path.name}: mode 0600 expected")
    return parse_keys(text, path.name)


def write_keys(path: Path, keys: KeyText) -> None:
    """Replace a key file, whole and durable, mode 0600; raises OSError."""
    new = path.with_name(f".{path.name}.new")
    new.unlink(missing_ok=True)
    handle = os.open(new, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "w", encoding="ascii") as file:
        file.write(keys.text())
        file.flush()
        os.fsync(file.fileno())
    new.replace(path)
    sync_folder(path.parent)


def sync_folder(folder: Path) -> None:
    """Make the names in a folder durable."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _with(keys: KeyText, words: list[str]) -> KeyText:
    if words[0] == "old" and len(words) == OLD_WORDS and keys.old is None:
        return replace(keys, old=Old(_key(words[1]), int(words[2])))
    if words[0] == "unit" and len(words) == UNIT_WORDS and words[1] not in keys.kept:
        kept = Kept(*(_key(word) for word in words[2:]))
        return replace(keys, kept=MappingProxyType({**keys.kept, words[1]: kept}))
    raise ValueError(words[0])


def _key(text: str) -> bytes:
    found = bytes.fromhex(text)
    if len(found) != KEY_BYTES:
        raise ValueError(len(found))
    return found
