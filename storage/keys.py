"""Which key seals what? Master, unit and person keys, and boxes sealed with them.

AES-256-GCM with a random 96-bit nonce in front; subkeys by HKDF-SHA256. A unit also
signs (Ed25519): whoever has its public key can check that, and can sign nothing.
"""

from __future__ import annotations

import hashlib
import hmac
import os
from collections.abc import Callable
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
from storage.key_text import (
    KEY_BYTES,
    Kept,
    KeyText,
    Old,
    parse_keys,
    read_keys,
    sync_folder,
)
from storage.randomness import random_bytes

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


class MasterBox(Box):
    """The box of a unit: seals under the master key in force, opens the one before too.

    ``current`` is asked at each use, so that a service that runs follows a rotation.
    """

    __slots__ = ("_boxes", "_current", "_made_of", "_unit_id")

    def __init__(self, unit_id: str, current: Callable[[], KeyText]) -> None:
        self._unit_id = unit_id
        self._current = current
        self._made_of: KeyText | None = None
        self._boxes: tuple[Box, ...] = ()

    def seal(self, plain: bytes, context: str) -> bytes:
        """Return nonce + ciphertext under the newest key."""
        return self._known()[0].seal(plain, context)

    def open(self, sealed: bytes, context: str) -> bytes:
        """Return the plain bytes; raises InvalidTag when no key opens them."""
        first, *more = self._known()
        try:
            return first.open(sealed, context)
        except InvalidTag:
            for box in more:
                return box.open(sealed, context)
            raise

    def is_newest(self, sealed: bytes, context: str) -> bool:
        """Whether the key in force opens it; raises InvalidTag when none does."""
        first, *more = self._known()
        try:
            first.open(sealed, context)
        except InvalidTag:
            for box in more:
                box.open(sealed, context)
                return False
            raise
        return True

    def _known(self) -> tuple[Box, ...]:
        keys = self._current()
        if keys is not self._made_of:
            masters = [keys.master, *([keys.old.master] if keys.old else [])]
            info = f"unit:{self._unit_id}:wrap"
            self._boxes = tuple(Box(_derive(one, info)) for one in masters)
            self._made_of = keys
        return self._boxes


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

    def __init__(self, box: MasterBox, kept: Kept) -> None:
        self.box = box
        self._mac = hmac.new(kept.mac, digestmod="sha256")
        self._signing = Ed25519PrivateKey.from_private_bytes(kept.sign)
        self.sealed = SealedKeys(kept.sealed)

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
    """The master key of an installation and the unit keys derived from it.

    ``path``: the file it stands in, read again when somebody replaced it.
    """

    def __init__(self, master: bytes | KeyText, path: Path | None = None) -> None:
        keys = master if isinstance(master, KeyText) else KeyText(master)
        if len(keys.master) != KEY_BYTES:
            raise KeyFileError("32 bytes expected")
        self._keys = keys
        self._path = path
        self._seen: tuple[int, int, int] | None = None
        self._units: dict[str, UnitKeys] = {}

    @property
    def keys(self) -> KeyText:
        """The keys as they are now; a file that cannot be read changes nothing."""
        mark = _mark(self._path)
        if self._path is not None and mark not in (None, self._seen):
            try:
                self._keys = read_keys(self._path)
            except KeyFileError:
                return self._keys
            self._seen = mark
        return self._keys

    @property
    def is_in_file(self) -> bool:
        """Whether the keys stand in a file, not in the environment."""
        return self._path is not None

    def unit(self, unit_id: str) -> UnitKeys:
        """Return the keys of a unit, derived once."""
        keys = self._units.get(unit_id)
        if keys is None:
            box = MasterBox(unit_id, lambda: self.keys)
            keys = self._units[unit_id] = UnitKeys(box, kept_of(self._keys, unit_id))
        return keys

    @property
    def backup(self) -> Box:
        """What seals backups of this installation (storage.backup)."""
        return Box(_derive(self.keys.master, "backup"))

    @property
    def fingerprint(self) -> str:
        """A short name of the master key that reveals nothing of it."""
        return hashlib.sha256(_derive(self.keys.master, "fingerprint")).hexdigest()[:16]


def new_key() -> bytes:
    """Return 32 fresh random bytes."""
    return os.urandom(KEY_BYTES)


def rotated(keys: KeyText, units: list[str], now: int) -> KeyText:
    """Return keys with a new master; the one before stays until it is retired.

    ``now`` is UTC ms. Raises KeyFileError while an older rotation is not over.
    """
    if keys.old is not None:
        raise KeyFileError("a rotation is under way")
    kept = {unit_id: kept_of(keys, unit_id) for unit_id in units}
    return KeyText(new_key(), Old(keys.master, now), {**keys.kept, **kept})


def kept_of(keys: KeyText, unit_id: str) -> Kept:
    """Return what no rotation changes: as kept, else derived from the first master."""
    if unit_id in keys.kept:
        return keys.kept[unit_id]
    names = ("mac", "sign", "denunciations")
    mac, sign, sealed = (_derive(keys.master, f"unit:{unit_id}:{n}") for n in names)
    return Kept(mac, sign, sealed)


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
        sync_folder(folder)
    return key


def read_key_file(path: Path) -> bytes:
    """Return the master key of a file; raises KeyFileError."""
    return read_keys(path).master


def read_ring(path: Path, environment: str = "") -> KeyRing:
    """Read the keys from the environment's text, else from a file; KeyFileError."""
    if environment:
        return KeyRing(parse_keys(environment, "environment"))
    return KeyRing(read_keys(path), path)


def _mark(path: Path | None) -> tuple[int, int, int] | None:
    if path is None:
        return None
    try:
        found = path.stat()
    except OSError:
        return None
    return found.st_mtime_ns, found.st_ino, found.st_size


def _signed(kind: str, value: str) -> bytes:
    return f"than-thien:{kind}".encode() + b"\0" + value.encode()


def _derive(master: bytes, info: str) -> bytes:
    return HKDF(
        algorithm=SHA256(), length=KEY_BYTES, salt=None, info=info.encode()
    ).derive(master)


__all__ = [
    "KEY_BYTES",
    "Box",
    "InvalidTag",
    "KeyRing",
    "KeyText",
    "MasterBox",
    "SealedKeys",
    "UnitKeys",
    "create_key_file",
    "is_signed",
    "new_key",
    "read_key_file",
    "read_ring",
    "rotated",
]
