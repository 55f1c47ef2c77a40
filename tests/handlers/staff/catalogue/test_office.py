"""Do forms change exactly what was typed, by those who may, and can it be undone?"""

from __future__ import annotations

from collections.abc import Awaitable, Callable

import pytest

from handlers.staff.catalogue import office
from handlers.staff.catalogue.errors import (
    ChangedMeanwhileError,
    CodeTakenError,
    ProcedureUnknownError,
    UnfitEditError,
    VersionUnknownError,
)
from handlers.staff.catalogue.form import cells, edited
from handlers.staff.catalogue.seeding import seed, seed_batch
from handlers.staff.people.errors import NotAllowedError
from handlers.staff.permissions import Role
from tests.handlers.staff.office import StaffOffice
from tests.storage.rows import UNIT

CODE = "1.001193"
Job = Callable[[], Awaitable[object]]


async def opened(staff_office: StaffOffice) -> None:
    """Seed the catalogue; an is the head, binh an officer."""
    desk = staff_office.desk
    await seed(desk.database, [UNIT], desk.ids, desk.now_ms())
    await staff_office.hire("an", Role.HEAD)
    await staff_office.hire("binh")


def test_a_form_that_nobody_touched_says_nothing() -> None:
    """Every procedure of the seed, as a browser sends it (CR LF), with own words."""
    for row in seed_batch().rows:
        typed = {
            name: text.replace("\n", "\r\n")
            for name, text in cells(row.fields, None, None).items()
        }
        assert edited(typed, row.code, (row.fields, None, None), "2026-11-23") is None
        own = {"code": row.code, "summary": "Lời của xã", "aliases": ["tên riêng"]}
        shown = cells(row.fields, None, own)
        assert edited(shown, row.code, (row.fields, None, own), "2026-11-23") == own


async def test_saved_seen_and_undone(staff_office: StaffOffice) -> None:
    """A cell is own until it is emptied; a version brings it back; all is proved."""
    await opened(staff_office)
    desk = staff_office.as_("an")
    before = await office.layers(desk, CODE)
    await office.save(desk, CODE, {"fee.text": "Không thu"}, before.seen)
    found = await office.layers(desk, CODE)
    assert found.shown["fee"]["text"] == "Không thu"
    staff_office.clock.advance(ms=5)
    await office.save(desk, CODE, {"fee.text": ""}, found.seen)
    assert (await office.layers(desk, CODE)).commune is None
    history = await office.history(desk, CODE)
    assert [fields is None for _, fields in history] == [True, False]
    staff_office.clock.advance(ms=5)
    await office.restore(desk, history[-1][0].import_id, CODE)

    assert (await office.layers(desk, CODE)).shown == found.shown
    assert [one.by for one in await office.versions(desk)] == ["an"] * 3
    assert (await staff_office.proofs())[-1][1]["by"] == "an"


async def test_what_is_refused(staff_office: StaffOffice) -> None:
    """Who may not, an old form, a code twice, a wrong cell, no such version."""
    await opened(staff_office)
    desk, officer = staff_office.as_("an"), staff_office.as_("binh")
    typed = {"name": "Việc mới", "summary": "Dạ"}
    save, restore = office.save, office.restore
    refused: tuple[tuple[type[Exception], Job], ...] = (
        (NotAllowedError, lambda: save(officer, CODE, typed, "")),
        (NotAllowedError, lambda: restore(officer, "x")),
        (ChangedMeanwhileError, lambda: save(desk, CODE, typed, "cũ")),
        (CodeTakenError, lambda: save(desk, CODE, typed, "", is_new=True)),
        (ProcedureUnknownError, lambda: save(desk, "XA-1", typed, "")),
        (UnfitEditError, lambda: save(desk, CODE, {"time.days": "hai"}, "")),
        (UnfitEditError, lambda: save(desk, "XA-1", {"summary": "x"}, "", is_new=True)),
        (VersionUnknownError, lambda: restore(desk, "khong-co")),
    )
    for error, job in refused:
        with pytest.raises(error):
            await job()

    assert await office.versions(desk) == []
