"""Does the door open for those who belong here, and for nobody else?"""

from __future__ import annotations

from datetime import timedelta

import pyotp
import pytest

from handlers.staff.access.model import Purpose
from handlers.staff.permissions import Role
from storage.tables import console_session
from tests.bot.console.support import PASSWORD, UNIT, Desk


async def test_in_and_out(desk: Desk) -> None:
    """A password opens the home page, and log-out shuts it."""
    browser = await desk.as_role(Role.OFFICER)
    home = await browser.get("/console/")
    assert home.status == 200
    assert "Trần Văn Cán" in home.text
    left = await browser.post("/console/logout", page="/console/")
    assert left.url.endswith("/console/login")

    again = await browser.get("/console/account")
    assert again.url.endswith("/console/login?next=/console/account")
    assert await desk.rows(console_session) == []
