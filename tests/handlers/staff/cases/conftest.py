"""A commune with cases on each engine in turn."""

from __future__ import annotations

import pytest

from storage.database import Database
from storage.ids import Ids
from storage.keys import KeyRing
from tests.conftest import FakeClock
from tests.handlers.staff.cases.commune import Commune, make


@pytest.fixture
def commune(database: Database, ring: KeyRing, ids: Ids, clock: FakeClock) -> Commune:
    """08:00 on Monday 23/11/2026; nobody wrote yet."""
    return make(database, ring, ids, clock)
