"""What of a JPEG may be shown? The picture, its colours and which way is up.

Everything else that cameras write (EXIF with GPS, XMP, IPTC, comments, a second
picture behind the first) is left out. ITU-T T.81 B.1; CIPA DC-008 4.5, 4.6.
"""

from __future__ import annotations

import struct

from handlers.files.errors import UnreadablePictureError

_START, _END, _SCAN = 0xD8, 0xD9, 0xDA
_APP0, _APP1, _APP2, _APP14, _APP15, _COMMENT = 0xE0, 0xE1, 0xE2, 0xEE, 0xEF, 0xFE
_BARE = frozenset({0x01, *range(0xD0, 0xD9)})
_EXIF = b"Exif\x00\x00"
_ORIENTATION = 0x0112
_ORIENTATIONS = range(2, 9)
_SHORT = 3


def without_facts(data: bytes) -> bytes:
    """Return the picture without what it tells; raises UnreadablePictureError."""
    if data[:2] != bytes((0xFF, _START)):
        raise UnreadablePictureError
    kept, at, way = [data[:2]], 2, 0
    while True:
        code, begin = _marker(data, at)
        if code == _END:
            return b"".join([kept[0], _upright(way), *kept[1:], data[at:begin]])
        end = begin if code in _BARE else begin + _length(data, begin)
        if code == _APP1 and not way:
            way = orientation(data[begin + 2 : end])
        if _is_kept(code, data[begin + 2 : end]):
            kept.append(b"\xff" + data[begin - 1 : end])
        at = end
        if code == _SCAN:
            at = _scan_end(data, end)
            kept.append(data[end:at])


def orientation(segment: bytes) -> int:
    """Return the orientation (2 to 8) that an EXIF segment tells; 0 for none."""
    tiff = segment[len(_EXIF) :] if segment.startswith(_EXIF) else b""
    order = {b"II*\x00": "<", b"MM\x00*": ">"}.get(tiff[:4], "")
    if not order:
        return 0
    try:
        (first,) = struct.unpack_from(f"{order}I", tiff, 4)
        (number,) = struct.unpack_from(f"{order}H", tiff, first)
        for entry in range(first + 2, first + 2 + 12 * number, 12):
            tag, kind, _, told = struct.unpack_from(f"{order}HHIH", tiff, entry)
            if (tag, kind) == (_ORIENTATION, _SHORT):
                return told if told in _ORIENTATIONS else 0
    except struct.error:
        return 0
    return 0


def _upright(way: int) -> bytes:
    """An EXIF segment that says nothing but which way is up."""
    if not way:
        return b""
    entry = struct.pack(">HHIHH", _ORIENTATION, _SHORT, 1, way, 0)
    tiff = b"MM\x00*" + struct.pack(">IH", 8, 1) + entry + bytes(4)
    body = _EXIF + tiff
    return bytes((0xFF, _APP1)) + struct.pack(">H", len(body) + 2) + body


def _marker(data: bytes, at: int) -> tuple[int, int]:
    """Return the marker at this place and where it ends; fill bytes are skipped."""
    if data[at : at + 1] != b"\xff":
        raise UnreadablePictureError
    while data[at : at + 1] == b"\xff":
        at += 1
    if at >= len(data):
        raise UnreadablePictureError
    return data[at], at + 1


def _length(data: bytes, at: int) -> int:
    length = int.from_bytes(data[at : at + 2])
    if length < 2 or at + length > len(data):  # noqa: PLR2004  it counts itself
        raise UnreadablePictureError
    return length


def _is_kept(code: int, body: bytes) -> bool:
    if code == _APP2:
        return body.startswith(b"ICC_PROFILE\x00")
    if code in (_APP0, _APP14):
        return body.startswith((b"JFIF\x00", b"Adobe"))
    return not (_APP0 <= code <= _APP15 or code == _COMMENT)


def _scan_end(data: bytes, at: int) -> int:
    """Return where the next marker stands after the packed picture data."""
    while (at := data.find(b"\xff", at)) >= 0 and at + 1 < len(data):
        following = data[at + 1]
        if following not in (0x00, 0xFF) and following not in _BARE:
            return at
        if following == _START:
            raise UnreadablePictureError
        at += 1 if following == 0xFF else 2  # noqa: PLR2004  a fill byte
    raise UnreadablePictureError
