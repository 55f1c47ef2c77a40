"""How is a case opened for somebody who came, phoned, wrote a letter or called 1022?

The same clocks and proofs as for a message. The person gets a key of their own on the
channel "desk", known again by the phone, so that the same erasure reaches them.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection

from handlers.cases import clocks
from handlers.cases.begin import Birth, opened
from handlers.cases.case import Case, Source
from handlers.cases.code import CaseCode
from handlers.cases.errors import (
    BadPhoneError,
    BadTimeError,
    GuidanceOnlyError,
    TextMissingError,
)
from handlers.cases.moments import local_day
from handlers.cases.opening import Opening
from handlers.cases.rows import Sealer, rows_of
from handlers.cases.words import key_of, values_of
from handlers.citizen import honorifics
from handlers.staff.cases.telling import DESK
from handlers.staff.cases.workroom import Room
from storage import cases, people
from storage.vault import PersonVault

OLDEST = timedelta(days=366)
_PHONE = re.compile(r"0\d{8,10}", re.ASCII)
_COUNTRY = re.compile(r"^(?:\+?84)(?=\d{8,10}$)", re.ASCII)


@dataclass(frozen=True, slots=True)
class Report:
    """What somebody told us, when (aware), and how it reached us."""

    kind: str
    text: str
    source: Source
    received_at: datetime
    name: str = ""
    phone: str = ""
    address: str = ""


@dataclass(frozen=True, slots=True)
class Recorded:
    """The case, and the sentence to say or hand to the citizen."""

    case: Case
    receipt: str


@dataclass(frozen=True, slots=True)
class _Known:
    """The person's key; the rows to add when we never met them."""

    vault: PersonVault
    person: Mapping[str, Any] | None = None
    identity: Mapping[str, Any] | None = None


async def open_for(room: Room, report: Report) -> Recorded:
    """Open a case; raises GuidanceOnlyError, TextMissingError, BadTimeError, …"""
    opening = await _opening(room, report, phone_of(report.phone))
    known = await _person(room, opening.contact)
    now = room.clock.now_ms()
    birth = Birth(room.unit_id, room.ids.new(), known.vault.person_id, DESK)
    change = opened(opening, birth, room.clock.now())
    sealer = Sealer(room.ids, known.vault, room.vault.keys, now)
    rows = rows_of(change, sealer)

    def work(connection: Connection) -> None:
        if known.person is not None and known.identity is not None:
            people.add_person(connection, known.person, known.identity)
        cases.write(connection, rows)

    await room.database.write(work)
    return Recorded(change.case, _receipt(room, change.case, opening.template))


def phone_of(text: str) -> str:
    """Return a phone as digits from 0 on, "" for none; raises BadPhoneError."""
    plain = re.sub(r"[\s.\-()]", "", text)
    if not plain:
        return ""
    digits = _COUNTRY.sub("0", plain)
    if not _PHONE.fullmatch(digits):
        raise BadPhoneError(text[:20])
    return digits


async def _opening(room: Room, report: Report, phone: str) -> Opening:
    kind = room.services.kinds.get(report.kind)
    if kind.is_guidance:
        raise GuidanceOnlyError
    if not report.text.strip():
        raise TextMissingError
    now = room.clock.now()
    if not now - OLDEST <= report.received_at <= now:
        raise BadTimeError(f"{report.received_at:%d/%m/%Y %H:%M}")
    running = clocks.started(kind, report.received_at, room.services.deadlines)
    day = local_day(now)
    number = await room.database.write(
        lambda c: cases.reserve(c, room.unit_id, day.isoformat())
    )
    contact = {"name": report.name, "phone": phone, "address": report.address}
    key = key_of(room.words, kind.code, "recorded")
    return Opening(
        kind=kind.code,
        code=str(CaseCode(kind.letters, day, number)),
        text=report.text.strip(),
        received_at=report.received_at,
        clocks=running,
        source=report.source,
        contact={name: text.strip() for name, text in contact.items() if text.strip()},
        template=key,
        template_version=room.words.version(key),
        recorded_by=room.by,
    )


async def _person(room: Room, contact: Mapping[str, str]) -> _Known:
    """Return the person behind a phone; somebody without one is always new."""
    phone = contact.get("phone", "")
    keys = room.vault.keys
    mac = keys.mac(f"user:{DESK}", phone or room.ids.new())
    key = (room.unit_id, DESK, mac)
    found = await room.database.read(lambda c: people.find_identities(c, [key]))
    if key in found and found[key]["wrapped_key"] is not None:
        row = found[key]
        return _Known(room.vault.unwrap(row["person_id"], row["wrapped_key"]))
    vault = room.vault.create(room.ids.new())
    shared = {"unit_id": room.unit_id, "person_id": vault.person_id}
    return _Known(
        vault,
        shared | {"wrapped_key": vault.wrapped_key, "created_at": room.clock.now_ms()},
        shared
        | {"channel": DESK, "id_mac": mac, "sealed_id": vault.seal({"id": phone}, mac)},
    )


def _receipt(room: Room, case: Case, key: str) -> str:
    xh, unit = honorifics.spoken(""), room.unit
    common = {"xh": xh, "Xh": xh[:1].upper() + xh[1:], "xa": unit.name, "place": ""}
    values = values_of(case, room.services.kinds.get(case.kind))
    return room.words.say(key, **(values | common))
