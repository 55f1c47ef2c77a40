"""Whose birthday do we keep, and who said that we may? Sealed, with consent and proof.

A commune keeps nothing here without a yes to the purpose "letters"; who takes it back
is taken out.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time
from typing import Any, Final

from sqlalchemy import Connection

from handlers.model import Tag
from handlers.staff.letters import guards
from handlers.staff.letters.birthday_form import KEPT, NAME, BirthdayEntry, grown
from handlers.staff.letters.errors import NoSuchBirthdayError
from handlers.staff.letters.recipient import Recipient, found
from handlers.staff.letters.room import LOCAL, LetterRoom
from handlers.staff.permissions import Action
from handlers.staff.privacy.stopping import stop
from handlers.staff.proof import proof
from storage import consent, evidence, letters_birthdays, people
from storage.consent import Consent
from storage.errors import ErasedError
from storage.vault import PersonVault

ITEM: Final = "birthday"
WORDS: Final = "letters.birthday:1"
"""What was read to them, with its version: docs/viet-thu.md."""
DESK: Final = "desk"
FORM, IMPORT, API = "form", "import", "api"


@dataclass(frozen=True, slots=True)
class Birthday:
    """A birthday as staff see it; ``is_allowed`` False: consent was taken back."""

    row: Mapping[str, Any]
    born: date
    data: Mapping[str, str]
    is_allowed: bool = True
    vault: PersonVault | None = field(default=None, repr=False)

    @property
    def birthday_id(self) -> str:
        """The id."""
        return str(self.row["birthday_id"])

    @property
    def name(self) -> str:
        """The person's name."""
        return self.data[NAME]


async def put(room: LetterRoom, one: BirthdayEntry, source: str = FORM) -> bool:
    """Keep a birthday and its consent; False when it was there and is now renewed.

    Raises BadPhoneError, NotAllowedError.
    """
    return await room.desk.change(
        Action.WRITE_LETTERS, lambda c: put_in(c, room, one, source)[1]
    )


def put_in(
    connection: Connection, room: LetterRoom, one: BirthdayEntry, source: str
) -> tuple[str, bool]:
    """Write in the caller's transaction; return the person's id, and whether new."""
    who_mac = _who_mac(room, one)
    before = letters_birthdays.by_who(connection, room.unit_id, who_mac)
    whose = _whose(connection, room, one, before)
    whose.add(connection)
    item_id = _sealed(connection, room, one, whose.vault)
    now = room.desk.now_ms()
    row = {
        "unit_id": room.unit_id,
        "birthday_id": before["birthday_id"] if before else room.desk.ids.new(),
        "person_id": whose.vault.person_id,
        "item_id": item_id,
        "day_mac": day_mac(room, one.born.month, one.born.day),
        "who_mac": who_mac,
        "source": source,
        "created_by": room.desk.by,
        "created_at": now,
        "updated_at": now,
    }
    letters_birthdays.put(connection, row)
    if before:
        people.drop_items(connection, room.unit_id, [before["item_id"]])
    _agreed(connection, room, one, whose.vault.person_id, source)
    _prove(connection, room, Tag.BIRTHDAY_KEPT, row, source=source, new=not before)
    return whose.vault.person_id, before is None


async def drop(room: LetterRoom, birthday_id: str, *, is_withdrawn: bool) -> None:
    """Take a birthday out; with ``is_withdrawn`` consent to letters ends as well.

    Raises NoSuchBirthdayError, NotAllowedError.
    """

    def work(connection: Connection) -> None:
        row = letters_birthdays.get(connection, room.unit_id, birthday_id[:32])
        if row is None:
            raise NoSuchBirthdayError
        letters_birthdays.drop(connection, room.unit_id, row["birthday_id"])
        if is_withdrawn:
            said = _consent(room, str(row["person_id"]), is_given=False)
            consent.withdraw(connection, room.unit_id, said)
            whose = (room.unit_id, str(row["person_id"]), [guards.PURPOSE])
            stop(connection, *whose, room.desk.now_ms())
        _prove(connection, room, Tag.BIRTHDAY_DROPPED, row, withdrawn=is_withdrawn)

    await room.desk.change(Action.WRITE_LETTERS, work)


async def listed(room: LetterRoom) -> list[Birthday]:
    """Return all birthdays of the unit, newest first."""

    def work(connection: Connection) -> list[Birthday]:
        rows = letters_birthdays.listed(connection, room.unit_id)
        return [one for row in rows if (one := opened(connection, room, row))]

    return await room.desk.look(Action.SEE_LETTERS, work)


def opened(
    connection: Connection, room: LetterRoom, row: Mapping[str, Any]
) -> Birthday | None:
    """Return what a row with key and sealed words holds, None after an erasure."""
    if row["wrapped_key"] is None or row["sealed"] is None:
        return None
    try:
        vault = room.vault.unwrap(row["person_id"], row["wrapped_key"])
    except ErasedError:
        return None
    value = vault.open(row["sealed"], row["item_id"])
    may = (room.unit_id, vault.person_id, guards.PURPOSE, room.desk.now_ms())
    is_allowed = consent.allowed(connection, *may)
    born = date.fromisoformat(value["born"])
    return Birthday(row, born, value["data"], is_allowed, vault)


def day_mac(room: LetterRoom, month: int, day: int) -> str:
    """Return the mark under which a day of the year is found."""
    return room.desk.keys.mac("birthday-day", f"{month:02}-{day:02}")


def _who_mac(room: LetterRoom, one: BirthdayEntry) -> str:
    who = f"{guards.bare(one.data[NAME])}|{one.born.isoformat()}"
    return room.desk.keys.mac("birthday-who", who)


def _whose(
    connection: Connection,
    room: LetterRoom,
    one: BirthdayEntry,
    before: Mapping[str, Any] | None,
) -> Recipient:
    if before is not None and before["wrapped_key"] is not None:
        key = before["wrapped_key"]
        return Recipient(room.vault.unwrap(before["person_id"], key))
    return found(connection, room, "", one.phone)


def _sealed(
    connection: Connection, room: LetterRoom, one: BirthdayEntry, vault: PersonVault
) -> str:
    item_id = room.desk.ids.new()
    data = {name: one.data[name] for name in KEPT if one.data.get(name)}
    value = {"data": data, "born": one.born.isoformat()}
    item = {
        "unit_id": room.unit_id,
        "item_id": item_id,
        "person_id": vault.person_id,
        "kind": ITEM,
        "sealed": vault.seal(value, item_id),
        "created_at": room.desk.now_ms(),
    }
    people.add_items(connection, [item])
    return item_id


def _agreed(
    connection: Connection,
    room: LetterRoom,
    one: BirthdayEntry,
    person_id: str,
    source: str,
) -> None:
    """Write the yes down, and that a child's word is the guardian's."""
    now, until = room.desk.now_ms(), grown(one.born)
    if room.today() < until:
        at = datetime.combine(until, time(), LOCAL)
        grown_at = round(at.timestamp() * 1000)
        consent.note_minor(connection, room.unit_id, person_id, grown_at, now)
    if consent.allowed(connection, room.unit_id, person_id, guards.PURPOSE, now):
        return
    said = _consent(room, person_id, is_given=True, by_guardian=one.by_guardian)
    said = replace(said, channel=API) if source == API else said
    consent.give(connection, room.unit_id, said)


def _consent(
    room: LetterRoom, person_id: str, *, is_given: bool, by_guardian: bool = False
) -> Consent:
    return Consent(
        consent_id=room.desk.ids.new(),
        person_id=person_id,
        purpose=guards.PURPOSE,
        channel=DESK,
        words=WORDS,
        at=room.desk.now_ms(),
        is_given=is_given,
        by_guardian=by_guardian,
        by=room.desk.by,
    )


def _prove(
    connection: Connection,
    room: LetterRoom,
    tag: Tag,
    row: Mapping[str, Any],
    **data: str | int | bool,
) -> None:
    subject, person = str(row["birthday_id"]), str(row["person_id"])
    evidence.append(connection, [proof(room.desk, tag, subject, person, **data).row()])
