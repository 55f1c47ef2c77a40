"""How does work reach the database? As functions over one connection.

``write`` runs a function in a transaction of its own (a SAVEPOINT on SQLite,
where many share one commit); ``read`` sees a snapshot. The same functions run on
SQLite and PostgreSQL.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol, TypeVar

from sqlalchemy import Connection, Table
from sqlalchemy.dialects import postgresql, sqlite

T = TypeVar("T")
Work = Callable[[Connection], T]
Insert = sqlite.Insert | postgresql.Insert


class Database(Protocol):
    """One database, embedded or served."""

    @property
    def is_embedded(self) -> bool:
        """Whether one process owns it alone (SQLite)."""
        ...

    async def write(self, work: Work[T], *, urgent: bool = False) -> T:
        """Run in a transaction and return after it is durable.

        Urgent work (acknowledgements) goes before all other. Raises
        StorageUnavailableError when the database is away or the disk is full;
        an exception of the function rolls back only its own part.
        """
        ...

    async def read(self, work: Work[T]) -> T:
        """Run over a consistent snapshot; must not write."""
        ...

    async def close(self) -> None:
        """Finish what was accepted, then let go."""
        ...


def insert(connection: Connection, table: Table) -> Insert:
    """Return an INSERT that knows ON CONFLICT for the engine in use."""
    return insert_for(connection.dialect.name, table)


def insert_for(dialect: str, table: Table) -> Insert:
    """Return an INSERT for an engine by its name."""
    return postgresql.insert(table) if dialect == "postgresql" else sqlite.insert(table)


def is_postgres(connection: Connection) -> bool:
    """Whether row locks (SKIP LOCKED) are there."""
    return connection.dialect.name == "postgresql"


DIALECTS = ("sqlite", "postgresql")
