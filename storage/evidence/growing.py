"""Which tiles and roots come out when the leaves go by once, from the first on?

Holds one open tile a level, so a log of any length fits into little memory.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable

from storage.evidence.merkle import Range, root_of
from storage.evidence.tiles import HEIGHT, WIDTH

Tile = Callable[[int, int, bytes], None]
"""Told (level, number, hashes) of each tile, the partial ones at the end."""


class Growing:
    """A tree that is built leaf by leaf; ``roots`` holds those of the wanted sizes."""

    def __init__(self, wanted: Iterable[int], tell: Tile) -> None:
        self._wanted = sorted(set(wanted), reverse=True)
        self._tell = tell
        self._range = Range()
        self._leaves: list[bytes] = []
        self._above: list[list[bytes]] = []
        self._numbers: list[int] = [0]
        self.roots: dict[int, bytes] = {}
        self._note_roots()

    @property
    def size(self) -> int:
        """How many leaves there are."""
        return self._range.size + len(self._leaves)

    def add(self, leaf: bytes) -> None:
        """Add the hash of the next leaf."""
        self._leaves.append(leaf)
        if len(self._leaves) == WIDTH:
            self._note_roots()
            node = self._full(0, self._leaves)
            self._leaves = []
            self._range.append(node, HEIGHT)

    def end(self) -> bytes:
        """Tell the partial tiles; return the root of all leaves."""
        self._note_roots()
        for level, hashes in enumerate([self._leaves, *self._above]):
            if hashes:
                self._tell(level, self._numbers[level], b"".join(hashes))
        return self._open().root()

    def _full(self, level: int, hashes: list[bytes]) -> bytes:
        self._tell(level, self._numbers[level], b"".join(hashes))
        self._numbers[level] += 1
        node = root_of(hashes)
        if len(self._above) == level:
            self._above.append([])
            self._numbers.append(0)
        above = self._above[level]
        above.append(node)
        if len(above) == WIDTH:
            self._above[level] = []
            self._full(level + 1, above)
        return node

    def _note_roots(self) -> None:
        while self._wanted and self._wanted[-1] <= self.size:
            size = self._wanted.pop()
            self.roots[size] = self._open(size - self._range.size).root()

    def _open(self, count: int | None = None) -> Range:
        found = Range(self._range.size, list(self._range.nodes))
        for leaf in self._leaves[:count]:
            found.append(leaf)
        return found
