"""Are pairs in a list sought by key, and found as they were?"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import (
    Column,
    Connection,
    Engine,
    Integer,
    MetaData,
    Table,
    insert,
    select,
    tuple_,
)

from storage.sqlite import sqlite_engine
from storage.sqlite_pairs import seeking
from storage.tables import (
    conversation,
    identity,
    inbox_body,
    inbox_event,
    lane,
    outbox,
    received_file,
)

KEYED = (
    conversation,
    identity,
    inbox_body,
    inbox_event,
    lane,
    outbox,
    received_file,
)
_TABLE = Table("received", MetaData(), Column("a", Integer), Column("b", Integer))
SMALL = st.tuples(st.integers(0, 3), st.integers(0, 3))


@pytest.fixture
def engine(tmp_path: Path) -> Engine:
    """An empty file."""
    return sqlite_engine(tmp_path / "pairs.db")


def plan(connection: Connection, keys: Sequence[Column[object]]) -> str:
    """Return how SQLite reads rows with two given keys."""
    wanted = [tuple(f"{n}" for _ in keys) for n in range(2)]
    query = select(*keys).where(tuple_(*keys).in_(wanted))
    text = query.compile(
        connection, compile_kwargs={"render_postcompile": True, "literal_binds": False}
    )
    values = tuple(one for pair in wanted for one in pair)
    found = connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {text}", values)
    return "; ".join(row.detail for row in found)


@pytest.mark.parametrize("table", KEYED, ids=lambda table: str(table.name))
def test_no_table_is_read_whole_for_two_keys(engine: Engine, table: Table) -> None:
    """The plan names the whole key, not its first column and not a scan."""
    keys = list(table.primary_key.columns)
    with engine.connect() as connection:
        table.create(connection)
        read = plan(connection, keys)

    assert f"SEARCH {table.name} USING" in read
    assert read.count("=?") == len(keys), read


def test_other_statements_stay_as_they_are() -> None:
    """One pair is sought anyway; values to insert are no list."""
    for text in (
        "SELECT a FROM t WHERE (a, b) IN (VALUES (?, ?))",
        "INSERT INTO t VALUES (?, ?), (?, ?)",
        "SELECT a FROM t WHERE a IN (?, ?)",
    ):
        assert seeking(text) == text


@given(rows=st.sets(SMALL, max_size=9), wanted=st.lists(SMALL, max_size=6))
def test_the_same_rows_are_found(
    rows: set[tuple[int, int]], wanted: list[tuple[int, int]]
) -> None:
    """Whatever is there and whatever is asked for, with nothing asked too."""
    engine = sqlite_engine(Path(":memory:"), pool_size=1)
    with engine.connect() as connection:
        connection.exec_driver_sql("CREATE TABLE received (a, b, PRIMARY KEY (a, b))")
        if rows:
            connection.execute(insert(_TABLE), [{"a": a, "b": b} for a, b in rows])
        query = select(_TABLE).where(tuple_(_TABLE.c.a, _TABLE.c.b).in_(wanted))
        found = {tuple(row) for row in connection.execute(query)}
    engine.dispose()

    assert found == rows & set(wanted)
