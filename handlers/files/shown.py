"""Which copy of a citizen's file is shown? One that does not tell where it was taken.

The sealed original stays as it came. HEIC keeps its facts where they cannot be cut
without a decoder: such a picture can only be had as the original.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

from handlers.files import jpeg, movie, png, webp
from handlers.files.kinds import HEIC, JPEG, M4A, MOV, MP4, PNG, WEBP

_PICTURES: Mapping[str, Callable[[bytes], bytes]] = {
    JPEG.media_type: jpeg.without_facts,
    PNG.media_type: png.without_facts,
    WEBP.media_type: webp.without_facts,
}
_MOVIES = frozenset({MP4.media_type, MOV.media_type, M4A.media_type})


def can_be_shown(media_type: str) -> bool:
    """Whether a copy can be made that does not tell the place."""
    return media_type != HEIC.media_type


def shown(chunks: Iterator[bytes], media_type: str) -> Iterator[bytes]:
    """Yield the copy to show; raises UnreadablePictureError when it cannot be made.

    A picture is held in memory (its size has a limit); the rest streams.
    """
    if media_type in _PICTURES:
        yield _PICTURES[media_type](b"".join(chunks))
    elif media_type in _MOVIES:
        yield from movie.without_facts(chunks)
    else:
        yield from chunks
