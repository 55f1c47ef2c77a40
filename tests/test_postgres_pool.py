"""Is a lent PostgreSQL database always as it is after the migrations?"""

from __future__ import annotations

import asyncio
from collections.abc import Iterator

import asyncpg
import pytest

from storage.tables import evidence_entry, outbox_gate
from tests.postgres_pool import PostgresPool
from tests.postgres_server import execute, in_thread

pytestmark = pytest.mark.postgres


@pytest.fixture
def pool(postgres_pool: PostgresPool) -> PostgresPool:
    """A pool with nothing lent yet, on the session's server."""
    return PostgresPool(postgres_pool.url, postgres_pool.template)
