"""Which files do the tests send? Small, well-formed by hand, with a place in them."""

from __future__ import annotations

import io
import struct
import zipfile
import zlib

PLACE = b"N20.9449 E106.3331 Thanh Ha"
"""What a camera wrote and nobody may see."""


def segment(code: int, body: bytes) -> bytes:
    """Return a JPEG segment."""
    return bytes((0xFF, code)) + struct.pack(">H", len(body) + 2) + body


def exif(way: int = 6, order: str = ">") -> bytes:
    """Return an EXIF segment's body with an orientation and a place."""
    head = b"MM\x00*" if order == ">" else b"II*\x00"
    entries = struct.pack(f"{order}HHIHH", 0x010F, 2, 4, 0, 0)
    entries += struct.pack(f"{order}HHIHH", 0x0112, 3, 1, way, 0)
    ifd = struct.pack(f"{order}H", 2) + entries + bytes(4)
    return b"Exif\x00\x00" + head + struct.pack(f"{order}I", 8) + ifd + PLACE


SCAN = b"\x01\x02\xff\x00\x03\xff\xd0\x04" * 40


def jpeg(*segments: bytes, after: bytes = b"") -> bytes:
    """Return a JPEG with these segments in front, and bytes after its end."""
    tables = segment(0xDB, bytes(65)) + segment(0xC0, bytes(15))
    scan = segment(0xDA, bytes(10)) + SCAN
    again = segment(0xC4, bytes(20)) + segment(0xDA, bytes(10)) + SCAN
    start = b"\xff\xd8" + segment(0xE0, b"JFIF\x00" + bytes(9))
    return b"".join([start, *segments, tables, scan, again, b"\xff\xd9", after])


def photo() -> bytes:
    """Return a JPEG as a telephone makes it: with a place in five ways."""
    return jpeg(
        segment(0xE1, exif()),
        segment(0xE1, b"http://ns.adobe.com/xap/1.0/\x00" + PLACE),
        segment(0xE2, b"ICC_PROFILE\x00colours"),
        segment(0xE2, b"MPF\x00" + PLACE),
        segment(0xED, b"Photoshop 3.0\x00" + PLACE),
        segment(0xFE, PLACE),
        after=PLACE,
    )


def chunk(name: bytes, body: bytes) -> bytes:
    """Return a PNG chunk."""
    check = struct.pack(">I", zlib.crc32(name + body))
    return struct.pack(">I", len(body)) + name + body + check


def png(*chunks: bytes) -> bytes:
    """Return a picture of one grey dot, with these chunks before its data."""
    head = chunk(b"IHDR", struct.pack(">IIBBBBB", 1, 1, 8, 0, 0, 0, 0))
    data = chunk(b"IDAT", zlib.compress(b"\x00\x80"))
    mark = b"\x89PNG\r\n\x1a\n"
    return b"".join([mark, head, *chunks, data, chunk(b"IEND", b"")])


def placed_png() -> bytes:
    """Return a PNG that tells its place in three ways."""
    texts = (chunk(b"tEXt", b"GPS\x00" + PLACE), chunk(b"eXIf", PLACE))
    return png(*texts, chunk(b"iTXt", PLACE)) + PLACE


def riff(name: bytes, body: bytes) -> bytes:
    """Return a RIFF chunk."""
    return name + struct.pack("<I", len(body)) + body + bytes(len(body) % 2)


def webp(*chunks: bytes) -> bytes:
    """Return a WebP of these chunks."""
    body = b"WEBP" + b"".join(chunks)
    return b"RIFF" + struct.pack("<I", len(body)) + body


def placed_webp() -> bytes:
    """Return a WebP that tells its place twice."""
    flags = riff(b"VP8X", bytes([0b101100]) + bytes(9))
    facts = riff(b"EXIF", PLACE), riff(b"XMP ", PLACE)
    return webp(flags, riff(b"ICCP", b"abc"), riff(b"VP8L", b"picture"), *facts)


def box(name: bytes, body: bytes = b"") -> bytes:
    """Return an ISO base media box."""
    return struct.pack(">I", len(body) + 8) + name + body


def movie(brand: bytes = b"isom") -> bytes:
    """Return a video with a place in its film, in a track, and beside."""
    notes = box(b"udta", box(b"\xa9xyz", PLACE))
    track = box(b"trak", box(b"tkhd", bytes(20)) + notes)
    film = box(b"moov", box(b"mvhd", bytes(30)) + track + notes + box(b"meta", PLACE))
    start = box(b"ftyp", brand + bytes(4) + b"mp42")
    return start + box(b"mdat", b"film" * 3000) + film + box(b"uuid", PLACE)


def archive(*names: str, body: bytes = b"<xml/>") -> bytes:
    """Return a zip archive with these names."""
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as file:
        for name in names:
            file.writestr(zipfile.ZipInfo(name), body)
    return made.getvalue()


DOCX = archive("[Content_Types].xml", "word/document.xml")
XLSX = archive("[Content_Types].xml", "xl/workbook.xml")
PPTX = archive("[Content_Types].xml", "ppt/presentation.xml")
MACROS = archive("[Content_Types].xml", "word/document.xml", "word/vbaProject.bin")
PDF = b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\n%%EOF\n"
SAMPLES = {
    "image/jpeg": photo(),
    "image/png": placed_png(),
    "image/webp": placed_webp(),
    "image/gif": b"GIF89a" + bytes(20),
    "image/heic": box(b"ftyp", b"heic" + bytes(4)) + bytes(50),
    "video/mp4": movie(),
    "video/quicktime": movie(b"qt  "),
    "audio/mp4": movie(b"M4A "),
    "audio/mpeg": b"\xff\xfb\x90\x00" + bytes(400),
    "audio/aac": b"\xff\xf1\x50\x80" + bytes(400),
    "audio/amr": b"#!AMR\n" + bytes(40),
    "audio/ogg": b"OggS\x00\x02" + bytes(40),
    "application/pdf": PDF,
    "application/zip": archive("anh/1.jpg", "anh/2.jpg"),
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document": DOCX,
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": XLSX,
    "application/vnd.openxmlformats-officedocument.presentationml.presentation": PPTX,
}
REFUSED = {
    "program": b"MZ\x90\x00" + bytes(600),
    "linux program": b"\x7fELF\x02\x01\x01" + bytes(600),
    "page": b"<!DOCTYPE html><html><script>alert(1)</script></html>",
    "picture that is a program": b"<svg xmlns='http://www.w3.org/2000/svg'/>",
    "script": b"#!/bin/sh\nrm -rf /\n",
    "words": b"chao ban",
    "old document": b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600),
    "macros": MACROS,
    "broken archive": archive("a.txt")[:-30],
    "avif": box(b"ftyp", b"avif" + bytes(4)) + bytes(60),
    "layer two": b"\xff\xfd\x90\x00" + bytes(60),
    "nothing": b"",
    "one byte": b"\xff",
}
