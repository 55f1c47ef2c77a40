"""What is proven, in which order, and who signed it? The evidence log.

Whoever writes evidence needs only ``Entry`` and ``append``; the order, the tiles and
the signed checkpoints are made afterwards (storage.evidence.order).
"""

from __future__ import annotations

from storage.evidence.entry import (
    Entry,
    about,
    append,
    canonical,
    iso_ms,
    newest_at,
)
from storage.evidence.merkle import leaf_hash

__all__ = [
    "Entry",
    "about",
    "append",
    "canonical",
    "iso_ms",
    "leaf_hash",
    "newest_at",
]
