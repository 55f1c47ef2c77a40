"""Is a lent PostgreSQL database always as it is after the migrations?"""

from __future__ import annotations

import asyncpg
import pytest

from tests.postgres_pool import PostgresPool, named
from tests.postgres_server import execute, in_thread
from tests.storage.rows import UNIT

pytestmark = pytest.mark.postgres
WRITE = f"INSERT INTO pause (unit_id, feature) VALUES ('{UNIT}', 'x')"  # noqa: S608
