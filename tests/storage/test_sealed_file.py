"""Is a sealed file whole and the right one, or found to be neither?"""

from __future__ import annotations

import hashlib
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from storage.errors import FileDamagedError
from storage.keys import Box
from storage.sealed_file import CHUNK, HEADER_BYTES, SealedWriter, read_sealed

BOX = Box(bytes(range(32)))
SEALED_CHUNK = CHUNK + 16
SIZES = (0, 1, CHUNK - 1, CHUNK, CHUNK + 1, 2 * CHUNK, 3 * CHUNK + 5)


def sealed(plain: bytes, step: int = 10_000, context: str = "a") -> bytes:
    """Return a sealed file, written in pieces."""
    file = io.BytesIO()
    writer = SealedWriter(file)
    for at in range(0, len(plain), step):
        writer.write(plain[at : at + step])
    assert writer.sha256 == hashlib.sha256(plain).hexdigest()
    assert writer.size == len(plain)
    writer.finish(BOX, context)
    return file.getvalue()


def opened(data: bytes, box: Box = BOX, context: str = "a") -> bytes:
    """Return what a sealed file holds."""
    return b"".join(read_sealed(io.BytesIO(data), box, context))


@pytest.mark.parametrize("size", SIZES)
def test_what_was_written_is_read(size: int) -> None:
    """At and around the borders of chunks."""
    plain = bytes(n % 251 for n in range(size))
    assert opened(sealed(plain)) == plain


@given(st.binary(max_size=3 * CHUNK), st.integers(1, CHUNK * 2))
def test_any_bytes_in_any_pieces(plain: bytes, step: int) -> None:
    """The pieces in which bytes came do not matter."""
    assert opened(sealed(plain, step)) == plain


LONG = bytes(n * 7 % 256 for n in range(3 * CHUNK + 100))
WHOLE = sealed(LONG)


@given(st.integers(0, len(WHOLE) - 1))
def test_a_cut_is_found(length: int) -> None:
    """A file that ends too early is never read to its end."""
    with pytest.raises(FileDamagedError):
        opened(WHOLE[:length])


@given(st.integers(0, len(WHOLE) - 1), st.integers(1, 255))
def test_a_changed_byte_is_found(at: int, change: int) -> None:
    """Every byte counts: mark, header and chunks."""
    with pytest.raises(FileDamagedError):
        opened(WHOLE[:at] + bytes([WHOLE[at] ^ change]) + WHOLE[at + 1 :])


@given(st.permutations(range(3)).filter(lambda order: order != [0, 1, 2]))
def test_chunks_in_another_order_are_found(order: list[int]) -> None:
    """Whole chunks that changed places do not open."""
    body = WHOLE[HEADER_BYTES:]
    parts = [body[n * SEALED_CHUNK : (n + 1) * SEALED_CHUNK] for n in order]
    with pytest.raises(FileDamagedError):
        opened(WHOLE[:HEADER_BYTES] + b"".join(parts) + body[3 * SEALED_CHUNK :])


@given(st.binary(min_size=1, max_size=100))
def test_an_addition_is_found(more: bytes) -> None:
    """Bytes behind the end are not ours."""
    with pytest.raises(FileDamagedError):
        opened(WHOLE + more)


def test_chunks_of_another_file_are_found() -> None:
    """Each file has a key of its own: its chunks fit nowhere else."""
    other = sealed(LONG)
    with pytest.raises(FileDamagedError):
        opened(WHOLE[:HEADER_BYTES] + other[HEADER_BYTES:])


def test_another_name_or_key_does_not_open_it() -> None:
    """The header is bound to the person's key and to the name."""
    for box, context in ((BOX, "b"), (Box(bytes(32)), "a")):
        with pytest.raises(FileDamagedError):
            opened(WHOLE, box, context)


def test_a_file_that_was_never_finished_does_not_open() -> None:
    """What a killed process wrote has no header."""
    file = io.BytesIO()
    SealedWriter(file).write(LONG)
    with pytest.raises(FileDamagedError):
        opened(file.getvalue())


def test_chunks_come_one_by_one() -> None:
    """A large file is never whole in memory, and checked chunks come before a fault."""
    broken = WHOLE[:-1] + bytes([WHOLE[-1] ^ 1])
    chunks = read_sealed(io.BytesIO(broken), BOX, "a")
    assert [len(next(chunks)) for _ in range(3)] == [CHUNK] * 3
    with pytest.raises(FileDamagedError):
        next(chunks)


def test_nothing_of_the_plain_bytes_stays() -> None:
    """The words of a document do not lie in the file."""
    plain = b"Nguyen Thi Lua, so 88" * 100
    assert b"Nguyen Thi Lua" not in sealed(plain)
