"""What of a WebP may be shown? All but its EXIF and XMP chunks (RFC 9649)."""

from __future__ import annotations

from handlers.files.errors import UnreadablePictureError

_DROPPED = frozenset({b"EXIF", b"XMP "})
_FLAGS = 0b1100
"""The bits of VP8X that announce EXIF and XMP."""


def without_facts(data: bytes) -> bytes:
    """Return the picture without what it tells; raises UnreadablePictureError."""
    if data[:4] != b"RIFF" or data[8:12] != b"WEBP":
        raise UnreadablePictureError
    end = 8 + int.from_bytes(data[4:8], "little")
    if end > len(data):
        raise UnreadablePictureError
    kept, at = [b"WEBP"], 12
    while at + 8 <= end:
        name, size = data[at : at + 4], int.from_bytes(data[at + 4 : at + 8], "little")
        following = at + 8 + size + size % 2
        if at + 8 + size > end:
            raise UnreadablePictureError
        if name not in _DROPPED:
            kept.append(_chunk(name, data[at:following]))
        at = following
    body = b"".join(kept)
    return b"RIFF" + len(body).to_bytes(4, "little") + body


def _chunk(name: bytes, whole: bytes) -> bytes:
    if name != b"VP8X" or len(whole) <= 8:  # noqa: PLR2004  the chunk's header
        return whole
    return whole[:8] + bytes([whole[8] & ~_FLAGS]) + whole[9:]
