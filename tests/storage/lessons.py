"""Which lessons do the storage tests write? Made-up words of made-up people."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Connection

from storage import learning, people
from storage.keys import KeyRing
from storage.vault import PersonVault, Vault
from tests.storage.rows import UNIT

Row = dict[str, Any]


def person(connection: Connection, ring: KeyRing, person_id: str) -> PersonVault:
    """Write a person without any talk."""
    vault = Vault(UNIT, ring.unit(UNIT)).create(person_id)
    shared = {"unit_id": UNIT, "person_id": person_id}
    people.add_person(
        connection,
        shared | {"wrapped_key": vault.wrapped_key, "created_at": 1},
        shared | {"channel": "zalo", "id_mac": person_id, "sealed_id": b"x"},
    )
    return vault


def candidate(
    connection: Connection, vault: PersonVault, name: str, text: str, **changes: Any
) -> str:
    """Write a candidate with its sealed words; return its id."""
    item = {
        "unit_id": UNIT,
        "item_id": f"i-{name}",
        "person_id": vault.person_id,
        "kind": "lesson",
        "sealed": vault.seal({"text": text}, f"i-{name}"),
        "created_at": 1,
    }
    row = {
        "unit_id": UNIT,
        "lesson_id": f"l-{name}",
        "person_id": vault.person_id,
        "item_id": f"i-{name}",
        "label": "1.001193",
        "source": "picked",
        "is_right": True,
        "created_at": 1000,
    }
    people.add_items(connection, [item])
    learning.add_candidates(connection, [row | changes])
    return f"l-{name}"


def example(name: str, **changes: Any) -> Row:
    """Return an approved example."""
    row: Row = {
        "unit_id": UNIT,
        "example_id": f"e-{name}",
        "label": "1.001193",
        "is_intent": False,
        "text_mac": f"mac-{name}",
        "sealed": b"sealed",
        "source": "picked",
        "approved_by": "canbo01",
        "approved_at": 1,
    }
    return row | changes


def use(code: str, *, day: str = "2026-11-23", slot: int = 0, count: int = 1) -> Row:
    """Return a count to add."""
    return {
        "unit_id": UNIT,
        "day": day,
        "code": code,
        "sign": "tap",
        "slot": slot,
        "count": count,
    }


def model(name: str, **changes: Any) -> Row:
    """Return a trained model that waits."""
    row: Row = {
        "unit_id": UNIT,
        "model_id": name,
        "sealed": b"sealed",
        "sha256": "0" * 64,
        "signature": "1" * 32,
        "metrics": b"{}",
        "lesson_hash": f"hash-{name}",
        "parent_id": None,
        "trained_at": 1,
        "live_at": None,
    }
    return row | changes
