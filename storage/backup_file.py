"""How do rows and files lie in one backup file? Sealed frames, each checked on reading.

One open line names format and master key; all else is compressed and sealed in chunks
(storage.sealed_file), so that a cut, a swap or a changed bit is found. A file without
its end frame was never finished: the header that opens it is written last.
"""

from __future__ import annotations

import base64
import json
import zlib
from collections.abc import Iterator
from io import RawIOBase
from pathlib import Path
from typing import Any, BinaryIO, cast

from storage.errors import BackupError, BackupKeyError, FileDamagedError
from storage.keys import Box
from storage.sealed_file import SealedWriter, read_sealed

MARK = b"THAN-THIEN-BACKUP 1 "
LINE_BYTES = len(MARK) + 16 + 1
CONTEXT = "than-thien-backup"
HEAD_BYTES = 5
MOST = 64 * 1024 * 1024
"""A frame is at most this long: a length that says more is damage."""

Frame = tuple[str, bytes]
"""A letter for its kind, and what it holds."""


class _Behind(RawIOBase):
    """A file whose beginning lies behind the open line."""

    def __init__(self, file: BinaryIO) -> None:
        self._file = file

    def write(self, data: Any) -> int:
        return self._file.write(data)

    def seek(self, offset: int, whence: int = 0) -> int:
        return self._file.seek(offset + LINE_BYTES, whence)


class BackupWriter:
    """Writes frames; without ``finish`` nobody can ever open the file."""

    def __init__(self, file: BinaryIO, fingerprint: str) -> None:
        file.write(MARK + fingerprint.encode() + b"\n")
        self._sealed = SealedWriter(cast("BinaryIO", _Behind(file)))
        self._packer = zlib.compressobj(6)

    def frame(self, kind: str, payload: bytes) -> None:
        """Add a frame; raises OSError when the disk refuses it."""
        head = kind.encode() + len(payload).to_bytes(HEAD_BYTES - 1)
        self._sealed.write(self._packer.compress(head + payload))

    def value(self, kind: str, value: Any) -> None:
        """Add a frame of JSON; bytes are kept."""
        self.frame(kind, json.dumps(value, default=_wrapped).encode())

    def finish(self, box: Box) -> None:
        """Seal it; the caller makes it durable."""
        self._sealed.write(self._packer.flush())
        self._sealed.finish(box, CONTEXT)


def read_frames(path: Path, box: Box, fingerprint: str) -> Iterator[Frame]:
    """Yield the frames in order; raises BackupKeyError, BackupError, OSError."""
    with path.open("rb") as file:
        line = file.read(LINE_BYTES)
        if not line.startswith(MARK) or len(line) != LINE_BYTES:
            raise BackupError("no backup of ours")
        if line[len(MARK) : -1].decode(errors="replace") != fingerprint:
            raise BackupKeyError
        try:
            yield from _frames(read_sealed(file, box, CONTEXT))
        except (FileDamagedError, zlib.error) as error:
            raise BackupError(str(error)) from error


def value_of(payload: bytes) -> Any:
    """Return the JSON value of a frame."""
    return json.loads(payload, object_hook=_unwrapped)


def _frames(chunks: Iterator[bytes]) -> Iterator[Frame]:
    unpacker, waiting = zlib.decompressobj(), bytearray()
    for chunk in chunks:
        rest = chunk
        while rest:
            waiting += unpacker.decompress(rest, MOST)
            rest = unpacker.unconsumed_tail
            yield from _whole(waiting)
    if waiting or not unpacker.eof:
        raise BackupError("cut")


def _whole(waiting: bytearray) -> Iterator[Frame]:
    while len(waiting) >= HEAD_BYTES:
        size = int.from_bytes(waiting[1:HEAD_BYTES])
        if size > MOST:
            raise BackupError("length")
        if len(waiting) < HEAD_BYTES + size:
            return
        kind = chr(waiting[0])
        payload = bytes(waiting[HEAD_BYTES : HEAD_BYTES + size])
        del waiting[: HEAD_BYTES + size]
        yield kind, payload


def _wrapped(value: Any) -> dict[str, str]:
    return {"b": base64.b64encode(bytes(value)).decode()}


def _unwrapped(value: dict[str, Any]) -> Any:
    if value.keys() == {"b"}:
        return base64.b64decode(value["b"])
    return value
