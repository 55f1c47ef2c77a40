"""Do two strangers find in our log what we say? Go's sumdb code, and pymerkle.

Not named test_*: only `make test-log` runs it, which makes the strangers first (see
.ci/log). One that could not be made is named as skipped.
"""

from __future__ import annotations

import base64
import json
import os
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from storage.database import Database
from storage.evidence import checkpoints, order
from storage.evidence.growing import Growing
from storage.evidence.merkle import leaf_hash, root_at
from storage.evidence.notes import Checkpoint, Key, Signer, read_note, sign
from storage.evidence.proofs import consistency, inclusion
from storage.evidence.tiles import WIDTH, partial_tiles, path_of, reader, width_at
from tests.storage.evidence.log import ORIGIN, UNIT, entry, sequencer, write

HOME = Path(os.environ.get("THANTHIEN_LOG", "/nowhere"))
SMALL = st.lists(st.binary(max_size=40), min_size=1, max_size=40)
LARGE = st.integers(1, 700).map(lambda size: [b"%d" % n for n in range(size)])
TREES = SMALL | LARGE
MANY = settings(
    max_examples=200,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)
ONE = Signer.of(ORIGIN, bytes(range(32)))
TWO = Signer.of(ORIGIN, bytes(32))


class Judge:
    """A process that answers one JSON line by one."""

    def __init__(self, *command: str) -> None:
        self._process = subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )

    def ask(self, **asked: Any) -> dict[str, Any]:
        """Return the answer; bytes go and come as base64."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(json.dumps(asked, default=coded) + "\n")
        self._process.stdin.flush()
        answer: dict[str, Any] = json.loads(self._process.stdout.readline())
        return answer

    def end(self) -> None:
        """No more questions."""
        self._process.communicate(timeout=10)


def coded(data: bytes) -> str:
    """Return base64."""
    return base64.b64encode(data).decode()


def judge(name: str, program: Path, *arguments: str) -> Iterator[Judge]:
    """Yield a judge; skip where it could not be made."""
    if not program.exists():
        pytest.skip(f"{name}: not made here, see what .ci/log said")
    found = Judge(str(program), *arguments)
    yield found
    found.end()


@pytest.fixture(scope="module")
def go() -> Iterator[Judge]:
    """golang.org/x/mod/sumdb: tlog and note."""
    yield from judge("Go", HOME / "go-judge")


@pytest.fixture(scope="module")
def pymerkle() -> Iterator[Judge]:
    """The pymerkle of PyPI, in its own environment."""
    python = HOME / "pymerkle" / "bin" / "python"
    yield from judge("pymerkle", python, "-I", str(Path(__file__).parent / "judge.py"))


class Ours:
    """A tree made by our code: its tiles, and what we prove with them."""

    def __init__(self, hashes: list[bytes]) -> None:
        self.size = len(hashes)
        self.tiles: dict[tuple[int, int], bytes] = {}
        tree = Growing(
            [], lambda level, number, data: self.tiles.update({(level, number): data})
        )
        for one in hashes:
            tree.add(one)
        self.root = tree.end()
        self.read = reader(lambda level, number: self.tiles[level, number])

    def served(self) -> dict[str, bytes]:
        """Return the tiles under the addresses at which we serve them."""
        return {
            f"tile/{level}/{path_of(number, len(data) // 32)}": data
            for (level, number), data in self.tiles.items()
        }


def coded_all(path: list[bytes]) -> list[str]:
    """Return base64 of each."""
    return [coded(node) for node in path]


@MANY
@given(TREES, st.data())
def test_go_makes_the_same_roots_and_proofs(
    go: Judge, leaves: list[bytes], data: st.DataObject
) -> None:
    """Root, earlier root, audit path and consistency proof, byte for byte."""
    index = data.draw(st.integers(0, len(leaves) - 1))
    old = data.draw(st.integers(1, len(leaves)))
    ours = Ours([leaf_hash(leaf) for leaf in leaves])

    said = go.ask(ask="tree", leaves=leaves, index=index, old=old)

    assert said["error"] == ""
    assert said["root"] == coded(ours.root)
    assert said["before"] == coded(root_at(old, ours.read))
    assert said["inclusion"] == coded_all(inclusion(index, ours.size, ours.read))
    assert said["consistency"] == coded_all(consistency(old, ours.size, ours.read))


@MANY
@given(TREES, st.data())
def test_pymerkle_makes_the_same_roots_and_proofs(
    pymerkle: Judge, leaves: list[bytes], data: st.DataObject
) -> None:
    """Roots and audit path the same; our path and our two roots accepted."""
    index = data.draw(st.integers(0, len(leaves) - 1))
    old = data.draw(st.integers(1, len(leaves)))
    ours = Ours([leaf_hash(leaf) for leaf in leaves])
    before, path = root_at(old, ours.read), inclusion(index, ours.size, ours.read)
    asked = {"leaves": leaves, "index": index, "old": old}

    said = pymerkle.ask(**asked, root=ours.root, before=before, path=path)

    assert said == {
        "root": coded(ours.root),
        "before": coded(before),
        "leaf": coded(leaf_hash(leaves[index])),
        "inclusion": coded_all(path),
        "is_included": True,
        "is_consistent": True,
    }


@MANY
@given(TREES, st.data())
def test_both_refuse_what_was_changed(
    go: Judge, pymerkle: Judge, leaves: list[bytes], data: st.DataObject
) -> None:
    """A flipped bit in a root or in a path is found by each of them."""
    index = data.draw(st.integers(0, len(leaves) - 1))
    old = data.draw(st.integers(1, len(leaves)))
    ours = Ours([leaf_hash(leaf) for leaf in leaves])
    before, wrong = root_at(old, ours.read), flipped(data, ours.root)
    path = inclusion(index, ours.size, ours.read)
    grown = consistency(old, ours.size, ours.read)
    place = {"size": ours.size, "index": index, "leaf": leaf_hash(leaves[index])}
    steps = {"size": ours.size, "old": old, "before": before}

    def go_says(ask: str, **asked: Any) -> bool:
        return not go.ask(ask=ask, **asked)["error"]

    assert go_says("included", **place, root=ours.root, path=path)
    assert go_says("consistent", **steps, root=ours.root, path=grown)
    assert not go_says("included", **place, root=wrong, path=path)
    assert not go_says("consistent", **steps, root=wrong, path=grown)
    asked = {"leaves": leaves, "index": index, "old": old, "before": before}
    said = pymerkle.ask(**asked, root=wrong, path=path)
    assert (said["is_included"], said["is_consistent"]) == (False, False)
    if path:
        at = data.draw(st.integers(0, len(path) - 1))
        broken = [*path[:at], flipped(data, path[at]), *path[at + 1 :]]
        assert not go_says("included", **place, root=ours.root, path=broken)
        said = pymerkle.ask(**asked, root=ours.root, path=broken)
        assert (said["is_included"], said["is_consistent"]) == (False, True)


def flipped(data: st.DataObject, whole: bytes) -> bytes:
    """Return the bytes with one bit changed."""
    at = data.draw(st.integers(0, len(whole) * 8 - 1))
    found = bytearray(whole)
    found[at // 8] ^= 1 << at % 8
    return bytes(found)


@pytest.mark.parametrize("size", [1, 255, 256, 257, 700, 65_536, 65_536 + 300])
def test_gos_client_reads_our_tiles(go: Judge, size: int) -> None:
    """It finds each leaf hash where it looks for it, and proves with what it found."""
    hashes = [leaf_hash(str(number).encode()) for number in range(size)]
    ours, index, old = Ours(hashes), size // 3, size // 2 + 1

    asked = {"size": size, "root": ours.root, "index": index, "old": old}
    said = go.ask(ask="tiles", **asked, tiles=ours.served())

    assert said["error"] == ""
    assert said["leaves"] == coded_all(hashes)
    assert said["root"] == coded(ours.root)
    assert said["inclusion"] == coded_all(inclusion(index, size, ours.read))
    assert said["consistency"] == coded_all(consistency(old, size, ours.read))


@MANY
@given(st.integers(1, 1500), st.data())
def test_gos_client_refuses_a_changed_tile(
    go: Judge, size: int, data: st.DataObject
) -> None:
    """One bit in any tile: it says so instead of believing it."""
    ours = Ours([leaf_hash(str(number).encode()) for number in range(size)])
    tiles = ours.served()
    name = data.draw(st.sampled_from(sorted(tiles)))
    tiles[name] = flipped(data, tiles[name])

    said = go.ask(ask="tiles", size=size, root=ours.root, old=1, tiles=tiles)

    assert said["error"]


async def test_go_follows_a_log_through_a_change_of_keys(
    go: Judge, database: Database
) -> None:
    """What our database serves: tiles, a checkpoint of both keys, one of the new."""
    log = sequencer(database)
    await write(database, 0, 400)
    await log.run()
    await log.rotate()
    for begin, end in ((400, 500), (500, 700)):
        await write(database, begin, end)
        await log.run()
    head = await database.read(lambda c: order.head(c, UNIT))
    keys = await database.read(lambda c: checkpoints.keys(c, UNIT))
    notes = await database.read(lambda c: checkpoints.all_of(c, UNIT))
    old, new = (str(row.key(ORIGIN)) for row in keys)
    assert head is not None
    assert [one.size for one in notes] == [500, 700]

    both = go.ask(ask="open", note=notes[0].note, keys=[old, new])
    last = go.ask(ask="open", note=notes[1].note, keys=[new])
    assert both["error"] == last["error"] == ""
    assert both["signed"] == [
        f"{row.key(ORIGIN).name}+{row.key(ORIGIN).id.hex()}" for row in keys
    ]
    assert go.ask(ask="open", note=notes[0].note, keys=[old])["error"] == ""
    assert go.ask(ask="open", note=notes[1].note, keys=[old])["error"]
    said = go.ask(ask="tree of note", text=last["text"])
    tiles = await database.read(lambda c: served(c, 700))
    found = go.ask(
        ask="tiles",
        size=int(said["text"]),
        root=base64.b64decode(said["root"]),
        old=500,
        tiles=tiles,
    )
    assert found["error"] == ""
    assert found["leaves"] == [
        coded(leaf_hash(entry(number).leaf())) for number in range(700)
    ]
    assert found["before"] == go.ask(ask="tree of note", text=both["text"])["root"]


def served(connection: Any, size: int) -> dict[str, bytes]:
    """Return each tile that an address of ours gives out."""
    places = [(0, n, WIDTH) for n in range(size // WIDTH)] + list(partial_tiles(size))
    found = {}
    for level, number, width in places:
        assert width == width_at(level, number, size)
        data = order.served_tile(connection, UNIT, level, number, width)
        assert data is not None
        found[f"tile/{level}/{path_of(number, width)}"] = data
    return found


@MANY
@given(st.integers(0, 2**53), st.binary(min_size=32, max_size=32), st.data())
def test_go_opens_our_checkpoints_and_no_changed_one(
    go: Judge, size: int, root: bytes, data: st.DataObject
) -> None:
    """One signature or two; size and root as we wrote them; no byte may differ."""
    text = Checkpoint(ORIGIN, min(size, 10**16 - 1), root).text()
    both = data.draw(st.booleans())
    note = sign(text, ONE, TWO) if both else sign(text, TWO)
    known = [str(TWO.key)]

    said = go.ask(ask="open", note=note, keys=known)

    assert (said["error"], said["text"]) == ("", text)
    assert len(said["signed"]) == 1
    assert len(said["unknown"] or []) == (1 if both else 0)
    tree = go.ask(ask="tree of note", text=text)
    assert (tree["text"], tree["root"]) == (text.split("\n")[1], coded(root))
    at = data.draw(st.integers(0, len(text) - 1))
    other = chr(ord(text[at]) ^ 1)
    changed = note[:at] + other + note[at + 1 :]
    assert go.ask(ask="open", note=changed, keys=known)["error"]


@MANY
@given(st.text(st.characters(exclude_categories=["C", "Z"]), min_size=1))
def test_we_open_gos_notes(go: Judge, line: str) -> None:
    """The other way round: a key and a note that Go made."""
    text = f"{line}\n"
    made = go.ask(ask="sign", name="example.com/go", text=text)
    name, _, said = made["key"].split("+", 2)
    key = Key(name, base64.b64decode(said)[1:])

    assert str(key) == made["key"]
    found = read_note(made["note"])
    assert found.text == text
    assert found.is_signed_by(key)
    assert not found.is_signed_by(ONE.key)
