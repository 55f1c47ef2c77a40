"""How does a model become a row that nobody can change unseen, and come back?

Signed with the unit's own key (Ed25519 over the hash of the bytes, so that an outsider
can check it without seeing a word), sealed at rest like everything that people said.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from typing import Any

from handlers.staff.learning.errors import ModelDamagedError
from nlu.artefact import Artefact, Verifier, dump, load
from nlu.errors import NluError
from storage.keys import InvalidTag, UnitKeys, is_signed

KIND = "nlu-model"


def sign(keys: UnitKeys, data: bytes) -> str:
    """Return the unit's signature over the bytes, 128 hex digits."""
    return keys.sign(KIND, hashlib.sha256(data).hexdigest())


def verifier(keys: UnitKeys) -> Verifier:
    """Return the check that bytes are the unit's own."""

    def verify(data: bytes, signature: str) -> bool:
        digest = hashlib.sha256(data).hexdigest()
        return is_signed(keys.public_key, KIND, digest, signature)

    return verify


def sealed_row(keys: UnitKeys, artefact: Artefact) -> dict[str, Any]:
    """Return the columns that hold an artefact."""
    data = dump(artefact)
    return {
        "unit_id": artefact.unit,
        "model_id": artefact.model,
        "sealed": keys.box.seal(data, _context(artefact.unit, artefact.model)),
        "sha256": hashlib.sha256(data).hexdigest(),
        "signature": sign(keys, data),
        "lesson_hash": artefact.lesson_hash,
        "trained_at": artefact.trained_at,
    }


def opened(keys: UnitKeys, row: Mapping[str, Any]) -> Artefact:
    """Return the artefact of a row; raises ModelDamagedError if a byte changed."""
    unit_id, model_id = row["unit_id"], row["model_id"]
    try:
        data = keys.box.open(row["sealed"], _context(unit_id, model_id))
        artefact = load(data, row["signature"], verifier(keys), unit_id)
    except (InvalidTag, NluError) as error:
        raise ModelDamagedError from error
    is_whole = hashlib.sha256(data).hexdigest() == row["sha256"]
    if not is_whole or artefact.model != model_id:
        raise ModelDamagedError
    return artefact


def _context(unit_id: str, model_id: str) -> str:
    return f"{unit_id}:{KIND}:{model_id}"
