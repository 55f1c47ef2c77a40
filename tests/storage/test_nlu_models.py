"""Is at most one model in force, and does going back find the one before?"""

from __future__ import annotations

import asyncio

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Connection, create_engine, select, update
from sqlalchemy.exc import IntegrityError

from storage import nlu_models
from storage.database import Database
from storage.errors import ConflictError
from storage.tables import metadata, nlu_model
from tests.storage.lessons import model
from tests.storage.rows import UNIT


def put(connection: Connection, *names: str) -> None:
    """Note models that wait."""
    for name in names:
        nlu_models.add(connection, model(name))


def live(connection: Connection, name: str, expected: str | None) -> None:
    """Put a model in force."""
    nlu_models.go_live(connection, UNIT, name, expected=expected, now=5)


def back(connection: Connection, expected: str, to: str | None) -> None:
    """Take a model back."""
    nlu_models.go_back(connection, UNIT, expected=expected, to=to, now=6)


def statuses(connection: Connection) -> dict[str, str]:
    """Return the status of each model."""
    rows = connection.execute(select(nlu_model.c.model_id, nlu_model.c.status))
    return {row.model_id: row.status for row in rows}


async def test_a_model_goes_live_and_back(database: Database) -> None:
    """Each knows the one before; what was taken back is remembered by its lessons."""

    def work(connection: Connection) -> None:
        put(connection, "m1", "m2")
        live(connection, "m1", None)
        live(connection, "m2", "m1")

    await database.write(work)
    lineage = await database.read(lambda c: nlu_models.lineage(c, UNIT, "m2"))
    await database.write(lambda c: back(c, "m2", "m1"))

    assert [row["model_id"] for row in lineage] == ["m2", "m1"]
    assert await database.read(statuses) == {"m1": "live", "m2": "retired"}
    assert await database.read(lambda c: nlu_models.live_id(c, UNIT)) == "m1"
    assert await database.read(lambda c: nlu_models.rolled_back(c, UNIT)) == {"hash-m2"}
    await database.write(lambda c: back(c, "m1", None))
    assert await database.read(lambda c: nlu_models.live_id(c, UNIT)) is None


@pytest.mark.parametrize(
    ("name", "expected"), [("m2", None), ("m2", "m9"), ("m9", "m1"), ("m1", "m1")]
)
async def test_a_wrong_move_changes_nothing(
    database: Database, name: str, expected: str | None
) -> None:
    """Another live model, an unknown one, or itself: refused, nothing is lost."""

    def begin(connection: Connection) -> None:
        put(connection, "m1", "m2")
        live(connection, "m1", None)

    await database.write(begin)
    with pytest.raises(ConflictError):
        await database.write(lambda c: live(c, name, expected))
    with pytest.raises(ConflictError):
        await database.write(lambda c: back(c, "m2", None))
    with pytest.raises(ConflictError):
        await database.write(lambda c: back(c, "m1", "m9"))

    assert await database.read(statuses) == {"m1": "live", "m2": "candidate"}


async def test_an_ancestor_does_not_come_after_itself(database: Database) -> None:
    """One goes back to an older model by rolling back, so that the line stays one."""

    def work(connection: Connection) -> None:
        put(connection, "m1", "m2")
        live(connection, "m1", None)
        live(connection, "m2", "m1")

    await database.write(work)
    with pytest.raises(ConflictError):
        await database.write(lambda c: live(c, "m1", "m2"))


async def test_two_at_once_cannot_both_be_live(database: Database) -> None:
    """Whoever comes second is told; the database holds one live model."""
    await database.write(lambda c: put(c, "m1", "m2"))
    done = await asyncio.gather(
        *(database.write(lambda c, n=n: live(c, n, None)) for n in ("m1", "m2")),  # type: ignore[misc]  # mypy cannot infer the lambda
        return_exceptions=True,
    )

    assert sorted(type(one).__name__ for one in done) == ["ConflictError", "NoneType"]
    assert sorted((await database.read(statuses)).values()) == ["candidate", "live"]


async def test_the_database_itself_refuses_a_second(database: Database) -> None:
    """Not even a hand-written statement makes two models live."""
    await database.write(lambda c: put(c, "m1", "m2"))

    with pytest.raises(IntegrityError):
        await database.write(
            lambda c: c.execute(update(nlu_model).values(status="live"))
        )


async def test_pruning_keeps_what_is_named_and_what_is_live(database: Database) -> None:
    """The live model stays whoever prunes; bytes are not listed."""

    def work(connection: Connection) -> int:
        put(connection, "m1", "m2", "m3")
        live(connection, "m1", None)
        return nlu_models.prune(connection, UNIT, ["m3"])

    assert await database.write(work) == 1
    listed = await database.read(lambda c: nlu_models.listed(c, UNIT, 9))
    assert [row["model_id"] for row in listed] == ["m3", "m1"]
    assert all("sealed" not in row for row in listed)
    assert await database.read(lambda c: nlu_models.get(c, UNIT, "m2")) is None
    assert await database.read(lambda c: nlu_models.get(c, UNIT, None)) is None


MOVES = st.lists(
    st.one_of(
        st.tuples(st.just("live"), st.integers(0, 4)),
        st.tuples(st.just("back"), st.integers(0, 4)),
    ),
    max_size=14,
)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(MOVES)
def test_any_row_of_moves_leaves_one_line(moves: list[tuple[str, int]]) -> None:
    """Whatever people do, one model at most is live and the line before it ends."""
    engine = create_engine("sqlite://")
    with engine.begin() as connection:
        metadata.create_all(connection, [nlu_model])
        put(connection, *(f"m{number}" for number in range(5)))
        for kind, number in moves:
            _move(connection, kind, number)
            now = nlu_models.live_id(connection, UNIT)
            line = nlu_models.lineage(connection, UNIT, now, 99)
            names = [row["model_id"] for row in line]
            assert len(names) == len(set(names)) <= 5
            assert list(statuses(connection).values()).count("live") <= 1
    engine.dispose()


def _move(connection: Connection, kind: str, number: int) -> None:
    now = nlu_models.live_id(connection, UNIT)
    with connection.begin_nested() as part:
        try:
            if kind == "live":
                live(connection, f"m{number}", now)
            elif now is not None:
                line = nlu_models.lineage(connection, UNIT, now)[1:]
                back(connection, now, line[0]["model_id"] if line else None)
        except ConflictError:
            part.rollback()
