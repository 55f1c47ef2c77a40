"""Does the calendar say what is off, what is not sure, and where it is mended?"""

from __future__ import annotations

from handlers.staff.permissions import Role
from tests.bot.console.support import UNIT, Desk


async def test_a_year_with_its_days_off_and_their_place(desk: Desk) -> None:
    """Feasts and days off of the law are there, and the line that holds our own."""
    browser = await desk.as_role(Role.OFFICER)
    page = await browser.get("/console/calendar?year=2026")

    assert "Quốc khánh" in page.text
    assert "02/09/2026" in page.text
    assert f"units.{UNIT}.days_off" in page.text


async def test_years_far_away_are_this_year(desk: Desk) -> None:
    """Nonsense and years nobody planned show the current one."""
    browser = await desk.as_role(Role.AUDITOR)
    for odd in ("1", "9999", "abc", "²", "-3", "2029"):
        page = await browser.get(f"/console/calendar?year={odd}")
        assert page.status == 200
        assert ("Năm 2029" if odd == "2029" else "Năm 2026") in page.text
