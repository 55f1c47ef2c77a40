"""Does the copy that is shown keep the picture and lose the place?"""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handlers.files import jpeg, movie, png, webp
from handlers.files.errors import UnreadablePictureError
from handlers.files.kinds import HEAD_BYTES, type_of
from handlers.files.shown import can_be_shown, shown
from tests.handlers.files import samples
from tests.handlers.files.samples import PLACE, SAMPLES

CLEANED = ("image/jpeg", "image/png", "image/webp", "video/mp4", "video/quicktime")


def pieces(data: bytes, size: int = 7) -> Iterator[bytes]:
    """Yield the bytes in small pieces."""
    return (data[at : at + size] for at in range(0, len(data), size))


def copy_of(media_type: str) -> bytes:
    """Return what is shown of a sample."""
    return b"".join(shown(pieces(SAMPLES[media_type]), media_type))


@pytest.mark.parametrize("media_type", CLEANED)
def test_the_place_is_gone_and_the_type_stays(media_type: str) -> None:
    """The sample tells its place in several ways, its copy in none."""
    assert PLACE in SAMPLES[media_type]
    copy = copy_of(media_type)

    assert PLACE not in copy
    found = type_of(copy[:HEAD_BYTES])
    assert found is not None
    assert found.media_type == media_type


@pytest.mark.parametrize("media_type", ["application/pdf", "audio/mpeg", "image/gif"])
def test_other_types_are_shown_as_they_are(media_type: str) -> None:
    """Byte for byte."""
    assert copy_of(media_type) == SAMPLES[media_type]


def test_only_heic_has_no_copy() -> None:
    """Its facts cannot be cut without a decoder."""
    assert [one for one in SAMPLES if not can_be_shown(one)] == ["image/heic"]


def test_a_jpeg_keeps_what_draws_it() -> None:
    """Header, colours, tables and both scans stay, in their order."""
    copy = copy_of("image/jpeg")
    bare = samples.jpeg(samples.segment(0xE2, b"ICC_PROFILE\x00colours"))
    start = copy.index(b"\xff\xe0")

    assert copy[:2] + copy[start:] == bare
    assert jpeg.orientation(copy[6:start]) == 6


@pytest.mark.parametrize("order", ["<", ">"])
@pytest.mark.parametrize(("way", "told"), [(1, 0), (3, 3), (8, 8), (9, 0), (0, 0)])
def test_which_way_is_up_is_kept(order: str, way: int, told: int) -> None:
    """Orientations 2 to 8 survive in either byte order; the upright one is left out."""
    copy = jpeg.without_facts(
        samples.jpeg(samples.segment(0xE1, samples.exif(way, order)))
    )
    assert jpeg.orientation(samples.exif(way, order)) == told
    assert (b"Exif" in copy) is bool(told)


@pytest.mark.parametrize("size", [1, 7, 8, 64, 5000])
def test_a_film_keeps_every_offset(size: int) -> None:
    """The copy has the same length, and the film lies where it lay."""
    data = SAMPLES["video/mp4"]
    copy = b"".join(movie.without_facts(pieces(data, size)))

    assert len(copy) == len(data)
    assert copy.index(b"film" * 3000) == data.index(b"film" * 3000)
    assert copy.count(b"udta") == copy.count(b"meta") == copy.count(b"uuid") == 0


def test_a_film_may_have_long_and_open_boxes() -> None:
    """64-bit sizes and a last box that runs to the end are followed."""
    start = samples.box(b"ftyp", b"isom")
    long_box = (1).to_bytes(4) + b"mdat" + (16 + 9).to_bytes(8) + b"123456789"
    notes = (1).to_bytes(4) + b"udta" + (16 + len(PLACE)).to_bytes(8) + PLACE
    data = start + long_box + samples.box(b"moov", notes) + bytes(4) + b"mdatrest"
    copy = b"".join(movie.without_facts(pieces(data)))

    assert len(copy) == len(data)
    assert PLACE not in copy
    assert copy.endswith(b"mdatrest")


BROKEN = [
    (jpeg.without_facts, b"\xff\xd8\xff"),
    (jpeg.without_facts, b"\xff\xd8\xff\xe1\x00"),
    (jpeg.without_facts, b"\xff\xd8\xff\xe1\x00\x01\xff\xd9"),
    (jpeg.without_facts, b"\xff\xd8\x00\x00"),
    (jpeg.without_facts, samples.photo()[:-60]),
    (jpeg.without_facts, b"GIF89a"),
    (png.without_facts, samples.png()[:-5]),
    (png.without_facts, b"\x89PNG\r\n\x1a\n\x00\x00"),
    (png.without_facts, b"GIF89a"),
    (webp.without_facts, samples.placed_webp()[:-4]),
    (webp.without_facts, samples.webp(b"VP8 \xff\xff\x00\x00a")),
    (webp.without_facts, b"GIF89a"),
]


@pytest.mark.parametrize(("clean", "data"), BROKEN)
def test_a_cut_picture_is_not_shown(clean: object, data: bytes) -> None:
    """What cannot be followed to its end could hide anything."""
    with pytest.raises(UnreadablePictureError):
        clean(data)  # type: ignore[operator]


@pytest.mark.parametrize(
    "data",
    [
        b"\x00\x00\x00\x04moov",
        b"\x00\x00",
        samples.box(b"moov", b"\x00\x00\x00\x02udta"),
        samples.box(b"moov", b"\x00\x00\xff\xffudta"),
        samples.box(b"moov", bytes(60))[:-10],
        (movie.MOST + 9).to_bytes(4) + b"moov",
    ],
)
def test_a_film_that_cannot_be_followed_is_not_shown(data: bytes) -> None:
    """Sizes that lie stop the copy."""
    with pytest.raises(UnreadablePictureError):
        list(movie.without_facts(pieces(data)))


@given(st.sampled_from(CLEANED), st.binary(max_size=30), st.integers(0, 400))
def test_a_damaged_file_is_shown_or_refused(
    media_type: str, noise: bytes, at: int
) -> None:
    """No bytes make another exception, or a copy that is larger but for its turn."""
    data = SAMPLES[media_type]
    changed = data[:at] + noise + data[at + len(noise) :]
    try:
        copy = b"".join(shown(pieces(changed, 50), media_type))
    except UnreadablePictureError:
        return
    assert len(copy) <= len(changed) + 40


@given(st.binary(max_size=200))
def test_orientation_reads_anything(noise: bytes) -> None:
    """A made-up EXIF segment tells a way or none."""
    for head in (b"", b"Exif\x00\x00", b"Exif\x00\x00II*\x00", b"Exif\x00\x00MM\x00*"):
        assert jpeg.orientation(head + noise) in range(9)
