"""Where are the pictures and documents? In memory, bounded, oldest out first."""

from __future__ import annotations

import hashlib
import secrets
from collections import OrderedDict
from dataclasses import dataclass

from bot.sandbox.errors import TooLargeError

MOST_BYTES = 64 * 1024 * 1024
MOST_FILES = 5_000
LIFE_MS = 7 * 24 * 3_600_000
"""Ids of uploads live seven days on Zalo (PLATFORMS 1.7)."""
PICTURES = {
    b"\x89PNG\r\n\x1a\n": "image/png",
    b"\xff\xd8\xff": "image/jpeg",
    b"GIF87a": "image/gif",
    b"GIF89a": "image/gif",
}


@dataclass(frozen=True, slots=True)
class StoredFile:
    """One file; ``kind`` is its media type by content, ``at_ms`` when it came.

    ``link`` is set, and the data empty, for a file that lies on another host.
    """

    file_id: str
    name: str
    kind: str
    data: bytes
    at_ms: int
    link: str = ""

    @property
    def is_picture(self) -> bool:
        """Whether a browser may show it in the page."""
        return self.kind.startswith("image/")

    @property
    def path(self) -> str:
        """Where the sandbox serves it."""
        return f"/sandbox/files/{self.file_id}"

    @property
    def checksum(self) -> str:
        """The MD5 which Zalo puts beside a file."""
        return hashlib.md5(self.data, usedforsecurity=False).hexdigest()


class Files:
    """The store of both directions."""

    def __init__(self) -> None:
        self._files: OrderedDict[str, StoredFile] = OrderedDict()
        self._bytes = 0

    def add(self, name: str, data: bytes, now_ms: int) -> StoredFile:
        """Keep a file; raises TooLargeError above the whole store's size."""
        if len(data) > MOST_BYTES:
            raise TooLargeError
        return self._keep(
            StoredFile(_new_id(), name[:200], kind_of(data), data, now_ms)
        )

    def add_link(self, url: str, now_ms: int) -> StoredFile:
        """Keep only where a file lies."""
        return self._keep(StoredFile(_new_id(), "", "", b"", now_ms, link=url))

    def get(self, file_id: str) -> StoredFile | None:
        """Return the file if it is still there."""
        return self._files.get(file_id)

    def fresh(self, file_id: str, now_ms: int) -> StoredFile | None:
        """Return the file unless its id has expired."""
        found = self._files.get(file_id)
        return found if found and now_ms - found.at_ms <= LIFE_MS else None

    def _keep(self, stored: StoredFile) -> StoredFile:
        self._files[stored.file_id] = stored
        self._bytes += len(stored.data)
        while self._bytes > MOST_BYTES or len(self._files) > MOST_FILES:
            _, oldest = self._files.popitem(last=False)
            self._bytes -= len(oldest.data)
        return stored


def _new_id() -> str:
    return secrets.token_hex(12)


def kind_of(data: bytes) -> str:
    """Return the media type by the first bytes; names and headers may lie."""
    for mark, kind in PICTURES.items():
        if data.startswith(mark):
            return kind
    return "application/octet-stream"
