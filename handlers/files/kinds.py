"""What is this file, by its own bytes? Names and headers lie; anything else is refused.

Signatures: each format's own standard; ISO BMFF brands (ISO/IEC 14496-12) for
pictures, sound and video that share the ``ftyp`` box.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from handlers.files.archive import entry_names

HEAD_BYTES = 512
"""So much of the beginning decides."""
TAIL_BYTES = 64 * 1024
"""An archive is told by the list at its end."""


@dataclass(frozen=True, slots=True)
class FileType:
    """A type we keep; ``group`` decides its size limit: image, audio, video, file."""

    media_type: str
    group: str
    suffix: str


JPEG = FileType("image/jpeg", "image", ".jpg")
PNG = FileType("image/png", "image", ".png")
WEBP = FileType("image/webp", "image", ".webp")
GIF = FileType("image/gif", "image", ".gif")
HEIC = FileType("image/heic", "image", ".heic")
MP4 = FileType("video/mp4", "video", ".mp4")
MOV = FileType("video/quicktime", "video", ".mov")
MP3 = FileType("audio/mpeg", "audio", ".mp3")
M4A = FileType("audio/mp4", "audio", ".m4a")
AAC = FileType("audio/aac", "audio", ".aac")
AMR = FileType("audio/amr", "audio", ".amr")
OGG = FileType("audio/ogg", "audio", ".ogg")
PDF = FileType("application/pdf", "file", ".pdf")
ZIP = FileType("application/zip", "file", ".zip")
_OFFICE = "application/vnd.openxmlformats-officedocument."
DOCX = FileType(f"{_OFFICE}wordprocessingml.document", "file", ".docx")
XLSX = FileType(f"{_OFFICE}spreadsheetml.sheet", "file", ".xlsx")
PPTX = FileType(f"{_OFFICE}presentationml.presentation", "file", ".pptx")
TYPES = (
    *(JPEG, PNG, WEBP, GIF, HEIC, MP4, MOV, MP3, M4A, AAC, AMR, OGG),
    *(PDF, ZIP, DOCX, XLSX, PPTX),
)
SUFFIXES: Mapping[str, str] = {one.media_type: one.suffix for one in TYPES}

_MARKS = (
    (b"\xff\xd8\xff", JPEG),
    (b"\x89PNG\r\n\x1a\n", PNG),
    (b"GIF87a", GIF),
    (b"GIF89a", GIF),
    (b"#!AMR", AMR),
    (b"OggS\x00", OGG),
    (b"ID3", MP3),
    (b"%PDF-", PDF),
    (b"PK\x03\x04", ZIP),
)
_HEIC_BRANDS = frozenset({b"heic", b"heix", b"heim", b"heis", b"hevc", b"mif1"})
_VIDEO_BRANDS = frozenset(
    {b"isom", b"iso2", b"iso4", b"iso5", b"iso6", b"mp41", b"mp42", b"avc1", b"M4V "}
    | {b"MSNV", b"dash", b"3gp4", b"3gp5", b"3gp6", b"3gp7"}
)
_INSIDE = (
    ("word/document.xml", DOCX),
    ("xl/workbook.xml", XLSX),
    ("ppt/presentation.xml", PPTX),
)
_MACROS = "vbaproject.bin"


def type_of(head: bytes, tail: bytes | None = None) -> FileType | None:
    """Return the type; None for what we do not keep.

    ``head`` is the beginning (HEAD_BYTES of it or the whole file). Without the
    ``tail`` an Office document is only an archive, and a broken one still passes.
    """
    found = _by_mark(head) or _by_box(head) or _by_riff(head) or _by_frame(head)
    return _archive(tail) if found is ZIP and tail is not None else found


def _by_mark(head: bytes) -> FileType | None:
    return next((kind for mark, kind in _MARKS if head.startswith(mark)), None)


def _by_riff(head: bytes) -> FileType | None:
    return WEBP if head[:4] == b"RIFF" and head[8:12] == b"WEBP" else None


def _by_box(head: bytes) -> FileType | None:
    if head[4:8] != b"ftyp":
        return None
    brand = head[8:12]
    if brand in _HEIC_BRANDS:
        return HEIC
    if brand in (b"M4A ", b"M4B "):
        return M4A
    if brand == b"qt  ":
        return MOV
    return MP4 if brand in _VIDEO_BRANDS else None


def _by_frame(head: bytes) -> FileType | None:
    """MPEG audio has no mark but eleven or twelve set bits, then sane fields."""
    if len(head) < 4 or head[0] != 0xFF:  # noqa: PLR2004  a frame header's bytes
        return None
    if head[1] & 0xF6 == 0xF0:  # noqa: PLR2004  ADTS: sync, layer 0
        return AAC if head[2] >> 2 & 0xF < 13 else None  # noqa: PLR2004  13 rates
    is_layer_3 = head[1] & 0xE6 == 0xE2  # noqa: PLR2004  sync, layer III
    bitrate, rate = head[2] >> 4, head[2] >> 2 & 3
    is_sane = bitrate not in (0, 15) and rate != 3 and head[1] & 0x18 != 0x08  # noqa: PLR2004
    return MP3 if is_layer_3 and is_sane else None


def _archive(tail: bytes) -> FileType | None:
    """A document that brings programs along is not kept, nor a broken archive."""
    names = entry_names(tail)
    if names is None or any(name.lower().endswith(_MACROS) for name in names):
        return None
    return next((kind for inside, kind in _INSIDE if inside in names), ZIP)
