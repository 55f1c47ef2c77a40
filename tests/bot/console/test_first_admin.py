"""How does the very first administrator get in?"""

from __future__ import annotations

from bot.console import first_link
from bot.console.demo_people import PEOPLE, demo_links
from handlers.staff.permissions import Role
from storage import accounts
from tests.bot.console.support import PASSWORD, UNIT, Desk

TOLD = {
    "code": "quantri01",
    "name": "Nguyễn Thị Quản",
    "title": "Văn phòng",
    "password": PASSWORD,
    "again": PASSWORD,
}


async def _path(desk: Desk) -> str:
    lines = await first_link.lines(desk.house.gates, desk.base)
    assert "Tạo quản trị đầu tiên của xã Thanh Hà" in lines[0]
    return lines[1].strip().removeprefix(desk.base)


async def test_an_empty_house_is_opened_by_the_printed_link(desk: Desk) -> None:
    """It asks who they are, lets them in as administrator, and is then gone."""
    path, browser = await _path(desk), desk.browser()
    weak = await browser.post(path, TOLD | {"password": "thanhha123", "again": "x"})
    assert 'value="Nguyễn Thị Quản"' in weak.text
    home = await browser.post(path, TOLD)
    assert "Xin chào Nguyễn Thị Quản" in home.text
    assert "Quản trị" in home.text

    assert await first_link.lines(desk.house.gates, desk.base) == []
    assert (await desk.browser().get(path)).status == 410
    assert (await desk.browser().log_in("quantri01")).status == 200


async def test_each_start_prints_another_link(desk: Desk) -> None:
    """The one printed last works, the one before it no longer."""
    before, after = await _path(desk), await _path(desk)

    assert before != after
    assert (await desk.browser().get(before)).status == 410
    assert (await desk.browser().get(after)).status == 200


async def test_two_who_hold_the_link_are_one_administrator(desk: Desk) -> None:
    """Who comes second is refused."""
    path = await _path(desk)
    one, two = desk.browser(), desk.browser()
    shown = await two.get(path)
    await one.post(path, TOLD)
    late = await two.send(path, TOLD | {"csrf": shown.csrf, "code": "quantri02"})

    assert late.status == 410


async def test_an_administrator_without_a_password_is_invited(desk: Desk) -> None:
    """Who was added by a command gets an invitation, and nobody else can be first."""
    await desk.hire("nam", Role.ADMIN)
    gate = desk.gate
    await gate.database.write(
        lambda c: accounts.change_account(c, UNIT, "nam", {"password_hash": None}, 1)
    )
    lines = await first_link.lines(desk.house.gates, desk.base)

    assert "Quản trị đã ghi tên" in lines[0]
    page = await desk.browser().get(lines[1].strip().removeprefix(desk.base))
    assert "Xin chào Nguyễn Thị Quản" in page.text


async def test_the_demonstration_has_somebody_of_each_role(desk: Desk) -> None:
    """Links work, a second start on the same folder makes new ones."""
    await demo_links(desk.gate, desk.base)
    made = await demo_links(desk.gate, desk.base)
    assert {one.role for one in PEOPLE} == set(Role)
    for _, name, url in made:
        answer = await desk.browser().post(url.removeprefix(desk.base))
        assert f"Xin chào {name}" in answer.text
