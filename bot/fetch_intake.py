"""What happens to the bytes on their way to the disk? Counted, recognised, sealed."""

from __future__ import annotations

import asyncio

from bot.config_files import Files
from bot.fetch_results import UnfitFileError
from handlers.files.kinds import HEAD_BYTES, TAIL_BYTES, FileType, type_of
from storage.file_folder import Draft

MEGABYTE = 1024 * 1024
BATCH = 256 * 1024
"""Bytes that go to the disk at once, in a thread."""


class Intake:
    """Takes the pieces of one download; raises UnfitFileError as soon as it knows."""

    def __init__(self, draft: Draft, kind: str, sizes: Files) -> None:
        self._draft = draft
        self._sizes = sizes
        self._waiting = bytearray()
        self._head = b""
        self._tail = b""
        self._size = 0
        self._type: FileType | None = None
        self.limit_mb = limit_mb(sizes, kind)

    async def take(self, piece: bytes) -> None:
        """Add a piece; raises UnfitFileError, FilesFullError."""
        self._size += len(piece)
        self._tail = (self._tail + piece)[-TAIL_BYTES:]
        if len(self._head) < HEAD_BYTES:
            self._head = (self._head + piece)[:HEAD_BYTES]
            if len(self._head) == HEAD_BYTES:
                self._recognise()
        if self._size > self.limit_mb * MEGABYTE:
            raise UnfitFileError("too_big", self.limit_mb)
        self._waiting += piece
        if len(self._waiting) >= BATCH:
            await self._flush()

    async def end(self) -> FileType:
        """All came: write the rest; raises UnfitFileError, FilesFullError."""
        if not self._size:
            raise UnfitFileError("empty")
        self._recognise()
        found = type_of(self._head, self._tail)
        if found is None:
            raise UnfitFileError("type")
        await self._flush()
        return found

    def _recognise(self) -> None:
        """The limit is that of what it is, not of what it is said to be."""
        found = type_of(self._head)
        if found is None:
            raise UnfitFileError("type")
        self.limit_mb = limit_mb(self._sizes, found.group)
        if self._size > self.limit_mb * MEGABYTE:
            raise UnfitFileError("too_big", self.limit_mb)

    async def _flush(self) -> None:
        batch, self._waiting = bytes(self._waiting), bytearray()
        await asyncio.to_thread(self._draft.write, batch)


def limit_mb(sizes: Files, group: str) -> int:
    """Return the most megabytes of a kind or group of types."""
    limits = {
        "image": sizes.image_mb,
        "audio": sizes.audio_mb,
        "video": sizes.video_mb,
    }
    return limits.get(group, sizes.file_mb)
