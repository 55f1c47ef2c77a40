"""Do keys seal, separate and protect what they should?"""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from storage.errors import KeyFileError
from storage.keys import (
    Box,
    InvalidTag,
    KeyRing,
    create_key_file,
    is_signed,
    new_key,
    read_key_file,
)

KEY = bytes(range(32))


@given(st.binary(max_size=200), st.text(max_size=30))
def test_a_box_gives_back_what_it_sealed(plain: bytes, context: str) -> None:
    """Any bytes sealed under any context open again under the same."""
    box = Box(KEY)

    assert plain == box.open(box.seal(plain, context), context)


@given(st.binary(max_size=80), st.integers(min_value=0), st.integers(1, 255))
def test_a_changed_byte_is_noticed(plain: bytes, place: int, flip: int) -> None:
    """Flipping any byte of nonce, ciphertext or tag makes opening fail."""
    box = Box(KEY)
    sealed = bytearray(box.seal(plain, "row"))
    sealed[place % len(sealed)] ^= flip

    with pytest.raises(InvalidTag):
        box.open(bytes(sealed), "row")


@given(st.binary(max_size=27))
def test_a_cut_box_is_refused_like_a_forged_one(stump: bytes) -> None:
    """Bytes too short to hold nonce and tag raise InvalidTag, nothing else."""
    with pytest.raises(InvalidTag):
        Box(KEY).open(stump, "row")


def test_another_row_or_key_cannot_open_it() -> None:
    """The context and the key must both be the ones it was sealed with."""
    sealed = Box(KEY).seal(b"x", "row:1")

    with pytest.raises(InvalidTag):
        Box(KEY).open(sealed, "row:2")
    with pytest.raises(InvalidTag):
        Box(new_key()).open(sealed, "row:1")


def test_the_same_text_never_seals_to_the_same_bytes() -> None:
    """A fresh nonce each time: equal texts cannot be told from the ciphertext."""
    box = Box(KEY)

    assert len({box.seal(b"x", "row") for _ in range(100)}) == 100


def test_units_do_not_share_keys_or_pseudonyms(ring: KeyRing) -> None:
    """Two communes on one installation give one person different pseudonyms."""
    first, second = ring.unit("xa-a"), ring.unit("xa-b")

    assert first.mac("user:zalo", "42") != second.mac("user:zalo", "42")
    with pytest.raises(InvalidTag):
        second.box.open(first.box.seal(b"k", "c"), "c")


def test_a_pseudonym_is_stable_and_keyed(ring: KeyRing) -> None:
    """Same master, kind and id: same 32 digits; another kind or master: others.

    The literal was computed by hand with HMAC-SHA256 (RFC 5869, RFC 2104); it must
    never change, or nobody would be recognised again.
    """
    mac = ring.unit("xa-a").mac("user:zalo", "42")

    assert mac == KeyRing(KEY).unit("xa-a").mac("user:zalo", "42")
    assert mac == "efb827f0a05f15fcf824a4fdc8ecadd9"
    assert mac != ring.unit("xa-a").mac("user:facebook", "42")
    assert mac != KeyRing(new_key()).unit("xa-a").mac("user:zalo", "42")


def test_the_border_between_kind_and_value_is_not_blurred(ring: KeyRing) -> None:
    """("a", "bc") and ("ab", "c") are different things with different pseudonyms."""
    unit = ring.unit("xa-a")

    assert unit.mac("a", "bc") != unit.mac("ab", "c")


def test_the_fingerprint_names_the_master_key_without_telling_it() -> None:
    """Same key, same 16 digits; another key, others; no byte of the key in it."""
    assert KeyRing(KEY).fingerprint == KeyRing(KEY).fingerprint
    assert KeyRing(KEY).fingerprint != KeyRing(new_key()).fingerprint
    assert KeyRing(KEY).fingerprint not in KEY.hex()


def test_a_master_key_must_be_32_bytes() -> None:
    """A shorter key is refused instead of stretched."""
    with pytest.raises(KeyFileError):
        KeyRing(b"short")


def test_a_new_key_file_is_private_and_reads_back(tmp_path: Path) -> None:
    """The file has mode 0600 and holds the key that was returned."""
    path = tmp_path / "keys" / "vault.key"
    key = create_key_file(path)

    assert path.stat().st_mode & 0o777 == 0o600
    assert key == read_key_file(path)


def test_a_key_file_is_never_overwritten(tmp_path: Path) -> None:
    """Making a key where one is would lose every sealed row, so it fails."""
    path = tmp_path / "vault.key"
    key = create_key_file(path)

    with pytest.raises(FileExistsError):
        create_key_file(path)
    assert key == read_key_file(path)


@pytest.mark.parametrize("text", ["", "zz", "00" * 31, "00" * 33])
def test_a_damaged_key_file_is_refused(tmp_path: Path, text: str) -> None:
    """Text that is not exactly 32 bytes of hex raises KeyFileError."""
    path = tmp_path / "vault.key"
    path.write_text(text)
    path.chmod(0o600)

    with pytest.raises(KeyFileError):
        read_key_file(path)


def test_a_missing_key_file_is_refused(tmp_path: Path) -> None:
    """No file, no silent new key."""
    with pytest.raises(KeyFileError):
        read_key_file(tmp_path / "none.key")


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o644])
def test_a_key_others_may_read_is_refused(tmp_path: Path, mode: int) -> None:
    """Group or world readable key files are not used."""
    path = tmp_path / "vault.key"
    create_key_file(path)
    os.chmod(path, mode)  # noqa: PTH101  the mode itself is the subject

    with pytest.raises(KeyFileError):
        read_key_file(path)


@given(st.text(max_size=20), st.text(max_size=40), st.text(max_size=40))
def test_a_signature_is_of_one_unit_kind_and_value(
    kind: str, value: str, other: str
) -> None:
    """Checked with the public key alone; nothing else passes, and it never raises."""
    mine, theirs = KeyRing(KEY).unit("xa-a"), KeyRing(KEY).unit("xa-b")
    signature = mine.sign(kind, value)

    assert is_signed(mine.public_key, kind, value, signature)
    assert is_signed(mine.public_key, kind, other, signature) is (other == value)
    assert not is_signed(theirs.public_key, kind, value, signature)
    assert not is_signed(mine.public_key, kind + "x", value, signature)
    assert not is_signed(mine.public_key, kind, value, other)
    assert not is_signed(other, kind, value, signature)
    assert mine.public_key == KeyRing(KEY).unit("xa-a").public_key
