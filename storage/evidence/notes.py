"""How does a log sign its root? As a C2SP signed note with Ed25519.

A checkpoint is a note whose text is three lines: origin, size, root in base64. A key
is written ``name+id+key``; its fingerprint is the SHA-256 whose first four bytes are
the id, 64 hex digits.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import re
from dataclasses import dataclass

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import (
    Ed25519PrivateKey,
    Ed25519PublicKey,
)

from storage.errors import NoteError
from storage.evidence.merkle import HASH_BYTES

ED25519 = b"\x01"
ID_BYTES = 4
SEPARATOR = "\n\n"
DASH = "\u2014"
SIZE = re.compile(r"0|[1-9][0-9]{0,15}")
LAST_CONTROL = 0x20


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """A tree as a note tells it: who, how many leaves, which root."""

    origin: str
    size: int
    root: bytes

    def text(self) -> str:
        """Return the three lines."""
        return f"{self.origin}\n{self.size}\n{_encoded(self.root)}\n"


@dataclass(frozen=True, slots=True)
class Key:
    """A public key under the name of its log; ``public`` is 32 bytes."""

    name: str
    public: bytes

    @property
    def fingerprint(self) -> str:
        """64 hex digits; what the printed page shows."""
        said = self.name.encode() + b"\n" + ED25519 + self.public
        return hashlib.sha256(said).hexdigest()

    @property
    def id(self) -> bytes:
        """The four bytes in front of each signature."""
        return bytes.fromhex(self.fingerprint)[:ID_BYTES]

    def __str__(self) -> str:
        """Return the form that other programs read."""
        return f"{self.name}+{self.id.hex()}+{_encoded(ED25519 + self.public)}"


@dataclass(frozen=True, slots=True)
class Signer:
    """A private key of a log."""

    key: Key
    private: Ed25519PrivateKey

    @classmethod
    def of(cls, name: str, seed: bytes) -> Signer:
        """Return the signer of a 32-byte seed."""
        private = Ed25519PrivateKey.from_private_bytes(seed)
        return cls(Key(name, private.public_key().public_bytes_raw()), private)

    def line(self, text: str) -> str:
        """Return the signature line over a text."""
        made = self.key.id + self.private.sign(text.encode())
        return f"{DASH} {self.key.name} {_encoded(made)}\n"


@dataclass(frozen=True, slots=True)
class Note:
    """A text and who is said to have signed it: (name, id and signature)."""

    text: str
    signatures: tuple[tuple[str, bytes], ...]

    def is_signed_by(self, key: Key) -> bool:
        """Whether a key signed it; False too when another holds its name and id."""
        said = [
            made
            for name, made in self.signatures
            if name == key.name and made[:ID_BYTES] == key.id
        ]
        return bool(said) and all(_holds(key, self.text, made) for made in said)


def sign(text: str, *signers: Signer) -> str:
    """Return a note; ValueError when the text could not be read back as it is."""
    if not text.endswith("\n") or text.startswith("\n") or SEPARATOR in text:
        raise ValueError(text)
    return text + "\n" + "".join(signer.line(text) for signer in signers)


def read_note(note: str) -> Note:
    """Read a note; raises NoteError unless it is exactly how we would write it."""
    text, found, tail = note.rpartition(SEPARATOR)
    if not found or any(c < chr(LAST_CONTROL) and c != "\n" for c in note):
        raise NoteError
    signatures = tuple(_signature(line) for line in tail.splitlines())
    again = "".join(f"{DASH} {name} {_encoded(made)}\n" for name, made in signatures)
    if not signatures or f"{text}{SEPARATOR}{again}" != note:
        raise NoteError
    return Note(f"{text}\n", signatures)


def read_checkpoint(text: str) -> Checkpoint:
    """Read the text of a checkpoint; raises NoteError."""
    lines = text.split("\n")
    if len(lines) != len(("origin", "size", "root", "")) or not SIZE.fullmatch(
        lines[1]
    ):
        raise NoteError
    found = Checkpoint(lines[0], int(lines[1]), _decoded(lines[2]))
    if not found.origin or len(found.root) != HASH_BYTES or found.text() != text:
        raise NoteError
    return found


def _signature(line: str) -> tuple[str, bytes]:
    parts = line.split(" ")
    if len(parts) != len(("dash", "name", "made")) or parts[0] != DASH or not parts[1]:
        raise NoteError
    return parts[1], _decoded(parts[2])


def _holds(key: Key, text: str, made: bytes) -> bool:
    public = Ed25519PublicKey.from_public_bytes(key.public)
    try:
        public.verify(made[ID_BYTES:], text.encode())
    except InvalidSignature:
        return False
    return True


def _encoded(data: bytes) -> str:
    return base64.b64encode(data).decode()


def _decoded(text: str) -> bytes:
    try:
        return base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError) as error:
        raise NoteError from error
