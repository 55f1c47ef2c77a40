"""May leaves be read many at a time without one hiding behind another?"""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handlers.staff.evidence.live import _agree, _fault
from storage.evidence import canonical
from storage.evidence.merkle import leaf_hash
from tests.storage.evidence.log import UNIT, entry

Row = tuple[Any, ...]


def row(number: int, leaf: bytes | None = None) -> Row:
    """Return a row as the query gives it, with another leaf if one is told."""
    one = entry(number).row()
    said = one["leaf"] if leaf is None else leaf
    shown = (one["at"], one["tag"], one["subject"], said, leaf_hash(said))
    return (number, one["entry_id"], *shown)


def alone(rows: list[Row]) -> bool:
    """Whether each leaf is right when it is read for itself."""
    return not any(_fault(UNIT, one, one[5]) for one in rows)


def test_right_leaves_agree() -> None:
    """What the bot writes is read as one."""
    assert _agree(UNIT, [row(number) for number in range(50)])


@pytest.mark.parametrize(
    ("first", "second"),
    [
        (b'{"a":{"b":"1"}', b'{"c":"2"}}'),
        (b'{"a":[{"b":"1"}', b'{"c":"2"}]}'),
        (b'{"a":"b', b'c"}'),
        (b'{"a":"b"', b'"c":"d"}'),
        (b'{"a":"{', b'{"}'),
        (b'{"a":"b"}', b'{"a":"b"},{"a":"b"}'),
        (b"", b'{"a":"b"},{"a":"b"}'),
        (b'{"a":"b"},\n{"a":"b"}', b""),
    ],
)
def test_two_that_are_one_only_together_do_not(first: bytes, second: bytes) -> None:
    """Cut at another place the bytes are the same, but no leaf is."""
    rows = [row(0), row(1, first), row(2, second), row(3)]

    assert not _agree(UNIT, rows)
    assert not alone(rows)


def test_leaves_moved_over_each_others_edge_do_not() -> None:
    """Three values in three leaves, each of them in the column's row, none whole."""
    whole = [entry(number).leaf() for number in range(3)]
    middle = whole[1].index(b',"data"')
    cut = [whole[0] + b"," + whole[1][:middle], whole[1][middle + 1 :], whole[2]]
    assert b",".join(cut) == b",".join(whole)

    assert not _agree(UNIT, [row(n, leaf) for n, leaf in enumerate(cut)])


@given(st.data())
def test_reading_together_finds_what_reading_alone_finds(data: st.DataObject) -> None:
    """A byte changed, added or taken anywhere: never right together, wrong alone."""
    rows = [row(number) for number in range(4)]
    at = data.draw(st.integers(0, 3))
    leaf = bytearray(rows[at][5])
    place = data.draw(st.integers(0, len(leaf) - 1))
    end = place + data.draw(st.integers(0, 1))
    leaf[place:end] = data.draw(st.binary(max_size=2) | st.sampled_from([b",", b"\n"]))
    rows[at] = row(at, bytes(leaf))

    assert not _agree(UNIT, rows) or alone(rows)


def test_an_array_is_read_alone() -> None:
    """A leaf with a list is right for itself; only the quick way is not taken."""
    leaf = canonical({"at": "2026-11-25T00:00:00.000Z", "list": ["x"]})

    assert not _agree(UNIT, [row(0, leaf)])
