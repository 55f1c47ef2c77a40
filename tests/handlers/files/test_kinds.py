"""Is a file told by its own bytes, whatever it is called?"""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handlers.files.archive import entry_names
from handlers.files.kinds import HEAD_BYTES, SUFFIXES, TAIL_BYTES, TYPES, type_of
from tests.handlers.files.samples import REFUSED, SAMPLES, archive, movie


@pytest.mark.parametrize("media_type", SAMPLES)
def test_what_we_keep_is_recognised(media_type: str) -> None:
    """Each type of the list is told by its head and tail."""
    data = SAMPLES[media_type]
    found = type_of(data[:HEAD_BYTES], data[-TAIL_BYTES:])

    assert found is not None
    assert found.media_type == media_type
    assert found.suffix == SUFFIXES[media_type]


def test_every_type_has_a_sample() -> None:
    """The list and the samples are the same."""
    assert {one.media_type for one in TYPES} == SAMPLES.keys()


@pytest.mark.parametrize("name", REFUSED)
def test_anything_else_is_refused(name: str) -> None:
    """Programs, pages, macros and unknown bytes have no type."""
    data = REFUSED[name]
    assert type_of(data[:HEAD_BYTES], data[-TAIL_BYTES:]) is None


def test_a_document_is_an_archive_until_its_end_is_known() -> None:
    """Without the tail nothing is refused that may still be fine."""
    found = type_of(SAMPLES["application/zip"][:HEAD_BYTES])
    assert found is not None
    assert found.media_type == "application/zip"


@pytest.mark.parametrize(
    ("brand", "group"), [(b"3gp4", "video"), (b"mp42", "video"), (b"M4A ", "audio")]
)
def test_brands_decide_the_group(brand: bytes, group: str) -> None:
    """The same container is sound or film by its brand."""
    found = type_of(movie(brand)[:HEAD_BYTES])
    assert found is not None
    assert found.group == group


@given(st.binary(max_size=700), st.binary(max_size=700))
def test_nothing_makes_it_fail(head: bytes, tail: bytes) -> None:
    """Any bytes have a type or none; no exception."""
    assert type_of(head, tail) is None or type_of(head) is not None


@given(st.sampled_from(sorted(SAMPLES)), st.binary(max_size=40), st.integers(0, 200))
def test_a_damaged_file_never_makes_it_fail(
    media_type: str, noise: bytes, at: int
) -> None:
    """Samples with bytes overwritten anywhere are told or refused."""
    data = SAMPLES[media_type]
    changed = data[:at] + noise + data[at + len(noise) :]
    assert type_of(changed[:HEAD_BYTES], changed[-TAIL_BYTES:]) in (*TYPES, None)


@given(st.lists(st.text(st.characters(codec="utf-8"), max_size=30), unique=True))
def test_names_of_an_archive_are_read(names: list[str]) -> None:
    """What the archive lists at its end is found, as zipfile wrote it."""
    clean = {name.split("\x00")[0].replace("\\", "/") for name in names}
    assert entry_names(archive(*sorted(clean))) == frozenset(clean)


def test_a_long_list_is_read_from_its_first_whole_entry() -> None:
    """A tail that begins in the middle of the list still tells the last names."""
    data = archive(*(f"anh/{n:05}.jpg" for n in range(3000)), "word/vbaProject.bin")
    found = entry_names(data[-TAIL_BYTES:])

    assert found is not None
    assert "word/vbaProject.bin" in found
    assert type_of(data[:HEAD_BYTES], data[-TAIL_BYTES:]) is None


@given(st.binary(max_size=300))
def test_any_bytes_may_stand_before_the_end(noise: bytes) -> None:
    """A made-up list gives names or none; no exception."""
    assert entry_names(noise + b"PK\x05\x06" + bytes(18)) is not None
    entry_names(noise)
