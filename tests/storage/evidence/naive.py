"""RFC 6962, 2.1 word for word, slow and recursive: the second opinion of the tests."""

from __future__ import annotations

import hashlib


def sha(data: bytes) -> bytes:
    """Return SHA-256."""
    return hashlib.sha256(data).digest()


def tree(leaves: list[bytes]) -> bytes:
    """Return MTH(D[n])."""
    if not leaves:
        return sha(b"")
    if len(leaves) == 1:
        return sha(b"\x00" + leaves[0])
    k = split(len(leaves))
    return sha(b"\x01" + tree(leaves[:k]) + tree(leaves[k:]))


def path(m: int, leaves: list[bytes]) -> list[bytes]:
    """Return PATH(m, D[n])."""
    if len(leaves) == 1:
        return []
    k = split(len(leaves))
    if m < k:
        return [*path(m, leaves[:k]), tree(leaves[k:])]
    return [*path(m - k, leaves[k:]), tree(leaves[:k])]


def proof(m: int, leaves: list[bytes], *, is_whole: bool = True) -> list[bytes]:
    """Return SUBPROOF(m, D[n], b)."""
    if m == len(leaves):
        return [] if is_whole else [tree(leaves)]
    k = split(len(leaves))
    if m <= k:
        return [*proof(m, leaves[:k], is_whole=is_whole), tree(leaves[k:])]
    return [*proof(m - k, leaves[k:], is_whole=False), tree(leaves[:k])]


def split(n: int) -> int:
    """Return the largest power of two smaller than n."""
    k = 1
    while k * 2 < n:
        k *= 2
    return k
