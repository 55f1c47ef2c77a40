"""A door over a real database of each engine, with hashes that are quick to make."""

from __future__ import annotations

import pytest
from argon2 import PasswordHasher

from handlers.staff.access.model import Gate
from handlers.staff.access.passwords import Hasher
from tests.handlers.staff.office import StaffOffice

QUICK = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)


@pytest.fixture
def gate(staff_office: StaffOffice) -> Gate:
    """The door of the office's unit."""
    desk = staff_office.desk
    shared = (desk.database, desk.unit_id, desk.keys, desk.ids, desk.now_ms)
    return Gate(*shared, Hasher(QUICK), "xã Thanh Hà")
