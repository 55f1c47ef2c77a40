"""Which names does an archive list at its end? (PKWARE APPNOTE 4.3.12, 4.3.16)"""

from __future__ import annotations

import struct

_END = b"PK\x05\x06"
_ENTRY = b"PK\x01\x02"
_END_BYTES = 22
_ENTRY_BYTES = 46
_UNKNOWN_SIZE = 0xFFFFFFFF


def entry_names(tail: bytes) -> frozenset[str] | None:
    """Return the names in the part of the list that ``tail`` holds; None without one.

    A list longer than the tail is read from its first whole entry on.
    """
    end = tail.rfind(_END)
    if end < 0 or len(tail) - end < _END_BYTES:
        return None
    (size,) = struct.unpack_from("<I", tail, end + 12)
    if size == _UNKNOWN_SIZE or size > end:
        begin = tail.find(_ENTRY, 0, end)
    else:
        begin = end - size
    return _names(tail[begin:end]) if begin >= 0 else frozenset()


def _names(listing: bytes) -> frozenset[str]:
    found, at = set(), 0
    while listing.startswith(_ENTRY, at) and at + _ENTRY_BYTES <= len(listing):
        name, extra, comment = struct.unpack_from("<HHH", listing, at + 28)
        begin = at + _ENTRY_BYTES
        found.add(listing[begin : begin + name].decode("utf-8", "replace"))
        at = begin + name + extra + comment
    return frozenset(found)
