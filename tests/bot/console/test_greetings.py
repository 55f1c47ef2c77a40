"""Is a greeting read, edited and approved in the console, by the right people?"""

from __future__ import annotations

from bot.broadcast_days import days_of
from handlers.staff.greetings import acts
from handlers.staff.people.desk import Desk as Work
from handlers.staff.permissions import Role
from storage.tables import greeting
from tests.bot.console.support import Desk


async def drafted(desk: Desk) -> str:
    """Draft the next Tết by hand and return the address of its page."""
    unit = desk.house.config.units["thanh-ha"]
    days = days_of(unit)
    found = days.find("tet_nguyen_dan", desk.clock.now())
    assert found is not None
    gate = desk.gate
    work = Work(gate.database, "thanh-ha", gate.keys, gate.ids, gate.now_ms)
    return f"/console/greetings/{await acts.make(work, found, days.office)}"


async def test_an_officer_edits_and_a_leader_approves(desk: Desk) -> None:
    """Bad words come back with what was typed; then an edit, then an approval."""
    url = await drafted(desk)
    officer = await desk.as_role(Role.OFFICER)
    page = await officer.get(url)
    assert "Sửa câu chữ" in page.text
    assert "Duyệt bản này" not in page.text
    words = {"chat": "Chúc vui!", "post": "Chúc.", "radio": "Chúc.", "portal": "Chúc."}
    bad = await officer.post(url, {"version": "1", **words}, page=url)
    assert bad.status == 400
    assert "Chúc vui!" in bad.text
    name = desk.house.config.units["thanh-ha"].name
    good = words | {"chat": f"Dạ, UBND {name} kính chúc anh/chị bình an ạ."}
    await officer.post(url, {"version": "1", **good}, page=url)
    stale = await officer.post(url, {"version": "1", **good}, page=url)
    assert stale.status == 409

    leader = await desk.as_role(Role.LEADER)
    await leader.post(f"{url}/approve", {"version": "2"}, page=url)
    rows = await desk.rows(greeting)
    assert (rows[0]["state"], rows[0]["approved"]) == ("approved", 2)
    assert "Rút lại" in (await leader.get(url)).text
    listed = await leader.get("/console/greetings")
    assert "Đã duyệt, chờ tới giờ" in listed.text


async def test_an_unknown_greeting_is_no_page(desk: Desk) -> None:
    """A name nobody knows is 404, also for a step."""
    leader = await desk.as_role(Role.LEADER)

    assert (await leader.get("/console/greetings/nothing")).status == 404
