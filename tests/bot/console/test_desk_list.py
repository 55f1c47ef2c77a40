"""Does the desk show what is there to do, and find it again?"""

from __future__ import annotations

from handlers.staff.permissions import Role
from tests.bot.console.support import Desk


async def test_the_empty_desk_says_what_to_do(desk: Desk) -> None:
    """Each tab without cases is a sentence, not an empty table."""
    officer = await desk.as_role(Role.OFFICER)
    for tab in ("new", "mine", "today", "overdue", "waiting", "open", "done", "x"):
        page = await officer.get(f"/console/cases?tab={tab}")
        assert page.status == 200, page.text
        assert 'class="nothing"' in page.text
    talks = await officer.get("/console/cases/talks")
    assert "Chưa có ai nhắn tin" in talks.text
    found = await officer.get("/console/cases?q=khong+co")
    assert "Không thấy hồ sơ nào" in found.text
