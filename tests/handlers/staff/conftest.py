"""What do the tests of staff work share? An office on each engine in turn."""

from __future__ import annotations

import pytest

from handlers.staff.people.desk import Desk
from storage.database import Database
from storage.ids import Ids
from storage.keys import KeyRing
from tests.conftest import FakeClock
from tests.handlers.staff.office import StaffOffice
from tests.storage.rows import UNIT


@pytest.fixture
def staff_office(
    database: Database, ring: KeyRing, ids: Ids, clock: FakeClock
) -> StaffOffice:
    """An office without anybody yet; 08:00 on Monday 23/11/2026."""
    desk = Desk(database, UNIT, ring.unit(UNIT), ids, clock.now_ms)
    return StaffOffice(desk, clock)
