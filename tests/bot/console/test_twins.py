"""Are reports of the same thing found, shown and merged by a hand?"""

from __future__ import annotations

from handlers.staff.cases.file import opened
from handlers.staff.permissions import Role
from tests.bot.console.desk_people import commune
from tests.bot.console.support import Desk

NIGHT = "đèn đường hỏng cả tuần"
SAME = "mấy bóng đèn đường ở đây tối om"
LONG = "cống trước trường mầm non tràn nước thải hôi thối"


async def test_what_is_alike_is_shown_and_merged(desk: Desk) -> None:
    """Same field, near in time, same place or many same words; nothing else."""
    here, officer = commune(desk), await desk.as_role(Role.OFFICER)
    place = {"where": "đầu thôn Đông, gần cầu Ván"}
    mine = await here.reports(await here.citizen("a"), text=NIGHT, **place)
    same = await here.reports(await here.citizen("b"), text=SAME, where="cầu ván")
    far = await here.reports(await here.citizen("c"), text=SAME, where="chợ Phủ")
    other = await here.reports(await here.citizen("d"), "pakn", text=NIGHT, **place)
    one = await here.reports(await here.citizen("e"), text=LONG)
    two = await here.reports(await here.citizen("f"), text=f"{LONG} quá")

    page = await officer.get(f"/console/cases/{mine.code}")
    assert f'hx-get="/console/cases/{mine.code}/twins"' in page.text
    page = await officer.get(f"/console/cases/{mine.code}/twins")
    shown = page.text.partition('id="twins"')[2].partition("</section>")[0]
    assert same.code in shown
    assert "cùng nơi" in shown
    assert "đèn, cầu, ván" in shown
    assert far.code not in shown
    is_same_field = here.room.services.kinds.get("pakn").office == (
        here.room.services.kinds.get("phan_anh").office
    )
    assert (other.code in shown) is is_same_field
    page = await officer.get(f"/console/cases/{one.code}/twins")
    assert f"Gộp vào {two.code}" in page.text
    version = (await opened(here.room, one.code)).case.version
    told = {"version": str(version), "other": two.code}
    url = f"/console/cases/{one.code}"
    done = await officer.post(f"{url}/step/merge", told, page=url)
    assert done.status == 200
    assert (await opened(here.room, one.code)).case.merged_into == two.case_id


async def test_old_and_closed_cases_are_no_twins(desk: Desk) -> None:
    """A report of another season is another matter."""
    here = commune(desk)
    old = await here.reports(await here.citizen("a"), text=LONG)
    here.passes(days=31)
    new = await here.reports(await here.citizen("b"), text=LONG)
    officer = await desk.as_role(Role.OFFICER)

    page = await officer.get(f"/console/cases/{new.code}/twins")

    assert old.code not in page.text
    assert "Chưa thấy hồ sơ đang mở nào giống" in page.text
