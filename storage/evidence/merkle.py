"""How does a list of leaves become one hash? The Merkle tree of RFC 6962, 2.1.

A node is named (level, index): the root of the ``2**level`` leaves from
``index * 2**level`` on. A hash is 32 bytes of SHA-256.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator

LEAF_PREFIX = b"\x00"
"""RFC 6962 section 2.1: a leaf hash is SHA-256(0x00 || leaf)."""
NODE_PREFIX = b"\x01"
HASH_BYTES = 32
EMPTY_ROOT = hashlib.sha256(b"").digest()

Read = Callable[[int, int], bytes]
"""(level, index) -> the hash of that node, whose leaves must all be there."""


def leaf_hash(leaf: bytes) -> bytes:
    """Return the hash of a leaf."""
    return hashlib.sha256(LEAF_PREFIX + leaf).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """Return the hash over two subtrees."""
    return hashlib.sha256(NODE_PREFIX + left + right).digest()


def root_of(hashes: list[bytes]) -> bytes:
    """Return the root over a power of two of neighbouring nodes."""
    sha = hashlib.sha256
    while len(hashes) > 1:
        pairs = zip(hashes[::2], hashes[1::2], strict=True)
        hashes = [sha(NODE_PREFIX + left + right).digest() for left, right in pairs]
    return hashes[0]


class Range:
    """The leaves from 0 to ``size`` as the roots of its perfect subtrees, big first."""

    __slots__ = ("nodes", "size")

    def __init__(self, size: int = 0, nodes: list[bytes] | None = None) -> None:
        self.size = size
        self.nodes = nodes or []

    def append(self, node: bytes, level: int = 0) -> None:
        """Add the subtree of the next ``2**level`` leaves; it must begin on its own
        boundary, else ValueError.
        """
        if self.size & ((1 << level) - 1):
            raise ValueError(level)
        rest = self.size >> level
        while rest & 1:
            node = node_hash(self.nodes.pop(), node)
            rest >>= 1
        self.nodes.append(node)
        self.size += 1 << level

    def root(self) -> bytes:
        """Return the root of the whole tree."""
        if not self.nodes:
            return EMPTY_ROOT
        root = self.nodes[-1]
        for node in reversed(self.nodes[:-1]):
            root = node_hash(node, root)
        return root


def span(begin: int, end: int) -> Iterator[tuple[int, int]]:
    """Yield the fewest nodes (level, index) that cover the leaves [begin, end)."""
    while begin < end:
        level = (end - begin).bit_length() - 1
        if begin:
            level = min(level, (begin & -begin).bit_length() - 1)
        yield level, begin >> level
        begin += 1 << level


def range_of(size: int, read: Read) -> Range:
    """Return the range of the first ``size`` leaves from stored nodes."""
    return Range(size, [read(level, index) for level, index in span(0, size)])


def root_at(size: int, read: Read) -> bytes:
    """Return the root of the tree of the first ``size`` leaves."""
    return range_of(size, read).root()
