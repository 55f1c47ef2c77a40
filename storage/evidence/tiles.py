"""How are the hashes of a log kept and served? As tiles of 256 (C2SP tlog-tiles).

Tile n of level L holds the roots of 256 neighbouring subtrees of ``256**L`` leaves,
32 bytes each; the last tile of a level may be partial.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from storage.evidence.merkle import HASH_BYTES, Read, root_of

HEIGHT = 8
WIDTH = 1 << HEIGHT
PATH = re.compile(r"((?:x[0-9]{3}/)*[0-9]{3})(?:\.p/([1-9][0-9]{0,2}))?")

Load = Callable[[int, int], bytes]
"""(level, number) -> the bytes of a tile, as many hashes as there are."""


@dataclass(frozen=True, slots=True)
class Place:
    """A tile as an address names it; ``width`` is 256 unless it is partial."""

    number: int
    width: int


def path_of(number: int, width: int = WIDTH) -> str:
    """Return the last part of a tile's address, e.g. ``x001/x234/067.p/12``."""
    digits = f"{number:03d}"
    digits = digits.zfill(-(-len(digits) // 3) * 3)
    parts = [digits[at : at + 3] for at in range(0, len(digits), 3)]
    path = "/".join([*(f"x{part}" for part in parts[:-1]), parts[-1]])
    return path if width == WIDTH else f"{path}.p/{width}"


def place_of(path: str) -> Place | None:
    """Read an address; None unless it is exactly how we would write it."""
    found = PATH.fullmatch(path)
    if found is None:
        return None
    number = int(found[1].replace("x", "").replace("/", ""))
    width = int(found[2]) if found[2] else WIDTH
    place = Place(number, width)
    return place if width <= WIDTH and path_of(number, width) == path else None


def width_at(level: int, number: int, size: int) -> int:
    """Return how many hashes a tile has in a tree of a size; 0 when it has none."""
    return max(0, min(WIDTH, (size >> HEIGHT * level) - number * WIDTH))


def partial_tiles(size: int) -> Iterator[tuple[int, int, int]]:
    """Yield (level, number, width) of the partial tiles of a tree."""
    level = 0
    while count := size >> HEIGHT * level:
        if count % WIDTH:
            yield level, count // WIDTH, count % WIDTH
        level += 1


def reader(load: Load) -> Read:
    """Return a reader of nodes over tiles; each tile is loaded and hashed once."""
    tiles: dict[tuple[int, int], bytes] = {}

    def read(level: int, index: int) -> bytes:
        tile_level, height = divmod(level, HEIGHT)
        number, at = divmod(index << height, WIDTH)
        key = (tile_level, number)
        if key not in tiles:
            tiles[key] = load(tile_level, number)
        part = tiles[key][at * HASH_BYTES : (at + (1 << height)) * HASH_BYTES]
        hashes = [part[i : i + HASH_BYTES] for i in range(0, len(part), HASH_BYTES)]
        if len(hashes) != 1 << height or len(part) % HASH_BYTES:
            raise LookupError(key)
        return root_of(hashes)

    return read
