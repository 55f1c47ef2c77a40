"""What of a PNG may be shown? The chunks that draw; no texts, times or EXIF.

PNG (W3C, third edition) 5.3, 11.3. What comes after the end is left out too.
"""

from __future__ import annotations

from handlers.files.errors import UnreadablePictureError

MARK = b"\x89PNG\r\n\x1a\n"
_KEPT = frozenset(
    {b"IHDR", b"PLTE", b"IDAT", b"IEND", b"tRNS", b"cHRM", b"gAMA", b"iCCP", b"sBIT"}
    | {b"sRGB", b"cICP", b"bKGD", b"pHYs", b"acTL", b"fcTL", b"fdAT"}
)


def without_facts(data: bytes) -> bytes:
    """Return the picture without what it tells; raises UnreadablePictureError."""
    if not data.startswith(MARK):
        raise UnreadablePictureError
    kept, at, name = [MARK], len(MARK), b""
    while name != b"IEND":
        length, name = int.from_bytes(data[at : at + 4]), data[at + 4 : at + 8]
        end = at + 12 + length
        if len(name) < 4 or end > len(data):  # noqa: PLR2004  a chunk's name
            raise UnreadablePictureError
        if name in _KEPT:
            kept.append(data[at:end])
        at = end
    return b"".join(kept)
