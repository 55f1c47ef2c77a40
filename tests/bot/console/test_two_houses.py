"""Do two web processes on one database know of each other's visitors and trainings?"""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest
from aiohttp.test_utils import TestServer

from bot.server import application
from handlers.staff.access.passwords import Hasher
from handlers.staff.permissions import Role
from storage import leases
from tests.bot.console.desk_people import commune
from tests.bot.console.support import QUICK, UNIT, Desk, Visitor


@pytest.fixture
async def beside(desk: Desk) -> AsyncIterator[Visitor]:
    """A browser at a second house on the database of the first."""
    async with TestServer(application(desk.service, hasher=Hasher(QUICK))) as server:
        browser = Visitor(str(server.make_url("")).rstrip("/"))
        yield browser
        await browser.close()


async def test_colleagues_see_each_other_across_processes(
    desk: Desk, beside: Visitor
) -> None:
    """Who has a case open through another process is named, and gone after a minute."""
    officer = await desk.as_role(Role.OFFICER)
    await desk.hire("head", Role.HEAD)
    await beside.log_in("head")
    here = commune(desk)
    vault = await here.citizen("ba Tư")
    case = await here.reports(vault)
    talk = f"/console/cases/talks/{vault.person_id}/facebook"
    for url in (f"/console/cases/{case.code}", talk):
        await officer.get(url)
        assert "Đang cùng xem: Trần Văn Cán" in (await beside.get(url)).text
    here.passes(minutes=2)

    assert "Đang cùng xem" not in (await beside.get(talk)).text


async def test_one_training_for_all_processes(desk: Desk, beside: Visitor) -> None:
    """While one trains the other says so, and begins none of its own."""
    await desk.hire("head", Role.HEAD)
    await beside.log_in("head")
    now = desk.clock.now_ms()
    await desk.house.database.write(
        lambda c: leases.take(c, UNIT, "training", now, now + 60_000)
    )
    page = "/console/learning/models"

    answer = await beside.post(f"{page[:-7]}/train", {}, page=page)

    assert "đang có một lần huấn luyện" in answer.text
