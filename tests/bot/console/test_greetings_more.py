"""Are groups, the calendar, its feed and templates used in the console as promised?"""

from __future__ import annotations

import re

from aiohttp import FormData

from handlers.staff.permissions import Role
from storage import templates
from storage.tables import greeting, person_tag, zbs_choice
from tests.bot.console.support import UNIT, Desk
from tests.bot.console.test_greetings import drafted

TEMPLATE = {
    "unit_id": UNIT,
    "template_id": "410001",
    "name": "Kết quả hồ sơ đã có",
    "status": "ENABLE",
    "quality": "HIGH",
    "tag": "TRANSACTION",
    "params": '{"ho_ten": 30}',
    "by_uid": True,
    "price_uid": 165,
    "price_phone": 200,
    "reason": "",
    "read_at": 1,
    "changed_at": 1,
}


async def test_a_table_of_groups_is_shown_before_it_is_kept(desk: Desk) -> None:
    """A row nobody can be found for is told with its number; nothing is kept."""
    officer = await desk.as_role(Role.OFFICER)
    page = "/console/greetings/groups"
    form = FormData()
    form.add_field("csrf", (await officer.get(page)).csrf)
    text = "Mã Zalo,Nhóm,Ngày đồng ý,Cách đồng ý\n1,giao_vien,20/11/2025,giấy\n"
    form.add_field("file", text.encode(), filename="n.csv", content_type="text/csv")
    answer = await officer.send(page, form)

    assert "Dòng 2" in answer.text
    assert "chưa tìm thấy người này" in answer.text
    assert await desk.rows(person_tag) == []


async def test_who_is_reached_is_chosen_and_counted_before_approval(desk: Desk) -> None:
    """Another audience is another version, and voids the approval."""
    url = await drafted(desk)
    leader = await desk.as_role(Role.LEADER)
    await leader.post(f"{url}/approve", {"version": "1"}, page=url)
    officer = await desk.as_role(Role.OFFICER)
    aimed = {"version": "1", "audience": "giao_vien"}
    answer = await officer.post(f"{url}/aim", aimed, page=url)

    assert "nhóm Thầy cô giáo" in answer.text
    assert "nhiều nhất 0 người" in answer.text
    row = (await desk.rows(greeting))[0]
    assert (row["audience"], row["approved"], row["version"]) == ("giao_vien", 0, 2)


async def test_the_calendar_feed_opens_by_its_secret_until_it_is_closed(
    desk: Desk,
) -> None:
    """The address is told once; another one, or a closing, ends it."""
    await drafted(desk)
    page = "/console/greetings/calendar"
    officer = await desk.as_role(Role.OFFICER)
    shown = await officer.post(f"{page}/feed", page=page)
    assert "lần gửi trong 12 tháng tới" in shown.text
    found = re.search(r"/lich/[\w-]+\.ics", shown.text)
    assert found is not None
    path = found[0]
    stranger = desk.browser()
    feed = await stranger.get(path)
    assert feed.headers["Content-Type"].startswith("text/calendar")
    assert f"UID:greeting-{UNIT}-tet_nguyen_dan" in feed.text
    assert path.split("/")[-1] not in (await officer.get(page)).text
    await officer.post(f"{page}/close", page=page)

    assert (await stranger.get(path)).status == 404
    assert (await stranger.get("/lich/nothing.ics")).status == 404


async def test_a_template_is_chosen_with_the_source_of_each_parameter(
    desk: Desk,
) -> None:
    """A parameter without a source is refused; a leader's choice is kept."""
    await desk.gate.database.write(lambda c: templates.keep(c, UNIT, [TEMPLATE]))
    leader = await desk.as_role(Role.LEADER)
    page = "/console/greetings/templates"
    told = {"template": "410001", "kind": "cam_on"}
    bad = await leader.post(f"{page}/choose", told, page=page)
    assert bad.status == 400
    assert "ho_ten" in bad.text
    good = told | {"p-ho_ten": "nguoi_nhan"}
    await leader.post(f"{page}/choose", good, page=page)
    rows = await desk.rows(zbs_choice)
    assert [(row["kind"], row["fields"]) for row in rows] == [
        ("cam_on", '{"ho_ten": "nguoi_nhan"}')
    ]
    await leader.post(f"{page}/unchoose", {"kind": "cam_on"}, page=page)

    assert await desk.rows(zbs_choice) == []
