"""Do roots and proofs agree with the published vectors and a second opinion?"""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from storage.evidence.growing import Growing
from storage.evidence.merkle import (
    EMPTY_ROOT,
    Range,
    Read,
    leaf_hash,
    node_hash,
    root_at,
    root_of,
    span,
)
from storage.evidence.proofs import (
    consistency,
    inclusion,
    is_consistent,
    is_included,
)
from storage.evidence.tiles import reader
from tests.storage.evidence import naive, vectors

TREES = st.lists(st.binary(max_size=3), min_size=1, max_size=40)


def reads(leaves: list[bytes]) -> Read:
    """Return a reader of nodes straight over the leaves."""
    hashes = [leaf_hash(leaf) for leaf in leaves]

    def read(level: int, index: int) -> bytes:
        return root_of(hashes[index << level : (index + 1) << level])

    return read


def grown(leaves: list[bytes]) -> Range:
    """Return the range of the leaves, one after the other."""
    found = Range()
    for leaf in leaves:
        found.append(leaf_hash(leaf))
    return found


@pytest.mark.parametrize("size", range(1, 9))
def test_roots_are_the_published_ones(size: int) -> None:
    """The eight trees of the reference data have the roots it names."""
    leaves = vectors.LEAVES[:size]

    assert grown(leaves).root() == vectors.ROOTS[size - 1]
    assert naive.tree(leaves) == vectors.ROOTS[size - 1]
    assert root_at(size, reads(leaves)) == vectors.ROOTS[size - 1]


def test_an_empty_tree_has_the_root_of_nothing() -> None:
    """RFC 6962: the hash of an empty list is the hash of an empty string."""
    assert Range().root() == EMPTY_ROOT == vectors.EMPTY


@pytest.mark.parametrize(("index", "size", "path"), vectors.INCLUSION)
def test_inclusion_proofs_are_the_published_ones(
    index: int, size: int, path: list[str]
) -> None:
    """We make the published paths, and accept them."""
    expected = [bytes.fromhex(node) for node in path]
    leaf = leaf_hash(vectors.LEAVES[index])

    assert inclusion(index, size, reads(vectors.LEAVES)) == expected
    assert is_included(leaf, index, size, expected, vectors.ROOTS[size - 1])


@pytest.mark.parametrize(("old", "size", "path"), vectors.CONSISTENCY)
def test_consistency_proofs_are_the_published_ones(
    old: int, size: int, path: list[str]
) -> None:
    """We make the published proofs, and accept them."""
    expected = [bytes.fromhex(node) for node in path]
    roots = (vectors.ROOTS[old - 1], vectors.ROOTS[size - 1])

    assert consistency(old, size, reads(vectors.LEAVES)) == expected
    assert is_consistent(old, size, *roots, expected)


@given(TREES, st.data())
def test_proofs_agree_with_the_second_opinion(
    leaves: list[bytes], data: st.DataObject
) -> None:
    """On random trees both implementations make the same roots and proofs."""
    size = len(leaves)
    index = data.draw(st.integers(0, size - 1))
    old = data.draw(st.integers(1, size))
    root, read = naive.tree(leaves), reads(leaves)

    assert grown(leaves).root() == root
    assert inclusion(index, size, read) == naive.path(index, leaves)
    assert consistency(old, size, read) == naive.proof(old, leaves)
    path = naive.path(index, leaves)
    assert is_included(leaf_hash(leaves[index]), index, size, path, root)
    grew = naive.proof(old, leaves)
    assert is_consistent(old, size, naive.tree(leaves[:old]), root, grew)


@given(TREES, st.data())
def test_no_changed_proof_is_accepted(leaves: list[bytes], data: st.DataObject) -> None:
    """A flipped bit, a missing or added hash, another place or size: all refused."""
    size = len(leaves)
    index = data.draw(st.integers(0, size - 1))
    old = data.draw(st.integers(1, size))
    root, leaf = naive.tree(leaves), leaf_hash(leaves[index])
    path, grew = naive.path(index, leaves), naive.proof(old, leaves)
    before = naive.tree(leaves[:old])
    for bad in broken(path):
        assert not is_included(leaf, index, size, bad, root)
    for bad in broken(grew):
        assert not is_consistent(old, size, before, root, bad)
    assert not is_included(leaf, size, size, path, root)
    assert not is_included(leaf, -1, size, path, root)
    assert not is_included(node_hash(leaf, leaf), index, size, path, root)
    assert not is_consistent(old, size, node_hash(before, before), root, grew)
    assert not is_consistent(size + 1, size, before, root, grew)


def broken(path: list[bytes]) -> list[list[bytes]]:
    """Return a path in the ways it can be wrong."""
    longer = [[*path, EMPTY_ROOT], [EMPTY_ROOT, *path]]
    shorter = [path[:-1], path[1:]] if path else []
    flipped = [
        [*path[:at], bytes([node[0] ^ 8]) + node[1:], *path[at + 1 :]]
        for at, node in enumerate(path)
    ]
    return longer + shorter + flipped


@given(st.integers(0, 70), st.integers(0, 70))
def test_a_span_covers_each_leaf_once(begin: int, end: int) -> None:
    """The nodes of a span are perfect subtrees that follow each other."""
    at = begin
    for level, index in span(begin, end):
        assert index << level == at
        at += 1 << level
    assert at == max(begin, end)


def test_a_subtree_begins_on_its_own_boundary() -> None:
    """A subtree of two cannot stand after one leaf."""
    found = grown([b"a"])
    with pytest.raises(ValueError, match="1"):
        found.append(EMPTY_ROOT, 1)


@pytest.mark.parametrize("size", [0, 1, 255, 256, 257, 65_536 + 300])
def test_growing_tells_tiles_that_hold_the_tree(size: int) -> None:
    """The tiles told on the way give each wanted root and the last one."""
    hashes = [leaf_hash(str(number).encode()) for number in range(size)]
    wanted = {0, size // 3, size // 2, size}
    tiles: dict[tuple[int, int], bytes] = {}
    tree = Growing(wanted, lambda level, n, data: tiles.__setitem__((level, n), data))
    for leaf in hashes:
        tree.add(leaf)
    root, read = tree.end(), reader(lambda level, n: tiles[level, n])

    assert tree.size == size
    assert tree.roots == {one: root_at(one, read) for one in wanted}
    whole = Range()
    for leaf in hashes:
        whole.append(leaf)
    assert whole.root() == root == tree.roots[size]
