"""How does a large file lie on the disk? In sealed chunks, under a key of its own.

Header: mark, then file key and plain size sealed under the person's key. Chunk n is
AES-256-GCM with nonce (n, is it the last): a cut, a swap or an addition is found at
the chunk where it happens. The context of the header binds the file to its name.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from typing import BinaryIO

from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from storage.errors import FileDamagedError
from storage.keys import KEY_BYTES, MAC_BYTES, NONCE_BYTES, Box, InvalidTag, new_key

MARK = b"TTF1"
CHUNK = 64 * 1024
SIZE_BYTES = 8
HEADER_BYTES = len(MARK) + NONCE_BYTES + KEY_BYTES + SIZE_BYTES + MAC_BYTES


class SealedWriter:
    """Writes one file; without ``finish`` nobody can ever open what it wrote."""

    def __init__(self, file: BinaryIO) -> None:
        self._file = file
        self._key = new_key()
        self._aead = AESGCM(self._key)
        self._waiting = bytearray()
        self._number = 0
        self._hash = hashlib.sha256()
        self.size = 0
        file.write(bytes(HEADER_BYTES))

    @property
    def sha256(self) -> str:
        """The hash of what was written so far, 64 hex digits."""
        return self._hash.hexdigest()

    def write(self, data: bytes) -> None:
        """Add plain bytes; raises OSError when the disk refuses them."""
        self._hash.update(data)
        self.size += len(data)
        self._waiting += data
        # The last chunk is marked: at least a byte of it stays back until then.
        while len(self._waiting) > CHUNK:
            self._seal(bytes(self._waiting[:CHUNK]), is_last=False)
            del self._waiting[:CHUNK]

    def finish(self, box: Box, context: str) -> None:
        """Seal the last chunk, then the header under the person's box."""
        self._seal(bytes(self._waiting), is_last=True)
        head = self._key + self.size.to_bytes(SIZE_BYTES)
        self._file.seek(0)
        self._file.write(MARK + box.seal(head, context))

    def _seal(self, plain: bytes, *, is_last: bool) -> None:
        nonce = _nonce(self._number, is_last=is_last)
        self._file.write(self._aead.encrypt(nonce, plain, MARK))
        self._number += 1


def read_sealed(file: BinaryIO, box: Box, context: str) -> Iterator[bytes]:
    """Yield the plain bytes, each chunk checked before it is handed out.

    Raises FileDamagedError: a wrong key or name, or bytes cut, moved or changed.
    """
    key, size = _header(file, box, context)
    aead = AESGCM(key)
    last = max(0, (size - 1) // CHUNK)
    for number in range(last + 1):
        length = CHUNK if number < last else size - last * CHUNK
        sealed = file.read(length + MAC_BYTES)
        nonce = _nonce(number, is_last=number == last)
        try:
            plain = aead.decrypt(nonce, sealed, MARK)
        except InvalidTag as error:
            raise FileDamagedError(f"chunk {number}") from error
        yield plain
    if file.read(1):
        raise FileDamagedError("longer than it says")


def _header(file: BinaryIO, box: Box, context: str) -> tuple[bytes, int]:
    head = file.read(HEADER_BYTES)
    if not head.startswith(MARK):
        raise FileDamagedError("no mark")
    try:
        plain = box.open(head[len(MARK) :], context)
    except InvalidTag as error:
        raise FileDamagedError("header") from error
    return plain[:KEY_BYTES], int.from_bytes(plain[KEY_BYTES:])


def _nonce(number: int, *, is_last: bool) -> bytes:
    return number.to_bytes(NONCE_BYTES - 1) + bytes([is_last])
