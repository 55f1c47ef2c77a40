"""Is the schema of a database ours? Asked at every start, so without Alembic."""

from __future__ import annotations

from sqlalchemy import Connection, inspect, text

VERSION = "0024"
"""The newest migration (a test compares it with storage/migrations)."""


def current(connection: Connection) -> str | None:
    """Return the version of a database, None when it is empty."""
    if not inspect(connection).has_table("alembic_version"):
        return None
    query = text("SELECT version_num FROM alembic_version")
    version: str | None = connection.execute(query).scalar()
    return version
