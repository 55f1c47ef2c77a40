"""Does everything come under the new master key, whatever happens meanwhile?"""

from __future__ import annotations

import re
import subprocess
import sys
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from handlers.staff.learning import review, signing
from handlers.staff.letters import own_kinds
from handlers.staff.people import sealing
from handlers.staff.roster import rows
from handlers.staff.roster.model import Part, Slot
from storage import dossier, people, vault
from storage.database import Database
from storage.errors import KeyFileError
from storage.evidence import sequencer
from storage.evidence.checkpoints import KeyRow
from storage.ids import Ids
from storage.key_text import KeyText, parse_keys, read_keys, write_keys
from storage.keys import InvalidTag, KeyRing, read_ring, rotated
from storage.open import open_database
from storage.rotation import PLACES, left, rewrap
from storage.tables import metadata, person
from storage.vault import Vault
from tests.conftest import MASTER
from tests.storage.people import LUA, settle
from tests.storage.rotator_to_kill import BATCH, HELD
from tests.storage.rows import UNIT

ROOT = Path(__file__).parents[2]
PEOPLE = 100
SEALS_ELSEWHERE = {
    "bot/console/access/account.py",
    "bot/console/catalogue/parcel.py",
    "bot/console/flash.py",
    "bot/console/letters/writing.py",
    "bot/seal_plan.py",
}
"""Cookies and fields of forms, which live for minutes; the sealed queue's own keys."""
SEALS_ROWS = {
    "bot/tokens.py",
    "handlers/staff/access/factor.py",
    "handlers/staff/learning/review.py",
    "handlers/staff/letters/own_kinds.py",
    "handlers/staff/learning/signing.py",
    "handlers/staff/people/sealing.py",
    "handlers/staff/roster/rows.py",
    "storage/day_keys.py",
    "storage/dossier.py",
    "storage/evidence/sequencer.py",
    "storage/rotation.py",
    "storage/vault.py",
}


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """A key file with the master key of the tests."""
    made = tmp_path / "vault.key"
    write_keys(made, KeyText(MASTER))
    return made


def rotate(path: Path) -> None:
    """Put a new master key into the file, the old one behind it."""
    write_keys(path, rotated(read_keys(path), [UNIT], 5))


async def crowd(database: Database, ring: KeyRing) -> dict[str, bytes]:
    """Make a hundred people; return a sealed word of each."""
    vault = Vault(UNIT, ring.unit(UNIT))
    made = [vault.create(f"p{n:03d}") for n in range(PEOPLE)]
    rows = [
        {
            "unit_id": UNIT,
            "person_id": one.person_id,
            "wrapped_key": one.wrapped_key,
            "created_at": 1,
        }
        for one in made
    ]
    await database.write(lambda c: c.execute(person.insert(), rows))
    return {one.person_id: one.seal({"w": one.person_id}, "i") for one in made}


async def opened(database: Database, ring: KeyRing, words: dict[str, bytes]) -> None:
    """Every word of everybody opens."""
    rows = await database.read(lambda c: c.execute(select(person)).mappings().all())
    vault = Vault(UNIT, ring.unit(UNIT))
    for row in rows:
        one = vault.unwrap(row["person_id"], row["wrapped_key"])
        assert one.open(words[row["person_id"]], "i") == {"w": row["person_id"]}


async def test_all_is_moved_and_nothing_is_lost(
    database: Database, path: Path, ids: Ids
) -> None:
    """People open before, while and after; names and signatures stay the same."""
    service, before = read_ring(path), KeyRing(MASTER)
    words = await crowd(database, service)
    mine = service.unit(UNIT)
    names = (mine.mac("user", "a"), mine.sign("k", "v"), mine.sealed.mac("k", "v"))
    rotate(path)
    ring = read_ring(path)
    found = await database.read(lambda c: left(c, UNIT, ring.unit(UNIT).box))
    assert (found.changed, found.damaged) == (PEOPLE, 0)
    # A service that was running all the while writes under the new key at once.
    await database.write(lambda c: settle(c, service, ids, LUA))

    done = await rewrap(database, UNIT, ring.unit(UNIT).box)
    assert (done.changed, done.damaged) == (PEOPLE, 0)
    await database.write(lambda c: people.erase(c, UNIT, LUA.person_id, 9))
    mask = person.c.person_id == LUA.person_id
    await database.write(lambda c: c.execute(person.delete().where(mask)))
    write_keys(path, read_keys(path).without_old())
    for one in (service, read_ring(path)):
        await opened(database, one, words)
        now = one.unit(UNIT)
        same = (now.mac("user", "a"), now.sign("k", "v"), now.sealed.mac("k", "v"))
        assert same == names
    with pytest.raises(InvalidTag):
        await opened(database, before, words)
    assert ring.fingerprint != before.fingerprint


@pytest.mark.kill
async def test_a_kill_within_a_transaction(database_url: str, tmp_path: Path) -> None:
    """Three batches are new, the fourth is not there; the next run does the rest."""
    path = tmp_path / "vault.key"
    write_keys(path, KeyText(MASTER))
    database = open_database(database_url)
    words = await crowd(database, read_ring(path))
    await database.close()
    rotate(path)
    child = subprocess.Popen(  # noqa: ASYNC220  the test waits for it anyhow
        [
            sys.executable,
            "-m",
            "tests.storage.rotator_to_kill",
            database_url,
            str(path),
        ],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        cwd=ROOT,
    )
    with child:
        assert child.stdout is not None
        assert child.stdout.readline() == b"held\n"
        child.kill()

    database, ring = open_database(database_url), read_ring(path)
    box = ring.unit(UNIT).box
    remaining = PEOPLE - BATCH * (HELD - 1)
    found = await database.read(lambda c: left(c, UNIT, box))
    assert found.changed == remaining
    await opened(database, ring, words)
    done = await rewrap(database, UNIT, box)
    assert (done.seen, done.changed) == (PEOPLE, remaining)
    await opened(database, ring, words)
    await database.close()


async def test_an_erasure_meanwhile_wins(database: Database, path: Path) -> None:
    """A key that was destroyed after it was read does not come back."""
    await crowd(database, read_ring(path))
    rotate(path)

    class Erasing:
        """Somebody is erased between the look and the change."""

        async def read(self, work: Any) -> Any:
            """Read as ever."""
            return await database.read(work)

        async def write(self, work: Any) -> Any:
            """Erase first."""
            await database.write(lambda c: people.erase(c, UNIT, "p007", 9))
            return await database.write(work)

    box = read_ring(path).unit(UNIT).box
    done = await rewrap(Erasing(), UNIT, box)  # type: ignore[arg-type]  # two methods are used
    assert done.changed == PEOPLE - 1
    rows = await database.read(lambda c: c.execute(select(person)).mappings().all())
    assert [row["wrapped_key"] for row in rows if row["person_id"] == "p007"] == [None]


def test_keys_are_read_back_from_file_and_environment(path: Path) -> None:
    """The same keys come out of both; a second rotation waits for the first."""
    rotate(path)
    keys = read_keys(path)
    assert parse_keys(keys.text().replace("\n", ";")) == keys
    with pytest.raises(KeyFileError):
        rotated(keys, [UNIT], 6)
    for wrong in (
        "",
        "zz",
        "00" * 31,
        keys.text() + "unit a b",
        keys.text() + keys.text(),
    ):
        with pytest.raises(KeyFileError):
            parse_keys(wrong)
    path.chmod(0o644)
    with pytest.raises(KeyFileError):
        read_keys(path)


def test_the_contexts_are_those_that_seal() -> None:
    """A context that drifts would make rows look damaged: it is compared with code."""
    row: dict[str, Any] = {
        "unit_id": UNIT,
        "person_id": "p",
        "day": "2026-11-23",
        "part": "sang",
    }
    row |= {"channel": "zalo", "field": "all", "staff_id": "an", "kind": "phone"}
    row |= {"example_id": "e", "model_id": "m", "code": "k", "version": 2}
    key = KeyRow(1, b"pub", b"", 5, 7)
    row |= {"number": 1, "public_key": b"pub", "from_size": 5, "created_at": 7}
    slot = Slot(date(2026, 11, 23), Part("sang"), "zalo", "all")
    wanted = {
        "person": vault._context("p"),
        "dossier_key": dossier._context(UNIT),
        "evidence_key": sequencer._context(key),
        "staff_member": sealing._profile_context(UNIT, "an"),
        "staff_route": sealing._route_context(UNIT, "an", "phone"),
        "roster_shift": rows._context(UNIT, slot),
        "lesson_example": review.example_context(UNIT, "e"),
        "nlu_model": signing._context(UNIT, "m"),
        "letter_own_kind": own_kinds._context("k", 2),
        "day_key": "day:2026-11-23",
        "token": f"token:{UNIT}:zalo",
        "console_account": f"{UNIT}:console:an:factor",
    }
    assert {p.table.name: p.context(row) for p in PLACES} == wanted


def test_every_place_that_seals_is_known() -> None:
    """Who seals something new under the unit's key adds it to ``PLACES``."""
    shape = re.compile(r"\bbox\.seal\(")
    found = {
        str(module.relative_to(ROOT))
        for room in ("bot", "handlers", "storage", "scheduler", "messages")
        for module in (ROOT / room).rglob("*.py")
        if shape.search(module.read_text(encoding="utf-8"))
    }
    own_keys = {
        "storage/keys.py",
        "bot/erasure.py",
        "bot/ingest.py",
        "storage/sealed_file.py",
        "storage/spool.py",
    }
    assert found - own_keys - SEALS_ELSEWHERE - SEALS_ROWS == set()
    assert all(place.table in metadata.tables.values() for place in PLACES)
