"""Does the leader see at a glance what waits, and open the list behind each figure?"""

from __future__ import annotations

import re
from html import unescape

import pytest

from handlers.staff.permissions import Role
from tests.bot.console.support import Desk
from tests.handlers.staff.reports.made import code, fill

LINK = re.compile(r'href="(/console/(?:reports|surveys)[^"]*)"')


@pytest.fixture
async def autumn(desk: Desk) -> Desk:
    """A console on the invented autumn."""
    await desk.service.database.write(lambda c: fill(c, desk.house.ids))
    return desk


def links(text: str) -> list[str]:
    """Return the addresses of lists behind figures."""
    return sorted({unescape(one) for one in LINK.findall(text)})


async def test_what_waits_comes_first(autumn: Desk) -> None:
    """The draft to approve, then figures, then the longest overdue."""
    leader = await autumn.as_role(Role.LEADER)
    page = await leader.get("/console/today")

    assert page.status == 200
    assert page.text.index("Chờ anh/chị duyệt (1)") < page.text.index("Mới hôm nay")
    assert f"/console/cases/{code(3)}" in page.text
    assert f"Lâu nhất: {code(4)}, 49 ngày" in page.text
    assert "50 %" in page.text
    assert "Chưa ai nhận" in page.text


async def test_charts_are_told_in_words(autumn: Desk) -> None:
    """Each has a title, a description and a table."""
    leader = await autumn.as_role(Role.LEADER)
    text = (await leader.get("/console/today")).text

    assert text.count('<svg class="chart"') == 3
    assert text.count("<desc id=") == 3
    assert "12 tuần: tiếp nhận 5, trả lời 2" in text
    assert "thấp nhất 50 %, cao nhất 50 %" in text


async def test_an_empty_commune_is_told_what_comes(desk: Desk) -> None:
    """Nothing is invented when nothing happened."""
    leader = await desk.as_role(Role.LEADER)
    text = (await leader.get("/console/today")).text

    assert links(text)
    assert "Không có câu trả lời, thư nào chờ duyệt" in text
    assert "Khi người dân nhắn tới, số liệu sẽ tự hiện ở đây" in text
