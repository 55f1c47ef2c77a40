"""Is a step offered and made by those it is for, once, on what they saw?"""

from __future__ import annotations

from typing import Any

import pytest

from handlers.cases.actions import Act, Note, Transfer
from handlers.cases.errors import CaseError
from handlers.staff.cases.file import opened
from handlers.staff.desk_list import speaking, steps, templates
from handlers.staff.desk_list.errors import (
    CannotWriteError,
    NoTemplatesError,
    NotForYouError,
    StaleError,
)
from handlers.staff.desk_list.steps import NEEDED, Asked
from handlers.staff.permissions import Role, may
from storage.database import Database
from storage.ids import Ids
from storage.keys import KeyRing
from storage.tables import handover, outbox
from tests.conftest import FakeClock
from tests.handlers.staff.cases.commune import UNIT, Commune, make


@pytest.fixture
def commune(
    sqlite_database: Database, ring: KeyRing, ids: Ids, clock: FakeClock
) -> Commune:
    """08:00 on Monday 23/11/2026; nobody wrote yet."""
    return make(sqlite_database, ring, ids, clock)


@pytest.mark.parametrize("role", [Role.OFFICER, Role.HEAD, Role.LEADER])
async def test_nobody_is_offered_what_is_not_theirs(
    commune: Commune, role: Role
) -> None:
    """What is offered can be done by the role, and what is not is refused."""
    case = await commune.reports(await commune.citizen("ba Tư"))
    room = commune.as_("canbo01", role)
    file = await opened(room, case.code)
    offered = steps.offered(await steps.case_at(room, file))
    assert {one for one in offered if not may([role], NEEDED[one])} == set()
    for act in (one for one in NEEDED if not may([role], NEEDED[one])):
        with pytest.raises(NotForYouError):
            await steps.make(room, case.code, Asked(act, 1, "lời"))


async def test_a_step_on_an_old_version_is_refused(commune: Commune) -> None:
    """Nothing is written; the newest version is what counts."""
    case = await commune.reports(await commune.citizen("ba Tư"))
    room = commune.as_("canbo01", "officer")
    note = Asked(Act.NOTE, 1, action=Note("đã gọi"))
    await steps.make(room, case.code, note)
    with pytest.raises(StaleError):
        await steps.make(room, case.code, note)
    for move in (steps.merged_into, steps.linked):
        with pytest.raises(StaleError):
            await move(room, case.code, 1, case.code)
    assert (await opened(room, case.code)).case.version == 2


async def test_taking_a_question_silences_the_bot_and_takes_its_matter(
    commune: Commune,
) -> None:
    """Of a case that is a talk; the proof says by whom."""
    vault = await commune.citizen("ba Tư")
    case = await commune.reports(vault, "ho_tro")
    row = {
        "unit_id": UNIT,
        "handover_id": case.case_id,
        "person_id": vault.person_id,
        "channel": "facebook",
        "reason": "gap_can_bo",
        "item_id": "0" * 32,
        "state": "waiting",
        "due_at": commune.clock.now_ms(),
        "opened_at": commune.clock.now_ms(),
    }
    await commune.room.database.write(lambda c: c.execute(handover.insert(), row))
    room = commune.as_("canbo01", "officer")
    await steps.make(room, case.code, Asked(Act.TAKE, 1))
    assert [one["state"] for one in await commune.rows(handover)] == ["taken"]
    proofs = await commune.proofs("staff:conversation:taken")
    assert [(one["by"], one["via"]) for one in proofs] == [("canbo01", "console")]


async def test_somebody_elses_case_is_not_taken(commune: Commune) -> None:
    """Whoever is second is told who has it."""
    case = await commune.reports(await commune.citizen("ba Tư"))
    first, second = commune.as_("canbo01", "officer"), commune.as_("canbo02", "officer")
    await steps.make(first, case.code, Asked(Act.TAKE, 1))
    seen = (await opened(second, case.code)).case.version
    with pytest.raises(StaleError, match="canbo01 đã nhận"):
        await steps.make(second, case.code, Asked(Act.TAKE, seen))
    move = Asked(Act.TRANSFER, seen, action=Transfer("Sở Xây dựng"))
    with pytest.raises(NotForYouError):
        await steps.make(second, case.code, move)


async def test_words_that_cannot_leave_are_refused(commune: Commune) -> None:
    """After the window nothing is planned; without words neither."""
    vault = await commune.citizen("ba Tư")
    room = commune.as_("canbo01", "officer")
    place = speaking.Place(vault.person_id, "facebook", 1)
    with pytest.raises(CaseError):
        await speaking.say(room, place, speaking.Said("  ", "a" * 32))
    commune.passes(days=8)
    with pytest.raises(CannotWriteError):
        await speaking.say(room, place, speaking.Said("Chào bác", "a" * 32))
    assert await commune.rows(outbox) == []


def test_ready_sentences_are_polite_and_checked() -> None:
    """Each begins or ends kindly; a record with a fault is named."""
    assert all(one.text.endswith("ạ.") for one in templates.templates())
    fits = {one.code for one in templates.fitting("phan_anh", "received")}
    assert {"da_kiem_tra", "da_khac_phuc"} <= fits
    assert "hen_gap" not in fits
    good = {"code": "x", "title": "t", "text": "ạ"}
    bad: Any
    for bad in ("x", [{}], [good | {"kinds": ["la"]}], [good | {"la": 1}]):
        with pytest.raises(NoTemplatesError):
            templates.read(bad)
