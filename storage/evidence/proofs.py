"""Is this leaf in that tree, and did the tree only grow? RFC 6962, 2.1.1 and 2.1.2.

Making a proof reads stored nodes; checking one needs nothing but hashes.
"""

from __future__ import annotations

from collections.abc import Sequence

from storage.evidence.merkle import EMPTY_ROOT, Read, node_hash, span


def inclusion(index: int, size: int, read: Read) -> list[bytes]:
    """Return the audit path of a leaf in a tree; ValueError when it is not in it."""
    if not 0 <= index < size:
        raise ValueError(index)
    return _path(index, 0, size, read)


def consistency(old: int, size: int, read: Read) -> list[bytes]:
    """Return the proof that the tree of ``old`` leaves is the begin of ``size``."""
    if not 0 <= old <= size:
        raise ValueError(old)
    if old in (0, size):
        return []
    return _grown(old, 0, size, read, is_whole=True)


def is_included(
    leaf: bytes, index: int, size: int, path: Sequence[bytes], root: bytes
) -> bool:
    """Whether a leaf hash stands at an index of the tree (RFC 9162, 2.1.3.2)."""
    if not 0 <= index < size:
        return False
    at, last, found = index, size - 1, leaf
    for node in path:
        if last == 0:
            return False
        if at & 1 or at == last:
            found = node_hash(node, found)
            while not at & 1 and at:
                at, last = at >> 1, last >> 1
        else:
            found = node_hash(found, node)
        at, last = at >> 1, last >> 1
    return last == 0 and found == root


def is_consistent(
    old: int, size: int, old_root: bytes, root: bytes, path: Sequence[bytes]
) -> bool:
    """Whether the old tree is the begin of the new one (RFC 9162, 2.1.4.2)."""
    if not 0 <= old <= size:
        return False
    if old == size:
        return not path and old_root == root
    if old == 0:
        return not path and old_root == EMPTY_ROOT
    nodes = list(path)
    if old & (old - 1) == 0:
        nodes.insert(0, old_root)
    return bool(nodes) and _climb(old - 1, size - 1, nodes) == (old_root, root)


def _climb(at: int, last: int, nodes: list[bytes]) -> tuple[bytes, bytes] | None:
    while at & 1:
        at, last = at >> 1, last >> 1
    before = after = nodes[0]
    for node in nodes[1:]:
        if last == 0:
            return None
        if at & 1 or at == last:
            before, after = node_hash(node, before), node_hash(node, after)
            while not at & 1 and at:
                at, last = at >> 1, last >> 1
        else:
            after = node_hash(after, node)
        at, last = at >> 1, last >> 1
    return (before, after) if last == 0 else None


def _split(count: int) -> int:
    """Return the largest power of two below a count."""
    return 1 << ((count - 1).bit_length() - 1)


def _hash(begin: int, end: int, read: Read) -> bytes:
    nodes = [read(level, index) for level, index in span(begin, end)]
    root = nodes.pop()
    while nodes:
        root = node_hash(nodes.pop(), root)
    return root


def _path(index: int, begin: int, end: int, read: Read) -> list[bytes]:
    if end - begin == 1:
        return []
    middle = begin + _split(end - begin)
    if index < middle:
        return [*_path(index, begin, middle, read), _hash(middle, end, read)]
    return [*_path(index, middle, end, read), _hash(begin, middle, read)]


def _grown(
    old: int, begin: int, end: int, read: Read, *, is_whole: bool
) -> list[bytes]:
    if old == end:
        return [] if is_whole else [_hash(begin, end, read)]
    middle = begin + _split(end - begin)
    if old <= middle:
        left = _grown(old, begin, middle, read, is_whole=is_whole)
        return [*left, _hash(middle, end, read)]
    right = _grown(old, middle, end, read, is_whole=False)
    return [*right, _hash(begin, middle, read)]
