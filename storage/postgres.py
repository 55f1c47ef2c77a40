"""How do many processes share one PostgreSQL? Ordinary transactions on a pool."""

from __future__ import annotations

import asyncio
from typing import TypeVar

from sqlalchemy.exc import DBAPIError, InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine

from storage.database import Work
from storage.errors import StorageUnavailableError

T = TypeVar("T")

POOL = 8
CONNECT_SECONDS = 3.0
STATEMENT_SECONDS = 15.0
RETRIES = 5
RETRYABLE = frozenset({"40001", "40P01"})
AWAY = frozenset({"53100", "53200", "53300", "57P01", "57P02", "57P03"})
UNKNOWN = frozenset({"28000", "28P01", "3D000"})
"""No such user, password or database: nothing can be stored there."""


class PostgresDatabase:
    """A served database; any number of processes may write."""

    is_embedded = False

    def __init__(self, url: str) -> None:
        self._engine = postgres_engine(url)

    async def write(self, work: Work[T], *, urgent: bool = False) -> T:  # noqa: ARG002  PostgreSQL has no single writer to queue for
        """Run in a transaction; a deadlock or serialisation failure runs again."""
        for attempt in range(RETRIES):
            try:
                async with self._engine.begin() as connection:
                    return await connection.run_sync(work)
            except DBAPIError as error:
                if _state(error) not in RETRYABLE or attempt == RETRIES - 1:
                    raise _translated(error) from error
            except (OSError, TimeoutError, PoolTimeoutError) as error:
                raise StorageUnavailableError(type(error).__name__) from error
            await asyncio.sleep(0.002 * 2**attempt)
        raise AssertionError

    async def read(self, work: Work[T]) -> T:
        """Run in a transaction of one snapshot."""
        try:
            async with self._engine.connect() as connection:
                await connection.execution_options(isolation_level="REPEATABLE READ")
                return await connection.run_sync(work)
        except DBAPIError as error:
            raise _translated(error) from error
        except (OSError, TimeoutError, PoolTimeoutError) as error:
            raise StorageUnavailableError(type(error).__name__) from error

    async def close(self) -> None:
        """Close the pool."""
        await self._engine.dispose()


def postgres_engine(url: str) -> AsyncEngine:
    """Return an engine with short time limits, so that an outage shows at once."""
    driver_url = "postgresql+asyncpg://" + url.split("://", 1)[1]
    return create_async_engine(
        driver_url,
        pool_size=POOL,
        max_overflow=POOL,
        pool_timeout=CONNECT_SECONDS,
        pool_pre_ping=True,
        hide_parameters=True,
        connect_args={
            "timeout": CONNECT_SECONDS,
            "command_timeout": STATEMENT_SECONDS,
        },
    )


def _state(error: DBAPIError) -> str:
    return str(getattr(error.orig, "sqlstate", "") or "")


def _translated(error: DBAPIError) -> Exception:
    state = _state(error)
    is_away = (
        error.connection_invalidated
        or state in AWAY | UNKNOWN
        or state.startswith("08")
        or (not state and isinstance(error, OperationalError | InterfaceError))
    )
    return StorageUnavailableError(state) if is_away else error
