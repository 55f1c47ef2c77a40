"""Is the sealed queue open to one or two named persons, and to nobody else, ever?"""

from __future__ import annotations

import json

import pytest
from sqlalchemy import Connection, insert

from handlers.staff.permissions import Role
from handlers.staff.sealed import reading
from handlers.staff.sealed.desk import SealedDesk
from handlers.staff.sealed.errors import (
    AlreadyClosedError,
    BadHandlerCodeError,
    DamagedEntryError,
    NoSuchEntryError,
    NotHandlerError,
    TooManyHandlersError,
)
from handlers.staff.sealed.words import Line, contact_context, words_context
from storage import sealed
from storage.keys import UnitKeys
from storage.tables import sealed_entry, staff_role
from tests.handlers.staff.office import StaffOffice
from tests.storage.rows import UNIT

ENTRY = "e" * 32
MAC = "a" * 32
AT = "2026-11-23T01:00:00.000Z"
LINES = (Line(AT, "lời nhắn trước"), Line(AT, "lời tố cáo thử"))


def row(keys: UnitKeys, entry_id: str = ENTRY) -> dict[str, object]:
    """Return an entry with an earlier message and the one that was read."""
    words = {
        "at": AT,
        "messages": [
            {"at": AT, "texts": {"text": LINES[0].text}, "salts": {"text": "00"}},
            {"at": AT, "text": LINES[1].text},
        ],
        "others": [],
        "replies": [],
        "files": [{"name": "anh.jpg"}],
    }
    contact = {"channel": "zalo", "user_id": "770011", "person_id": "p"}
    box = keys.sealed.box
    return {
        "unit_id": UNIT,
        "entry_id": entry_id,
        "person_mac": MAC,
        "day": "2026-11-23",
        "sealed": box.seal(json.dumps(words).encode(), words_context(UNIT, entry_id)),
        "contact": box.seal(
            json.dumps(contact).encode(), contact_context(UNIT, entry_id)
        ),
    }


async def desk_of(office: StaffOffice, by: str) -> SealedDesk:
    """Return the sealed desk of somebody, with one entry in the queue."""
    desk = office.desk
    await desk.database.write(lambda c: _add_once(c, desk.keys))
    return SealedDesk(desk.database, UNIT, desk.keys, desk.ids, desk.now_ms, by)


def _add_once(connection: Connection, keys: UnitKeys) -> None:
    if sealed.get(connection, UNIT, ENTRY) is None:
        sealed.add(connection, row(keys))


async def test_a_handler_reads_and_each_look_is_proved(
    staff_office: StaffOffice,
) -> None:
    """List, read, close; the log says who and which, and never a word."""
    await staff_office.hire("an", Role.SEALED_HANDLER)
    desk = await desk_of(staff_office, "an")

    (listed,) = await reading.listed(desk)
    entry = await reading.read(desk, ENTRY)
    await reading.close(desk, ENTRY, is_inspected=False)

    assert listed == {
        "entry_id": ENTRY,
        "day": "2026-11-23",
        "state": "open",
        "closed_by": None,
        "closed_day": None,
    }
    assert (entry.lines, entry.files) == (LINES, 1)
    assert (entry.channel, entry.user_id) == ("zalo", "770011")
    assert (await staff_office.proofs())[-3:] == [
        ("staff:sealed:listed", {"by": "an", "count": 1}),
        ("staff:sealed:read", {"by": "an"}),
        ("staff:sealed:closed", {"by": "an", "state": "closed"}),
    ]


@pytest.mark.parametrize("role", [r for r in Role if r is not Role.SEALED_HANDLER])
async def test_no_other_role_reads(staff_office: StaffOffice, role: Role) -> None:
    """Not the chair, not the administrator; and the try itself is proved."""
    await staff_office.hire("binh", role)
    desk = await desk_of(staff_office, "binh")

    with pytest.raises(NotHandlerError):
        await reading.read(desk, ENTRY)
    assert (await staff_office.proofs())[-1] == (
        "staff:sealed:refused",
        {"by": "binh"},
    )


@pytest.mark.parametrize("by", ["operator", "nobody", "sealed_handler"])
async def test_who_only_has_the_commands_does_not_read(
    staff_office: StaffOffice, by: str
) -> None:
    """Neither the operator of the machine nor a code that is nobody's."""
    desk = await desk_of(staff_office, by)

    with pytest.raises(NotHandlerError):
        await reading.listed(desk)


async def test_when_more_than_two_could_read_nobody_does(
    staff_office: StaffOffice,
) -> None:
    """A role written past the rules shuts the queue."""
    for staff_id in ("an", "binh", "cuc"):
        await staff_office.hire(staff_id)
    grants = [
        {
            "unit_id": UNIT,
            "staff_id": staff_id,
            "role": "sealed_handler",
            "granted_at": 1,
            "granted_by": "x",
        }
        for staff_id in ("an", "binh", "cuc")
    ]
    desk = await desk_of(staff_office, "an")
    await desk.database.write(lambda c: c.execute(insert(staff_role), grants))

    with pytest.raises(TooManyHandlersError):
        await reading.read(desk, ENTRY)


async def test_what_is_closed_is_closed(staff_office: StaffOffice) -> None:
    """It leaves the list, cannot be closed again, and an unknown id is said so."""
    await staff_office.hire("an", Role.SEALED_HANDLER)
    desk = await desk_of(staff_office, "an")
    await reading.close(desk, ENTRY, is_inspected=True)

    assert await reading.listed(desk) == []
    (one,) = await reading.listed(desk, also_closed=True)
    assert (one["state"], one["closed_by"]) == ("inspected", "an")
    assert one["closed_day"] == "2026-11-23"
    with pytest.raises(AlreadyClosedError):
        await reading.close(desk, ENTRY, is_inspected=False)
    with pytest.raises(NoSuchEntryError):
        await reading.read(desk, "f" * 32)


async def test_bytes_of_another_row_do_not_open(staff_office: StaffOffice) -> None:
    """Words are bound to their entry."""
    await staff_office.hire("an", Role.SEALED_HANDLER)
    desk = await desk_of(staff_office, "an")
    moved = row(desk.keys) | {"entry_id": "f" * 32}
    await desk.database.write(lambda c: sealed.add(c, moved))

    with pytest.raises(DamagedEntryError):
        await reading.read(desk, "f" * 32)


async def test_an_erasure_deletes_unless_it_is_inspected(
    staff_office: StaffOffice,
) -> None:
    """Under inspection the words stay, without anything that leads to the person."""
    await staff_office.hire("an", Role.SEALED_HANDLER)
    desk = await desk_of(staff_office, "an")
    await desk.database.write(lambda c: sealed.add(c, row(desk.keys, "d" * 32)))
    await reading.close(desk, ENTRY, is_inspected=True)
    gone = await desk.database.write(lambda c: sealed.forget(c, UNIT, MAC))
    (left,) = await staff_office.rows(sealed_entry)
    entry = await reading.read(desk, ENTRY)

    assert gone == 1
    assert (left["entry_id"], left["person_mac"], left["contact"]) == (
        ENTRY,
        None,
        None,
    )
    assert (entry.lines, entry.user_id) == (LINES, "")


async def test_a_code_that_the_log_must_not_hold(staff_office: StaffOffice) -> None:
    """A name is not a code."""
    with pytest.raises(BadHandlerCodeError):
        await desk_of(staff_office, "Nguyễn Thị An")
