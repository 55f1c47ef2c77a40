"""Is a spooled webhook durable, readable, in order, and never in the way?"""

from __future__ import annotations

import contextlib
import os
import resource
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from storage.errors import SpoolFullError
from storage.inbox import Delivery, StoredEvent
from storage.spool import CorruptFileError, Spool
from tests.storage.rows import one

CODES = st.text("abcdef0123456789", min_size=1, max_size=32)
EVENT = st.builds(
    StoredEvent,
    event_id=CODES,
    body_index=st.integers(0, 50),
    dedupe=CODES,
    lane=CODES,
    platform_at=st.integers(0, 2**45),
)
DELIVERY = st.builds(
    Delivery,
    unit_id=CODES,
    channel=st.sampled_from(["zalo", "facebook"]),
    body_id=CODES,
    day=st.just("2026-11-23"),
    sealed=st.binary(max_size=60),
    received_at=st.integers(0, 2**45),
    events=st.lists(EVENT, max_size=4).map(tuple),
)


@pytest.fixture
def spool(tmp_path: Path) -> Spool:
    """An empty, prepared spool."""
    made = Spool(tmp_path / "spool")
    made.prepare()
    return made


@given(st.lists(DELIVERY, max_size=5))
def test_what_was_written_is_read(
    tmp_path_factory: pytest.TempPathFactory, batch: list[Delivery]
) -> None:
    """Any batch of deliveries comes back equal."""
    spool = Spool(tmp_path_factory.mktemp("spool"))
    spool.write("1", batch)

    assert batch == spool.read("1.spool")


@given(st.binary(max_size=300) | st.text(max_size=200).map(str.encode))
def test_garbage_is_called_corrupt(
    tmp_path_factory: pytest.TempPathFactory, garbage: bytes
) -> None:
    """Whatever a file holds, reading it gives deliveries or CorruptFileError."""
    folder = tmp_path_factory.mktemp("spool")
    (folder / "1.spool").write_bytes(garbage)
    with contextlib.suppress(CorruptFileError):
        assert Spool(folder).read("1.spool") == []


@pytest.mark.parametrize(
    "text",
    [
        "[]",
        "1",
        "null",
        "{}",
        '{"events": []}',
        '{"events": [1], "sealed": ""}',
        '{"events": [], "sealed": "%%%"}',
        '{"events": [], "sealed": 5}',
        "[" * 5000,
    ],
)
def test_json_that_is_no_delivery_is_called_corrupt(
    spool: Spool, tmp_path: Path, text: str
) -> None:
    """Well-formed lines of another shape are refused too."""
    (tmp_path / "spool" / "1.spool").write_text(text)

    with pytest.raises(CorruptFileError):
        spool.read("1.spool")


def test_a_cut_file_is_called_corrupt(spool: Spool, tmp_path: Path) -> None:
    """A file that lost its end does not give half a batch."""
    spool.write("1", [one("e1", "anna", 500), one("e2", "anna", 600)])
    path = tmp_path / "spool" / "1.spool"
    path.write_bytes(path.read_bytes()[:-20])

    with pytest.raises(CorruptFileError):
        spool.read("1.spool")


def test_files_are_replayed_in_the_order_of_their_names(spool: Spool) -> None:
    """Names rise with time, so the oldest batch comes first."""
    for name in ("00b", "00a", "010"):
        spool.write(name, [one(name, "anna", 500)])

    assert spool.names() == ["00a.spool", "00b.spool", "010.spool"]


def test_a_finished_file_goes(spool: Spool) -> None:
    """done() removes the file; doing it twice is harmless."""
    spool.write("1", [one("e1", "anna", 500)])
    spool.done("1.spool")
    spool.done("1.spool")

    assert spool.names() == []


def test_a_corrupt_file_is_set_aside_and_kept(spool: Spool, tmp_path: Path) -> None:
    """It is no longer replayed, but a person can still look at it."""
    (tmp_path / "spool" / "1.spool").write_bytes(b"garbage")
    spool.set_aside("1.spool")

    assert spool.names() == []
    assert spool.corrupt() == ["1.corrupt"]
    assert (tmp_path / "spool" / "1.corrupt").read_bytes() == b"garbage"


def test_the_file_is_on_the_disk_before_its_name_is(
    spool: Spool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Content is fsynced under the temporary name, then the folder with the new one."""
    folder, seen, real = tmp_path / "spool", [], os.fsync

    def watched(handle: int) -> None:
        target = Path(f"/proc/self/fd/{handle}").readlink()
        size = target.stat().st_size if target.is_file() else None
        seen.append((target.name, size, sorted(p.name for p in folder.iterdir())))
        real(handle)

    monkeypatch.setattr(os, "fsync", watched)
    spool.write("1", [one("e1", "anna", 500)])
    size = (folder / "1.spool").stat().st_size

    assert seen == [("1.tmp", size, ["1.tmp"]), ("spool", None, ["1.spool"])]


@contextlib.contextmanager
def no_file_larger_than(size: int) -> Iterator[None]:
    """Let the kernel refuse to let any file grow beyond a size, like a full disk."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


def test_a_full_disk_leaves_nothing_half_written(spool: Spool, tmp_path: Path) -> None:
    """SpoolFullError, no temporary file left, and the next write works."""
    batch = [one(f"e{n}", "anna", 500) for n in range(50)]
    with no_file_larger_than(1000), pytest.raises(SpoolFullError):
        spool.write("1", batch)

    assert list((tmp_path / "spool").iterdir()) == []
    spool.write("2", batch)
    assert batch == spool.read("2.spool")


def test_a_folder_that_takes_nothing_stops_the_start(tmp_path: Path) -> None:
    """prepare() raises SpoolFullError when a file stands where the folder should."""
    (tmp_path / "spool").write_text("")

    with pytest.raises(SpoolFullError):
        Spool(tmp_path / "spool").prepare()


def test_a_full_disk_stops_the_start(tmp_path: Path) -> None:
    """prepare() proves that a file can be written, not only that a folder is there."""
    (tmp_path / "spool").mkdir()
    with no_file_larger_than(0), pytest.raises(SpoolFullError):
        Spool(tmp_path / "spool").prepare()


def test_a_start_clears_what_a_crash_left_half_written(tmp_path: Path) -> None:
    """Temporary files were never acknowledged and go; finished ones stay."""
    folder = tmp_path / "spool"
    folder.mkdir()
    (folder / "1.tmp").write_bytes(b"half")
    Spool(folder).write("2", [one("e1", "anna", 500)])
    Spool(folder).prepare()

    assert sorted(path.name for path in folder.iterdir()) == ["2.spool"]


def test_the_folder_is_private(spool: Spool, tmp_path: Path) -> None:
    """Nobody but the service may look into it."""
    assert spool.names() == []
    assert (tmp_path / "spool").stat().st_mode & 0o777 == 0o700


def test_old_files_are_purged(spool: Spool, tmp_path: Path) -> None:
    """Spool and corrupt files older than the limit go, younger ones stay."""
    for name in ("1", "2", "3"):
        spool.write(name, [one(name, "anna", 500)])
    spool.set_aside("2.spool")
    for name in ("1.spool", "2.corrupt"):
        os.utime(tmp_path / "spool" / name, (1000, 1000))

    assert spool.purge(2000) == 2
    assert sorted(p.name for p in (tmp_path / "spool").iterdir()) == ["3.spool"]


def test_a_file_names_nobody() -> None:
    """Beside the sealed bytes a line has room only for ids, hashes, codes and times."""
    item = one("e1", "anna", 500)
    known = {"unit_id", "channel", "body_id", "day", "sealed", "received_at", "events"}

    assert set(asdict(item)) == known
    assert set(asdict(item.events[0])) == {
        "event_id",
        "body_index",
        "dedupe",
        "lane",
        "platform_at",
    }
