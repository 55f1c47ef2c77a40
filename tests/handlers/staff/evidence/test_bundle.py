"""Can a stranger check what we hand out, with nothing but Python?"""

from __future__ import annotations

import base64
import subprocess
import sys
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import given
from hypothesis import strategies as st

from handlers.staff.evidence.bundle import export
from handlers.staff.evidence.errors import FolderNotEmptyError, NotFoundError
from handlers.staff.evidence.prove import prove
from handlers.staff.evidence.verify_evidence import Bundle, is_signed
from storage.database import Database
from storage.evidence import leaf_hash
from storage.evidence.notes import read_checkpoint, read_note
from storage.evidence.proofs import is_included
from tests.handlers.staff.evidence.conftest import KEYS, Made, fill
from tests.storage.evidence.log import AT, DAY_MS, ORIGIN, UNIT, entry, sequencer, write


def run(folder: Path, *options: str) -> subprocess.CompletedProcess[str]:
    """Run the file of a bundle with a bare Python, outside of everything of ours."""
    return subprocess.run(
        [sys.executable, "-I", "-S", str(folder / "verify_evidence.py"), *options],
        capture_output=True,
        text=True,
        encoding="utf-8",
        timeout=60,
        check=False,
        cwd=folder,
    )


def test_the_file_in_the_bundle_says_yes(made: Made, tmp_path: Path) -> None:
    """Alone it tells what it could not check; with key and checkpoint only stamps."""
    (tmp_path / "mark").write_text(made.printed.text(), encoding="utf-8")
    alone = run(made.bundle)
    full = run(
        made.bundle, "--key", made.fingerprint, "--checkpoint", str(tmp_path / "mark")
    )

    assert (alone.returncode, full.returncode) == (0, 0)
    assert alone.stdout.count("CHƯA KIỂM") == 3
    assert full.stdout.count("CHƯA KIỂM") == 1
    assert f"330 mục, 330 mục đầy đủ, mã gốc {made.printed.root.hex()}" in full.stdout
    assert full.stdout.endswith("ĐÚNG\n")


def test_the_file_in_the_bundle_says_no(made: Made) -> None:
    """Another fingerprint: exit 1 and the reason."""
    bad = run(made.bundle, "--key", "ab" * 32)

    assert bad.returncode == 1
    assert "SAI: gói ký bằng khóa khác" in bad.stdout


def test_the_file_is_short_and_needs_nothing() -> None:
    """At most 300 lines, imports of the standard library only."""
    path = Path(sys.modules[Bundle.__module__].__file__ or "")
    lines = path.read_text(encoding="utf-8").splitlines()
    roots = {
        line.split()[1].split(".")[0]
        for line in lines
        if line.startswith(("import ", "from "))
    }

    assert len(lines) <= 300
    assert roots - {"__future__"} <= set(sys.stdlib_module_names)


async def test_a_part_of_the_log_has_the_same_root(
    database: Database, tmp_path: Path
) -> None:
    """A range of days in full, the rest as hashes: every checkpoint can be checked."""
    await fill(database)
    between = (AT + 100_000, AT + 200_000)
    done = await database.read(
        lambda c: export(c, UNIT, KEYS, tmp_path / "part", between)
    )
    found = Bundle(tmp_path / "part")
    found.check()

    assert found.faults == []
    assert (done.begin, done.end, done.size) == (100, 200, 330)
    assert (found.size, found.full, found.root()) == (330, 100, done.root)
    with pytest.raises(FolderNotEmptyError):
        await database.read(lambda c: export(c, UNIT, KEYS, tmp_path / "part"))


async def test_an_empty_log_and_an_empty_range_are_bundles_too(
    database: Database, tmp_path: Path
) -> None:
    """Nothing happened yet: the root of nothing, signed."""
    await sequencer(database).begin()
    await database.read(lambda c: export(c, UNIT, KEYS, tmp_path / "a"))
    await write(database, 0, 5)
    await sequencer(database).run()
    late = (AT + DAY_MS, AT + 2 * DAY_MS)
    await database.read(lambda c: export(c, UNIT, KEYS, tmp_path / "b", late))
    empty, none = Bundle(tmp_path / "a"), Bundle(tmp_path / "b")
    empty.check()
    none.check()

    assert empty.faults == none.faults == []
    assert (empty.size, none.size, none.full) == (0, 5, 0)
    assert empty.root().startswith("e3b0c44298fc1c14")


async def test_a_proof_is_checked_by_hand(database: Database) -> None:
    """The lines of the file lead from the leaf to the signed root."""
    await fill(database)
    wanted = entry(123)
    text = (await database.read(lambda c: prove(c, UNIT, wanted.entry_id))).text(
        with_leaf=True
    )
    head, _, note = text.partition("\n\n")
    lines = head.split("\n")
    said = read_checkpoint(read_note(note).text)
    path = [base64.b64decode(line) for line in lines[3:]]

    assert lines[0] == "c2sp.org/tlog-proof@v1"
    assert base64.b64decode(lines[1].removeprefix("extra ")) == wanted.leaf()
    assert lines[2] == "index 123"
    assert said.origin == ORIGIN
    assert is_included(leaf_hash(wanted.leaf()), 123, said.size, path, said.root)
    with pytest.raises(NotFoundError):
        await database.read(lambda c: prove(c, UNIT, "nobody"))


@given(st.binary(min_size=32, max_size=32), st.binary(max_size=80), st.data())
def test_the_short_ed25519_agrees_with_the_library(
    seed: bytes, text: bytes, data: st.DataObject
) -> None:
    """It accepts what the library signs, and nothing with a bit changed."""
    private = Ed25519PrivateKey.from_private_bytes(seed)
    public, made = private.public_key().public_bytes_raw(), private.sign(text)
    at, bit = data.draw(st.integers(0, 63)), data.draw(st.integers(0, 7))
    bad = bytearray(made)
    bad[at] ^= 1 << bit

    assert is_signed(public, text, made)
    assert not is_signed(public, text, bytes(bad))
    assert not is_signed(public, text + b"x", made)
    assert not is_signed(public[:-1], text, made)
    assert not is_signed(public, text, made[:-1])
