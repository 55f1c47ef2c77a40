"""Does a person's key seal only that person's rows, and are commitments honest?"""

from __future__ import annotations

import hashlib
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from storage.errors import ErasedError
from storage.keys import InvalidTag, KeyRing
from storage.vault import CACHE_PEOPLE, SALT_BYTES, Vault, commit
from tests.conftest import MASTER
from tests.storage.rows import UNIT

JSON = st.dictionaries(
    st.text(max_size=8),
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.text(max_size=20),
        lambda inner: st.lists(inner, max_size=3),
        max_leaves=5,
    ),
    max_size=4,
)


@pytest.fixture
def vault(ring: KeyRing) -> Vault:
    """The vault of one unit."""
    return Vault(UNIT, ring.unit(UNIT))


@given(JSON)
def test_an_item_opens_to_the_value_that_was_sealed(value: dict[str, Any]) -> None:
    """Any JSON object comes back equal."""
    person = Vault(UNIT, KeyRing(MASTER).unit(UNIT)).create("p1")

    assert value == person.open(person.seal(value, "i1"), "i1")


def test_an_item_is_bound_to_its_row(vault: Vault) -> None:
    """Sealed bytes moved to another item id do not open."""
    person = vault.create("p1")

    with pytest.raises(InvalidTag):
        person.open(person.seal({"a": 1}, "i1"), "i2")


def test_a_neighbour_cannot_open_it(vault: Vault) -> None:
    """Another person's key does not open the item."""
    sealed = vault.create("p1").seal({"a": 1}, "i1")

    with pytest.raises(InvalidTag):
        vault.create("p2").open(sealed, "i1")


def test_a_wrapped_key_is_bound_to_its_person(vault: Vault) -> None:
    """A wrapped key put into another person's row does not unwrap."""
    person = vault.create("p1")

    with pytest.raises(InvalidTag):
        vault.unwrap("p2", person.wrapped_key)


def test_another_installation_cannot_unwrap(vault: Vault) -> None:
    """Without this master key the wrapped key is noise."""
    person = vault.create("p1")
    other = Vault(UNIT, KeyRing(bytes(32)).unit(UNIT))

    with pytest.raises(InvalidTag):
        other.unwrap("p1", person.wrapped_key)


def test_a_restart_reads_what_was_sealed_before(vault: Vault, ring: KeyRing) -> None:
    """A fresh vault with the same master key opens the item."""
    person = vault.create("p1")
    sealed = person.seal({"ten": "Lụa"}, "i1")
    again = Vault(UNIT, ring.unit(UNIT)).unwrap("p1", person.wrapped_key)

    assert again.open(sealed, "i1") == {"ten": "Lụa"}


def test_an_erased_person_is_gone_from_memory_too(vault: Vault) -> None:
    """When the stored key is gone, the remembered one is not used."""
    vault.create("p1")

    with pytest.raises(ErasedError):
        vault.unwrap("p1", None)
    assert vault._cache == {}


def test_memory_holds_a_bounded_number_of_keys(vault: Vault) -> None:
    """The key used longest ago leaves first; it still unwraps from its row."""
    first = vault.create("p0")
    for number in range(1, CACHE_PEOPLE + 1):
        vault.create(f"p{number}")

    assert len(vault._cache) == CACHE_PEOPLE
    assert "p0" not in vault._cache
    assert vault.unwrap("p0", first.wrapped_key).person_id == "p0"


def test_a_key_in_use_stays_in_memory(vault: Vault) -> None:
    """Unwrapping a remembered key returns the same object."""
    person = vault.create("p1")

    assert vault.unwrap("p1", person.wrapped_key) is person


@given(st.text(max_size=50))
def test_a_commitment_is_the_hash_of_salt_and_text(text: str) -> None:
    """With the salt anyone can check the text by one SHA-256."""
    promise = commit(text)

    expected = hashlib.sha256(promise.salt + text.encode()).hexdigest()
    assert expected == promise.digest
    assert len(promise.salt) == SALT_BYTES


def test_equal_texts_commit_to_different_digests() -> None:
    """Nobody can guess a short text ("có") by hashing candidates."""
    assert len({commit("có").digest for _ in range(50)}) == 50
