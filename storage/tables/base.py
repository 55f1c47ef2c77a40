"""What do all tables share: names of constraints and the kinds of columns."""

from __future__ import annotations

from typing import Any

from sqlalchemy import (
    BigInteger,
    BindParameter,
    Column,
    LargeBinary,
    MetaData,
    String,
    bindparam,
)
from sqlalchemy.sql.elements import ColumnElement

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(column_0_N_label)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
)


def unit() -> Column[str]:
    """The commune; first column of every key, so the schema shards by it."""
    return Column("unit_id", String(40), primary_key=True)


def key(name: str, length: int = 32) -> Column[str]:
    """A further column of the primary key."""
    return Column(name, String(length), primary_key=True)


def text(name: str, length: int = 64, **options: Any) -> Column[str]:
    """A short code or id; never a text of a person."""
    options.setdefault("nullable", False)
    return Column(name, String(length), **options)


def instant(name: str, **options: Any) -> Column[int]:
    """UTC milliseconds since 1970."""
    options.setdefault("nullable", False)
    return Column(name, BigInteger, **options)


def sealed(name: str) -> Column[bytes]:
    """Nonce and ciphertext (see storage.keys)."""
    return Column(name, LargeBinary, nullable=False)


def is_one_of(column: Column[str], *values: str) -> ColumnElement[bool]:
    """Compare with codes written into the SQL: partial indexes need to see them."""
    if len(values) == 1:
        return column == bindparam(None, values[0], literal_execute=True)
    codes: BindParameter[list[str]] = bindparam(
        None, list(values), expanding=True, literal_execute=True
    )
    return column.in_(codes)
