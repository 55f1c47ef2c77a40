"""How does one person leave a raw body that names several, and then everything?"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from contextlib import suppress
from datetime import datetime
from typing import Any

import structlog
from sqlalchemy import Connection, select

from bot.channels.facebook import parse as facebook_parse
from bot.channels.telegram.parse import read as telegram_read
from bot.channels.wire import WireEvent
from bot.channels.zalo import parse as zalo_parse
from bot.channels.zalo_bot.parse import read as zalo_bot_read
from bot.clock import from_ms
from bot.dossier_sweep import sweep
from bot.ingest import body_context, lane_of, split_body
from bot.installation import Installation, erased_list
from handlers.model import Channel, Tag
from storage import backup_erased, people, sealed
from storage.backup_erased import Erased
from storage.day_keys import DayKeys
from storage.erasure import (
    Erasure,
    candidates,
    erase_everywhere,
    erase_person,
    redact_all,
)
from storage.errors import StorageError
from storage.evidence import Entry, append
from storage.file_folder import FileFolder
from storage.keys import InvalidTag, UnitKeys
from storage.tables import person

log = structlog.get_logger()


class Redactor:
    """Opens sealed bodies of one unit and seals them again without a person."""

    def __init__(self, unit_id: str, keys: UnitKeys, day_keys: DayKeys) -> None:
        self._unit_id = unit_id
        self._keys = keys
        self._day_keys = day_keys

    def __call__(self, row: Mapping[str, Any], lanes: frozenset[str]) -> bytes | None:
        """Return the bytes without these lanes; None when they cannot be opened."""
        channel = Channel(row["channel"])
        return self.without(row, lambda e: lane_of(self._keys, channel, e) in lanes)

    def without(
        self, row: Mapping[str, Any], is_gone: Callable[[WireEvent], bool]
    ) -> bytes | None:
        """Return the bytes without some events; None when they cannot be opened."""
        box = self._day_keys.box(self._unit_id, row["day"])
        context = body_context(self._unit_id, row["body_id"])
        try:
            plain = box.open(row["sealed"], context) if box else None
        except InvalidTag:
            plain = None
        if box is None or plain is None:
            return None
        body = split_body(plain)
        channel = Channel(row["channel"])
        found = _events(channel, body, from_ms(row["received_at"]))
        named = [event.index for event in found if is_gone(event)]
        if not named:
            sealed: bytes = row["sealed"]
            return sealed
        return box.seal(plain[: -len(body)] + _without(channel, body, named), context)


async def erase(
    opened: Installation, unit_id: str, person_id: str, why: str = "", by: str = ""
) -> Erasure:
    """Erase a person of a unit, with evidence (NĐ 356/2025/NĐ-CP Điều 5).

    ``why`` is a code for the log when nobody asked for it (a rule of retention), ``by``
    the code of whoever of the commune did it.
    """
    now, keys = opened.clock.now_ms(), opened.ring.unit(unit_id)
    day_keys = DayKeys(opened.ring)
    today = opened.clock.now().date()
    await opened.database.write(lambda c: day_keys.load(c, [unit_id], today))

    def prove(connection: Connection, done: Erasure) -> None:
        _prove(connection, opened, unit_id, person_id, done, why, by)

    redact = Redactor(unit_id, keys, day_keys)
    done = await erase_everywhere(
        opened.database, unit_id, person_id, now, redact, prove
    )
    await _drop_files(opened, unit_id, done)
    with suppress(StorageError):  # the clock looks again within minutes
        await sweep(opened, unit_id)
    await asyncio.to_thread(_note, opened, {(unit_id, person_id): now})
    return done


def erase_again(
    connection: Connection, opened: Installation, erased: Erased
) -> dict[str, list[str]]:
    """Erase whom a restored backup still knows; return file names to remove by unit.

    All in the caller's transaction, with evidence.
    """
    now, day_keys = opened.clock.now_ms(), DayKeys(opened.ring)
    known = _still_known(connection, erased)
    day_keys.load(connection, sorted({u for u, _ in known}), opened.clock.now().date())
    names: dict[str, list[str]] = {}
    for unit_id, person_id in known:
        redact = Redactor(unit_id, opened.ring.unit(unit_id), day_keys)
        lanes, bodies = candidates(connection, unit_id, person_id)
        redacted = redact_all(bodies, lanes, redact)
        done = erase_person(connection, unit_id, person_id, now, redacted)
        _prove(connection, opened, unit_id, person_id, done)
        names.setdefault(unit_id, []).extend(done.files)
    return names


def _still_known(connection: Connection, erased: Erased) -> list[tuple[str, str]]:
    query = select(person.c.unit_id, person.c.person_id)
    rows = connection.execute(query.where(person.c.erased_at.is_(None)))
    return sorted({(row.unit_id, row.person_id) for row in rows} & erased.keys())


def _prove(
    connection: Connection,
    opened: Installation,
    unit_id: str,
    person_id: str,
    done: Erasure,
    why: str = "",
    by: str = "",
) -> None:
    reason = {name: text for name, text in (("why", why), ("by", by)) if text}
    entry = Entry(
        unit_id=unit_id,
        entry_id=opened.ids.new(),
        at=opened.clock.now_ms(),
        tag=Tag.PERSON_ERASED.value,
        subject=person_id,
        person=person_id,
        data={
            "items": done.items,
            "sends": len(done.sends),
            "files": len(done.files),
            **reason,
        },
    )
    append(connection, [entry.row()])
    mac = opened.ring.unit(unit_id).sealed.mac("person", person_id)
    sealed.forget(connection, unit_id, mac)


def _note(opened: Installation, erased: Erased) -> None:
    """The database knows it too, and every backup brings the list up to date."""
    try:
        backup_erased.note(erased_list(opened.config), erased)
    except OSError as error:
        log.warning("erased_list_not_written", error=type(error).__name__)


async def _drop_files(opened: Installation, unit_id: str, done: Erasure) -> None:
    """Without their key they are noise already; what stays is swept within a day."""
    folder = FileFolder(opened.files_folder)
    with suppress(StorageError):
        await asyncio.to_thread(folder.delete, unit_id, done.files)


async def find_person(
    opened: Installation, unit_id: str, channel: str, user_id: str
) -> str | None:
    """Return the random id behind a platform id, None when nobody is known.

    On the channel "desk" people are known by their phone, digits from 0 on.
    """
    mac = opened.ring.unit(unit_id).mac(f"user:{channel}", user_id)
    key = (unit_id, str(channel), mac)
    found = await opened.database.read(lambda c: people.find_identities(c, [key]))
    return found[key]["person_id"] if key in found else None


def _events(channel: Channel, body: bytes, at: datetime) -> tuple[WireEvent, ...]:
    if channel is Channel.ZALO:
        return zalo_parse.parse(body, at)
    if channel is Channel.FACEBOOK:
        return facebook_parse.parse(body, at)
    read = telegram_read if channel is Channel.TELEGRAM else zalo_bot_read
    found = read(body, at)
    return () if found is None else (found.wire,)


def _without(channel: Channel, body: bytes, indexes: list[int]) -> bytes:
    if channel is not Channel.FACEBOOK:
        return b"{}"  # one event a body
    for index in indexes:
        body = facebook_parse.redact(body, index)
    return body
