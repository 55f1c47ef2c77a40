"""Is a paper in somebody's hand a letter of ours? Number, kind and day, no name.

The address on a letter holds its id and an HMAC of it, so nobody can try others.
"""

from __future__ import annotations

import hmac
from dataclasses import dataclass
from datetime import date
from typing import Final

from sqlalchemy import Connection

from handlers.cases.moments import from_ms, local_day
from handlers.staff.letters.model import LetterAct
from storage import letters
from storage.keys import UnitKeys

MARK: Final = 16
"""Hex digits of the HMAC; 64 bits, beside an id that is not public itself."""
PATH: Final = "/thu"


@dataclass(frozen=True, slots=True)
class Genuine:
    """What a letter of ours may say of itself; ``is_valid`` False: called back."""

    kind: str
    number: str
    day: date | None
    is_valid: bool


def mark_of(keys: UnitKeys, letter_id: str) -> str:
    """Return what proves that an address was made by us."""
    return keys.mac("letter-proof", letter_id)[:MARK]


def address_of(public_url: str, unit_id: str, keys: UnitKeys, letter_id: str) -> str:
    """Return where a letter can be checked, "" without a public address."""
    if not public_url:
        return ""
    base = public_url.rstrip("/")
    return f"{base}{PATH}/{unit_id}/{letter_id}/{mark_of(keys, letter_id)}"


def look(
    connection: Connection, unit_id: str, keys: UnitKeys, letter_id: str, mark: str
) -> Genuine | None:
    """Return what a letter is; None for a wrong mark or one that was never signed."""
    if not hmac.compare_digest(mark.encode(), mark_of(keys, letter_id).encode()):
        return None
    row = letters.get(connection, unit_id, letter_id)
    if row is None or row["number"] is None:
        return None
    steps = letters.steps(connection, unit_id, letter_id)
    signed = [one["at"] for one in steps if one["act"] == LetterAct.SIGN]
    return Genuine(
        row["kind"],
        f"{row['number']}/{row['year']}",
        local_day(from_ms(signed[-1])) if signed else None,
        is_valid=row["approved"] == row["version"],
    )
