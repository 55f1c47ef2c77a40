"""What becomes of an occasion that another system tells? A draft, a notice, a person.

One transaction before the answer: occasion, draft and proof. The same key brings the
same answer; a death never makes a letter by itself.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import Connection

from handlers.cases.errors import CaseError
from handlers.model import Tag
from handlers.staff.letters import birthday_form, birthdays, guards
from handlers.staff.letters.errors import (
    BadBirthdayError,
    BadOccasionError,
    DuplicateLetterError,
    NoConsentError,
    NoGuardianError,
    NotSureError,
    OptedOutError,
    OtherBodyError,
)
from handlers.staff.letters.occasion_form import KINDS, OccasionEvent, Told
from handlers.staff.letters.recipient import Recipient, found
from handlers.staff.letters.room import LetterRoom
from handlers.staff.letters.writing import NewLetter, made_in
from handlers.staff.permissions import Action
from handlers.staff.proof import proof
from messages.letters.compose import compose
from messages.letters.kinds import LetterKind
from storage import evidence, letters_occasions, people, staff
from storage.errors import ErasedError
from storage.letters_occasions import DONE, TELLING, WAITING
from storage.vault import PersonVault

API: Final = "api"
ITEM: Final = "occasion"
DRAFTED, KNOWN, PERSON, SILENT, NOTICE = (
    "drafted",
    "known",
    "person",
    "silent",
    "notice",
)
STORED: Final = "stored"
"""What the sender is answered: a draft waits for approval; it is here already; somebody
must look; the person asked for silence; the citizen will be told;
a birthday was kept."""
_STATES: Final[Mapping[str, str]] = {PERSON: WAITING, NOTICE: TELLING}


@dataclass(frozen=True, slots=True)
class Received:
    """The answer to the sender; ``is_new`` False: the same key came before."""

    occasion_id: str
    letter_id: str
    result: str
    is_new: bool = True


@dataclass(frozen=True, slots=True)
class Occasion:
    """An occasion as staff see it; ``data`` is empty once its person was erased."""

    row: Mapping[str, Any]
    kind: str
    data: Mapping[str, str]
    phone: str = ""
    case_code: str = ""
    vault: PersonVault | None = None


async def receive(room: LetterRoom, key: str, told: Told) -> Received:
    """Take an occasion in the name of the room's token (``desk.by``).

    Raises OtherBodyError, BadOccasionError, LetterError, StorageUnavailableError.
    """

    def work(connection: Connection) -> Received:
        staff.touch(connection, room.unit_id, room.desk.now_ms())
        return _received(connection, room, key, told)

    return await room.desk.database.write(work)


async def waiting(room: LetterRoom) -> list[Occasion]:
    """Return the occasions that wait for a person, oldest first."""
    rows = await room.desk.look(
        Action.SEE_LETTERS,
        lambda c: letters_occasions.listed(c, room.unit_id, (WAITING, TELLING)),
    )
    return [opened(room, row) for row in rows]


async def close(room: LetterRoom, occasion_id: str) -> bool:
    """Note that a person dealt with an occasion without a letter; False: too late."""

    def work(connection: Connection) -> bool:
        row = letters_occasions.get(connection, room.unit_id, occasion_id[:32])
        if row is None or row["state"] == DONE:
            return False
        now = room.desk.now_ms()
        seen = str(row["state"])
        is_done = letters_occasions.move(
            connection, room.unit_id, row["occasion_id"], seen, DONE, now
        )
        _prove(connection, room, Tag.OCCASION_CLOSED, row, event=str(row["event"]))
        return is_done

    return await room.desk.change(Action.WRITE_LETTERS, work)


def opened(room: LetterRoom, row: Mapping[str, Any]) -> Occasion:
    """Return what a row with key and sealed words holds."""
    event = OccasionEvent(row["event"])
    kind = KINDS.get(event, "")
    if not row["person_id"] or not row["item_id"] or row["sealed"] is None:
        return Occasion(row, kind, {})
    try:
        vault = room.vault.unwrap(row["person_id"], row["wrapped_key"])
    except ErasedError:
        return Occasion(row, kind, {})
    value = vault.open(row["sealed"], row["item_id"])
    return Occasion(row, kind, value["data"], value["phone"], value["case_code"], vault)


def _received(
    connection: Connection, room: LetterRoom, key: str, told: Told
) -> Received:
    key_mac = room.desk.keys.mac("occasion-key", key)
    body_mac = room.desk.keys.mac("occasion-body", told.canonical())
    before = letters_occasions.by_key(connection, room.unit_id, key_mac)
    if before is not None:
        if before["body_mac"] not in {body_mac, ""}:
            raise OtherBodyError
        letter_id = str(before["letter_id"] or "")
        letter_id = letter_id if before["result"] in {DRAFTED, KNOWN} else ""
        return Received(
            before["occasion_id"], letter_id, before["result"], is_new=False
        )
    row, letter_id, result = _decided(connection, room, told)
    now, occasion_id = room.desk.now_ms(), room.desk.ids.new()
    row |= {
        "unit_id": room.unit_id,
        "occasion_id": occasion_id,
        "event": told.event.value,
        "state": _STATES.get(result, DONE),
        "result": result,
        "source": room.desk.by,
        "key_mac": key_mac,
        "body_mac": body_mac,
        "letter_id": letter_id or None,
        "created_at": now,
        "updated_at": now,
    }
    letters_occasions.add(connection, row)
    _prove(
        connection,
        room,
        Tag.OCCASION_RECEIVED,
        row,
        event=told.event.value,
        result=result,
    )
    return Received(occasion_id, letter_id, result)


def _decided(
    connection: Connection, room: LetterRoom, told: Told
) -> tuple[dict[str, Any], str, str]:
    """Return the person's columns, the letter, and what the sender is answered."""
    if told.event is OccasionEvent.BIRTHDAY:
        return _birthday(connection, room, told)
    if told.event is OccasionEvent.RESULT:
        mac = room.desk.keys.mac("result", told.data["ma_hs"].lower())
        if _is_known(connection, room, told, mac):
            return {}, "", KNOWN
        return _kept(connection, room, told) | {"occasion_mac": mac}, "", NOTICE
    kind = room.kinds.named(KINDS[told.event])
    clean = compose(kind, told.data, room.office, room.today()).data
    mac = guards.occasion_mac(room, kind, clean)
    subject = guards.subject_mac(room, kind, clean)
    marks = {"occasion_mac": mac, "subject_mac": subject}
    letter_id = guards.letter_of(connection, room, mac)
    if letter_id or _is_known(connection, room, told, mac):
        return {}, letter_id, KNOWN
    if kind.guards:
        return _kept(connection, room, told) | marks, "", PERSON
    return _draft(connection, room, told, kind, marks)


def _birthday(
    connection: Connection, room: LetterRoom, told: Told
) -> tuple[dict[str, Any], str, str]:
    """Keep a birthday with its consent; the draft comes when its day is near."""
    raw = dict(told.data) | {birthday_form.PHONE: told.phone}
    try:
        one = birthday_form.entry(raw, room.today())
        person, is_new = birthdays.put_in(connection, room, one, birthdays.API)
    except BadBirthdayError as error:
        raise BadOccasionError(f"data.{birthday_form.BORN}", _said(error)) from error
    except NoConsentError as error:
        raise BadOccasionError(f"data.{birthday_form.YES}", _said(error)) from error
    except NoGuardianError as error:
        name = f"data.{birthday_form.GUARDIAN}"
        raise BadOccasionError(name, _said(error)) from error
    except CaseError as error:
        raise _bad_person(told, error) from error
    return {"person_id": person}, "", STORED if is_new else KNOWN


def _said(error: Exception) -> str:
    return str(error).rstrip(".")


def _draft(
    connection: Connection,
    room: LetterRoom,
    told: Told,
    kind: LetterKind,
    marks: dict[str, Any],
) -> tuple[dict[str, Any], str, str]:
    new = NewLetter(
        kind, told.data, source=API, case_code=told.case_code, phone=told.phone
    )
    words = compose(kind, told.data, room.office, room.today())
    try:
        made = made_in(connection, room, new, words)
    except (NotSureError, DuplicateLetterError):
        return _kept(connection, room, told) | marks, "", PERSON
    except OptedOutError:
        return {}, "", SILENT
    except CaseError as error:
        raise _bad_person(told, error) from error
    return {"person_id": made.person_id} | marks, made.letter_id, DRAFTED


def _is_known(connection: Connection, room: LetterRoom, told: Told, mac: str) -> bool:
    return letters_occasions.told_before(
        connection, room.unit_id, told.event.value, mac
    )


def _kept(connection: Connection, room: LetterRoom, told: Told) -> dict[str, Any]:
    whose = _person(connection, room, told)
    whose.add(connection)
    item_id = room.desk.ids.new()
    value = {
        "data": dict(told.data),
        "phone": told.phone,
        "case_code": told.case_code,
    }
    item = {
        "unit_id": room.unit_id,
        "item_id": item_id,
        "person_id": whose.vault.person_id,
        "kind": ITEM,
        "sealed": whose.vault.seal(value, item_id),
        "created_at": room.desk.now_ms(),
    }
    people.add_items(connection, [item])
    return {"person_id": whose.vault.person_id, "item_id": item_id}


def _person(connection: Connection, room: LetterRoom, told: Told) -> Recipient:
    try:
        return found(connection, room, told.case_code, told.phone)
    except CaseError as error:
        raise _bad_person(told, error) from error


def _bad_person(told: Told, error: CaseError) -> BadOccasionError:
    name = "case_code" if told.case_code else "phone"
    return BadOccasionError(name, str(error).rstrip("."))


def _prove(
    connection: Connection,
    room: LetterRoom,
    tag: Tag,
    row: Mapping[str, Any],
    **data: str | int | bool,
) -> None:
    person = str(row.get("person_id") or "")
    entry = proof(room.desk, tag, str(row["occasion_id"]), person, **data)
    evidence.append(connection, [entry.row()])
