"""Whose letter is it? Somebody we know by a case or a phone, or somebody new.

Somebody new gets a key of their own, so that erasure reaches the letter as well.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection

from handlers.cases import code as codes
from handlers.cases.errors import NoSuchCaseError
from handlers.staff.cases.record import phone_of
from handlers.staff.cases.telling import DESK
from handlers.staff.letters.room import LetterRoom
from storage import cases, people
from storage.vault import PersonVault


@dataclass(frozen=True, slots=True)
class Recipient:
    """The person's key; the rows to add when we never met them."""

    vault: PersonVault
    person: Mapping[str, Any] | None = None
    identity: Mapping[str, Any] | None = None

    def add(self, connection: Connection) -> None:
        """Write somebody new."""
        if self.person is not None and self.identity is not None:
            people.add_person(connection, self.person, self.identity)


def found(
    connection: Connection, room: LetterRoom, case_code: str, phone: str
) -> Recipient:
    """Return whose letter it is, by case, else by phone, else somebody new.

    Raises BadCodeError, NoSuchCaseError, BadPhoneError.
    """
    if case_code.strip():
        return _of_case(connection, room, case_code)
    digits = phone_of(phone)
    mac = room.desk.keys.mac(f"user:{DESK}", digits or room.desk.ids.new())
    key = (room.unit_id, DESK, mac)
    row = people.find_identities(connection, [key]).get(key)
    if row is not None and row["wrapped_key"] is not None:
        return Recipient(room.vault.unwrap(row["person_id"], row["wrapped_key"]))
    return _new(room, mac, digits)


def _of_case(connection: Connection, room: LetterRoom, case_code: str) -> Recipient:
    row = cases.by_code(connection, room.unit_id, str(codes.parse(case_code)))
    if row is None or not row["person_id"] or row["wrapped_key"] is None:
        raise NoSuchCaseError(case_code[:40])
    return Recipient(room.vault.unwrap(row["person_id"], row["wrapped_key"]))


def _new(room: LetterRoom, mac: str, phone: str) -> Recipient:
    vault = room.vault.create(room.desk.ids.new())
    shared = {"unit_id": room.unit_id, "person_id": vault.person_id}
    sealed = vault.seal({"id": phone}, mac)
    return Recipient(
        vault,
        shared | {"wrapped_key": vault.wrapped_key, "created_at": room.desk.now_ms()},
        shared | {"channel": DESK, "id_mac": mac, "sealed_id": sealed},
    )
