"""How is one person's data sealed? Pure cryptography; no database here."""

from __future__ import annotations

import hashlib
import json
from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from storage.errors import ErasedError
from storage.keys import Box, UnitKeys, new_key
from storage.randomness import random_bytes

SALT_BYTES = 16
CACHE_PEOPLE = 4096


@dataclass(frozen=True, slots=True)
class PersonVault:
    """One person's key, ready to seal and open their items."""

    unit_id: str
    person_id: str
    wrapped_key: bytes
    box: Box

    def seal(self, value: Mapping[str, Any], item_id: str) -> bytes:
        """Seal a JSON value; the item id binds the bytes to their row."""
        plain = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
        return self.box.seal(plain.encode(), f"{self.unit_id}:{item_id}")

    def open(self, sealed: bytes, item_id: str) -> Any:
        """Open a sealed JSON value."""
        return json.loads(self.box.open(sealed, f"{self.unit_id}:{item_id}"))


class Vault:
    """Makes and unwraps person keys of one unit; keeps the latest in memory."""

    def __init__(self, unit_id: str, keys: UnitKeys) -> None:
        self.unit_id = unit_id
        self.keys = keys
        self._cache: OrderedDict[str, PersonVault] = OrderedDict()

    def create(self, person_id: str) -> PersonVault:
        """Make a key for a new person."""
        key = new_key()
        wrapped = self.keys.box.seal(key, _context(person_id))
        return self._keep(PersonVault(self.unit_id, person_id, wrapped, Box(key)))

    def unwrap(self, person_id: str, wrapped_key: bytes | None) -> PersonVault:
        """Return the person's vault; raises ErasedError when the key is gone."""
        if wrapped_key is None:
            self.forget(person_id)
            raise ErasedError(person_id)
        known = self._cache.get(person_id)
        if known is not None and known.wrapped_key == wrapped_key:
            self._cache.move_to_end(person_id)
            return known
        key = self.keys.box.open(wrapped_key, _context(person_id))
        return self._keep(PersonVault(self.unit_id, person_id, wrapped_key, Box(key)))

    def forget(self, person_id: str) -> None:
        """Drop a key from memory (after an erasure)."""
        self._cache.pop(person_id, None)

    def _keep(self, vault: PersonVault) -> PersonVault:
        self._cache[vault.person_id] = vault
        if len(self._cache) > CACHE_PEOPLE:
            self._cache.popitem(last=False)
        return vault


@dataclass(frozen=True, slots=True)
class Commitment:
    """A salted hash of a text: proves it later, says nothing without the salt."""

    salt: bytes
    digest: str


def commit(text: str) -> Commitment:
    """Commit to a text with a fresh salt: SHA-256(salt || UTF-8 text)."""
    salt = random_bytes(SALT_BYTES)
    return Commitment(salt, hashlib.sha256(salt + text.encode()).hexdigest())


def _context(person_id: str) -> str:
    return f"person:{person_id}"
