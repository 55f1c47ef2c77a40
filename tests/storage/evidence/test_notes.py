"""Do our notes and tiles say what the C2SP documents demand?"""

from __future__ import annotations

import base64
import hashlib

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from hypothesis import given
from hypothesis import strategies as st

from storage.errors import NoteError
from storage.evidence.notes import (
    Checkpoint,
    Note,
    Signer,
    read_checkpoint,
    read_note,
    sign,
)
from storage.evidence.tiles import partial_tiles, path_of, place_of, width_at

SIGNER = Signer.of("than-thien.example/log/xa", bytes(range(32)))
OTHER = Signer.of("than-thien.example/log/xa", bytes(32))
SAID = Checkpoint("than-thien.example/log/xa", 20852163, hashlib.sha256(b"x").digest())
NOTE = sign(SAID.text(), SIGNER)


def test_a_note_is_checked_by_hand_as_the_document_says() -> None:
    """Split at the last empty line, id in front, Ed25519 over the text."""
    text, line = NOTE.split("\n\n")
    dash, name, made = line.rstrip("\n").split(" ")
    data = base64.b64decode(made)
    public = SIGNER.key.public
    expected = hashlib.sha256(name.encode() + b"\n\x01" + public).digest()

    assert (dash, name) == ("—", "than-thien.example/log/xa")
    assert data[:4] == expected[:4] == SIGNER.key.id
    Ed25519PublicKey.from_public_bytes(public).verify(data[4:], f"{text}\n".encode())
    assert text.split("\n")[:2] == ["than-thien.example/log/xa", "20852163"]
    assert expected.hex() == SIGNER.key.fingerprint
    assert str(SIGNER.key).split("+")[1] == expected[:4].hex()


def test_a_published_note_is_read() -> None:
    """The example of the checkpoint document reads and writes back the same."""
    note = (
        "example.com/behind-the-sofa\n20852163\n"
        "CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n\n"
        "— example.com/behind-the-sofa Az3grlgtzPICa5OS8npVmf1Myq/5IZniMp+ZJurmRDe"
        "OoRDe4URYN7u5/Zhcyv2q1gGzGku9nTo+zyWE+xeMcTOAYQ8=\n"
    )
    found = read_note(note)

    assert read_checkpoint(found.text).size == 20852163
    assert [name for name, _ in found.signatures] == ["example.com/behind-the-sofa"]
    assert not found.is_signed_by(SIGNER.key)


def test_only_who_signed_has_signed() -> None:
    """Another key, another text and a second, false signature are refused."""
    both = read_note(sign(SAID.text(), SIGNER, OTHER))
    mixed = Note(both.text, (*both.signatures, (SIGNER.key.name, SIGNER.key.id)))

    assert read_note(NOTE).is_signed_by(SIGNER.key)
    assert not read_note(NOTE).is_signed_by(OTHER.key)
    assert both.is_signed_by(SIGNER.key)
    assert both.is_signed_by(OTHER.key)
    assert not mixed.is_signed_by(SIGNER.key)
    assert not Note("other\n", both.signatures).is_signed_by(SIGNER.key)


@given(st.integers(0, len(NOTE.encode()) - 1), st.integers(1, 255))
def test_no_changed_byte_of_a_note_is_accepted(at: int, flip: int) -> None:
    """Any other byte anywhere: unreadable, or not signed by the key."""
    data = bytearray(NOTE.encode())
    data[at] ^= flip
    try:
        found = read_note(data.decode())
    except (NoteError, UnicodeDecodeError):
        return

    assert not found.is_signed_by(SIGNER.key)


@pytest.mark.parametrize(
    "text",
    [
        "a\n1\n",
        "a\n01\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n",
        "a\n1\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2J=\n",
        "a\n1\nQQ==\n",
        "\n1\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n",
        "a\n1\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=",
    ],
)
def test_a_checkpoint_is_three_lines_and_nothing_else(text: str) -> None:
    """Leading zeroes, loose base64 bits, short roots and no origin are refused."""
    with pytest.raises(NoteError):
        read_checkpoint(text)


@pytest.mark.parametrize(
    ("number", "width", "path"),
    [
        (0, 256, "000"),
        (7, 12, "007.p/12"),
        (1234067, 256, "x001/x234/067"),
        (1000, 1, "x001/000.p/1"),
    ],
)
def test_tiles_have_the_addresses_of_the_document(
    number: int, width: int, path: str
) -> None:
    """Three digits a part, all but the last begin with an x, partial ones a width."""
    assert path_of(number, width) == path
    found = place_of(path)
    assert found is not None
    assert (found.number, found.width) == (number, width)


@pytest.mark.parametrize(
    "path", ["", "0", "1234", "x000/001", "001.p/0", "001.p/256", "001.p/300", "x1/001"]
)
def test_an_address_we_would_not_write_is_none(path: str) -> None:
    """Each tile has one address only, so caches hold one copy."""
    assert place_of(path) is None


def test_the_tiles_of_the_example_tree() -> None:
    """70,000 leaves: 273 full tiles and one of 112, then 1 and 17, then one of 1."""
    assert list(partial_tiles(70_000)) == [(0, 273, 112), (1, 1, 17), (2, 0, 1)]
    assert list(partial_tiles(256)) == [(1, 0, 1)]
    assert [width_at(0, n, 70_000) for n in (272, 273, 274)] == [256, 112, 0]
