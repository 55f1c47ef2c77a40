"""What of a video may be shown? All but the notes in its ``moov`` box.

Phones write the place into ``udta`` (©xyz) or ``meta``: they become empty ``free``
boxes of the same size, so that every offset stays right. ISO/IEC 14496-12 4.2, 8.1.
"""

from __future__ import annotations

from collections.abc import Iterator

from handlers.files.errors import UnreadablePictureError

MOST = 32 * 1024 * 1024
"""A ``moov`` larger than this is not of a phone; it is held in memory."""
_NOTES = frozenset({b"udta", b"meta", b"uuid"})
_INSIDE = frozenset({b"moov", b"trak"})
_SHORT, _LONG = 8, 16
_WIDE, _TO_END = 1, 0


def without_facts(chunks: Iterator[bytes]) -> Iterator[bytes]:
    """Yield the video without what it tells; raises UnreadablePictureError."""
    source = _Source(chunks)
    while head := source.take(_SHORT):
        if len(head) < _SHORT:
            raise UnreadablePictureError
        size, name = _size(head), head[4:]
        if size == _WIDE:
            head += source.take(_LONG - _SHORT)
            size = int.from_bytes(head[8:16])
        if size == _TO_END and name not in _NOTES | _INSIDE:
            yield head
            yield from source.rest()
            return
        if size < len(head):
            raise UnreadablePictureError
        yield from _box(source, head, name, size - len(head))


def _box(source: _Source, head: bytes, name: bytes, left: int) -> Iterator[bytes]:
    if name not in _NOTES | _INSIDE:
        yield head
        yield from source.pass_on(left)
        return
    if left > MOST:
        raise UnreadablePictureError
    body = bytearray(source.take(left))
    if len(body) < left:
        raise UnreadablePictureError
    if name in _NOTES:
        yield head[:4] + b"free" + head[8:] + bytes(left)
        return
    _clear(body, 0, left)
    yield head
    yield bytes(body)


def _clear(body: bytearray, at: int, end: int) -> None:
    while at + _SHORT <= end:
        size, name, head = _size(body[at : at + 4]), bytes(body[at + 4 : at + 8]), 8
        if size == _WIDE:
            size, head = int.from_bytes(body[at + 8 : at + 16]), _LONG
        size = size or end - at
        if size < head or at + size > end:
            raise UnreadablePictureError
        if name in _NOTES:
            body[at + 4 : at + 8] = b"free"
            body[at + head : at + size] = bytes(size - head)
        elif name in _INSIDE:
            _clear(body, at + head, at + size)
        at += size


def _size(head: bytes | bytearray) -> int:
    return int.from_bytes(head[:4])


class _Source:
    """A stream from which exact numbers of bytes are taken."""

    def __init__(self, chunks: Iterator[bytes]) -> None:
        self._chunks = chunks
        self._held = b""

    def take(self, number: int) -> bytes:
        """Return so many bytes, fewer at the end of the stream."""
        parts, missing = [self._held], number - len(self._held)
        while missing > 0 and (chunk := next(self._chunks, None)) is not None:
            parts.append(chunk)
            missing -= len(chunk)
        held = b"".join(parts)
        self._held = held[number:]
        return held[:number]

    def pass_on(self, number: int) -> Iterator[bytes]:
        """Yield so many bytes as they come, fewer at the end of the stream."""
        while number > 0:
            part = self._held or next(self._chunks, b"")
            if not part:
                return
            now, self._held = part[:number], part[number:]
            number -= len(now)
            yield now

    def rest(self) -> Iterator[bytes]:
        """Yield what is left."""
        yield self._held
        yield from self._chunks
