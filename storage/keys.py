"""Which key seals what? Master, unit and person keys, and boxes sealed with them.

AES-256-GCM with a random 96-bit nonce in front; subkeys by HKDF-SHA256. A unit also
signs (Ed25519): whoever has its public key can check that, and can sign nothing.
"""

from __future__ import annotations

import hashlib
import hmac
import os
import stat
from pathlib import Path

from cryptography.exceptions import InvalidSignature, InvalidTag
from cryptography.hazmat.primitives.asymmetric.ed25519 import (
    Ed25519PrivateKey,
    Ed25519PublicKey,
)
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from storage.errors import KeyFileError
from storage.randomness import random_bytes

KEY_BYTES = 32
NONCE_BYTES = 12
MAC_BYTES = 16


class Box:
    """Seals and opens bytes with one key; the context binds them to their row."""

    __slots__ = ("_aead", "_key")

    def __init__(self, key: bytes) -> None:
        self._key = key
        self._aead = AESGCM(key)

    def seal(self, plain: bytes, context: str) -> bytes:
        """Return nonce + ciphertext."""
        nonce = random_bytes(NONCE_BYTES)
        return nonce + self._aead.encrypt(nonce, plain, context.encode())

    def open(self, sealed: bytes, context: str) -> bytes:
        """Return the plain bytes; raises InvalidTag on a wrong key or context."""
        if len(sealed) < NONCE_BYTES + MAC_BYTES:
            raise InvalidTag
        return self._aead.decrypt(
            sealed[:NONCE_BYTES], sealed[NONCE_BYTES:], context.encode()
        )


class SealedKeys:
    """What only the handlers of tố cáo may read: one key seals, one makes HMACs."""

    __slots__ = ("_mac", "box")

    def __init__(self, secret: bytes) -> None:
        self.box = Box(_derive(secret, "seal"))
        self._mac = _derive(secret, "mac")

    def mac(self, kind: str, value: str) -> str:
        """Return a pseudonym that nobody without these keys can tie to its value."""
        made = hmac.new(self._mac, kind.encode() + b"\0" + value.encode(), "sha256")
        return made.digest()[:MAC_BYTES].hex()


class UnitKeys:
    """The keys of a unit: one wraps keys and seals, one makes HMACs, one signs.

    ``sealed`` are those of the sealed queue, which no other key opens.
    """

    __slots__ = ("_mac", "_signing", "box", "sealed")

    def __init__(self, master: bytes, unit_id: str) -> None:
        self.box = Box(_derive(master, f"unit:{unit_id}:wrap"))
        self._mac = hmac.new(_derive(master, f"unit:{unit_id}:mac"), digestmod="sha256")
        seed = _derive(master, f"unit:{unit_id}:sign")
        self._signing = Ed25519PrivateKey.from_private_bytes(seed)
        self.sealed = SealedKeys(_derive(master, f"unit:{unit_id}:denunciations"))

    def mac(self, kind: str, value: str) -> str:
        """Return a keyed pseudonym of a platform id or natural key, 32 hex digits."""
        mac = self._mac.copy()
        mac.update(kind.encode() + b"\0" + value.encode())
        return mac.digest()[:MAC_BYTES].hex()

    def sign(self, kind: str, value: str) -> str:
        """Return the unit's signature, 128 hex digits; the same for the same value."""
        return self._signing.sign(_signed(kind, value)).hex()

    @property
    def public_key(self) -> str:
        """What anybody needs to check a signature, 64 hex digits."""
        return self._signing.public_key().public_bytes_raw().hex()


def is_signed(public_key: str, kind: str, value: str, signature: str) -> bool:
    """Whether a unit with this public key (hex) made the signature (hex)."""
    try:
        key = Ed25519PublicKey.from_public_bytes(bytes.fromhex(public_key))
        key.verify(bytes.fromhex(signature), _signed(kind, value))
    except (InvalidSignature, ValueError):
        return False
    return True


class KeyRing:
    """The master key of an installation and the unit keys derived from it."""

    def __init__(self, master: bytes) -> None:
        if len(master) != KEY_BYTES:
            raise KeyFileError("32 bytes expected")
        self._master = master
        self._units: dict[str, UnitKeys] = {}

    def unit(self, unit_id: str) -> UnitKeys:
        """Return the keys of a unit, derived once."""
        keys = self._units.get(unit_id)
        if keys is None:
            keys = self._units[unit_id] = UnitKeys(self._master, unit_id)
        return keys

    @property
    def backup(self) -> Box:
        """What seals backups of this installation (storage.backup)."""
        return Box(_derive(self._master, "backup"))

    @property
    def fingerprint(self) -> str:
        """A short name of the master key that reveals nothing of it."""
        return hashlib.sha256(_derive(self._master, "fingerprint")).hexdigest()[:16]


def new_key() -> bytes:
    """Return 32 fresh random bytes."""
    return os.urandom(KEY_BYTES)


def create_key_file(path: Path) -> bytes:
    """Make a key file with mode 0600, durable before it is used."""
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    key = new_key()
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "w") as file:
        file.write(key.hex() + "\n")
        file.flush()
        os.fsync(file.fileno())
    for folder in (path.parent, path.parent.parent):
        _sync_folder(folder)
    return key


def read_key_file(path: Path) -> bytes:
    """Read a key file; raises KeyFileError when absent, damaged or public."""
    try:
        mode = path.stat().st_mode
        text = path.read_text().strip()
        key = bytes.fromhex(text)
    except (OSError, ValueError) as error:
        raise KeyFileError(path.name) from error
    if mode & (stat.S_IRGRP | stat.S_IROTH):
        raise KeyFileError(f"{path.name}: mode 0600 expected")
    if len(key) != KEY_BYTES:
        raise KeyFileError(path.name)
    return key


def _sync_folder(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _signed(kind: str, value: str) -> bytes:
    return f"than-thien:{kind}".encode() + b"\0" + value.encode()


def _derive(master: bytes, info: str) -> bytes:
    return HKDF(
        algorithm=SHA256(), length=KEY_BYTES, salt=None, info=info.encode()
    ).derive(master)


__all__ = [
    "Box",
    "InvalidTag",
    "KeyRing",
    "SealedKeys",
    "UnitKeys",
    "create_key_file",
    "is_signed",
    "new_key",
    "read_key_file",
]
