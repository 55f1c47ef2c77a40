"""The ladder on each engine."""

from __future__ import annotations

import pytest

from storage.database import Database
from storage.ids import Ids
from storage.keys import KeyRing
from tests.conftest import FakeClock
from tests.handlers.cases.office import NOW
from tests.scheduler.escalation.people import Ladder, make_ladder


@pytest.fixture
async def ladder(
    database: Database, ring: KeyRing, ids: Ids, clock: FakeClock
) -> Ladder:
    """A commune at 09:00 on Wednesday 25/11/2026."""
    clock.set(NOW)
    return await make_ladder(database, ring, ids, clock)
