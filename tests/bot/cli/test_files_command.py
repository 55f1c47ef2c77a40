"""Does ``thanthien files`` list and hand out files, in the words of staff?"""

from __future__ import annotations

import asyncio
import hashlib
import json
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Connection

from bot import installation
from bot.config import load_config
from bot.erasure import erase
from storage import files, people
from storage.file_folder import FileFolder
from storage.file_states import FileState
from storage.tables import evidence_entry, received_file
from storage.vault import Vault
from tests.bot.cli.conftest import Office
from tests.handlers.files.samples import PLACE, SAMPLES

UNIT = "thanh-ha"
PHOTO = SAMPLES["image/jpeg"]
NAMES = {"stored": "a" * 32, "gone": "b" * 32, "refused": "c" * 32}


async def _settle(path: Path) -> str:
    async with installation.open_installation(load_config(path)) as opened:
        vault = Vault(UNIT, opened.ring.unit(UNIT)).create(opened.ids.new())
        folder, digest = FileFolder(opened.files_folder), hashlib.sha256(PHOTO)
        draft = folder.draft()
        draft.write(PHOTO)
        draft.finish(vault, NAMES["stored"])
        folder.publish(draft, UNIT, NAMES["stored"])
        facts = {"texts": {"sha256": digest.hexdigest()}, "name": "../x.jpg"}
        facts["url"] = "https://la.example/"
        shared = {"unit_id": UNIT, "person_id": vault.person_id}
        basic = shared | {"created_at": 1_763_000_000_000}

        def work(connection: Connection) -> None:
            known = shared | {"channel": "zalo", "id_mac": "m", "sealed_id": b"x"}
            row = basic | {"wrapped_key": vault.wrapped_key}
            people.add_person(connection, row, known)
            for state in ("stored", "gone", "refused"):
                item_id = f"item-{state}"
                item = {"item_id": item_id, "kind": "citizen:file:received"}
                sealed = vault.seal(facts, item_id)
                people.add_items(connection, [basic | item | {"sealed": sealed}])
                files.want(connection, [basic | _row(state, item_id)])
            _end(connection)

        await opened.database.write(work)
        return vault.person_id


def _row(state: str, item_id: str) -> dict[str, Any]:
    return {
        "file_id": NAMES[state],
        "item_id": item_id,
        "event_id": f"e-{state}",
        "position": 0,
        "channel": "zalo",
        "kind": "image",
        "state": state,
        "attempts": 1,
        "available_at": 1,
        "updated_at": 1,
    }


def _end(connection: Connection) -> None:
    connection.execute(
        received_file.update()
        .where(received_file.c.state == FileState.STORED)
        .values(size=5120, content_mac=NAMES["stored"], media_type="image/jpeg")
    )
    connection.execute(
        received_file.update()
        .where(received_file.c.state == FileState.REFUSED)
        .values(reason="host")
    )


async def _trace(path: Path) -> list[str]:
    async with installation.open_installation(load_config(path)) as opened:
        query = evidence_entry.select().order_by(evidence_entry.c.entry_id)
        rows = await opened.database.read(lambda c: c.execute(query).all())
        return [row.tag for row in rows]


@pytest.fixture
def person(office: Office) -> str:
    """A citizen with a file in each state; their id."""
    office.prepare()
    return asyncio.run(_settle(office.path))


@pytest.mark.usefixtures("person")
def test_files_are_listed(office: Office) -> None:
    """In words for people, and as JSON; each time it is on record."""
    code, out, _ = office.run("files", "list", "--by", "cb01")
    assert code == 0
    assert "image/jpeg  5 KB  đã lưu" in out
    assert "không nhận (host)" in out
    assert "3 tệp." in out

    told = office.run("files", "list", "--by", "cb01", "--state", "gone", "--json")
    (row,) = json.loads(told[1])
    assert (row["file_id"], row["state"]) == (NAMES["gone"], "gone")
    assert asyncio.run(_trace(office.path)) == ["staff:file:listed"] * 2


@pytest.mark.usefixtures("person")
def test_a_file_is_written_out_once(office: Office, tmp_path: Path) -> None:
    """Without its place, only for its owner, never over another file."""
    target = tmp_path / "anh.jpg"
    get = ("files", "get", NAMES["stored"], "--by", "cb01", "--out")
    code, out, _ = office.run(*get, str(target))
    assert code == 0
    assert str(target) in out
    assert PLACE not in target.read_bytes()
    assert target.stat().st_mode & 0o777 == 0o600

    code, _, err = office.run(*get, str(target))
    assert code == 1
    assert "Không tạo được tệp" in err
    code, out, _ = office.run(*get, str(tmp_path), "--original", "--json")
    told = json.loads(out)
    assert Path(told["path"]) == tmp_path / f"{NAMES['stored']}.jpg"
    assert Path(told["path"]).read_bytes() == PHOTO
    assert told["sha256"] == hashlib.sha256(PHOTO).hexdigest()
    assert asyncio.run(_trace(office.path)) == ["staff:file:read"] * 3


@pytest.mark.usefixtures("person")
def test_what_cannot_be_had_is_said_in_one_sentence(
    office: Office, tmp_path: Path
) -> None:
    """A gone file, an unknown one, a damaged one, a name for a code."""
    out = str(tmp_path / "x")
    cases = [
        (NAMES["gone"], "cb01", "chưa lưu được"),
        ("khong-co", "cb01", "Không có tệp"),
        (NAMES["stored"], "Nguyễn A", "Mã cán bộ"),
    ]
    for file_id, by, words in cases:
        code, _, err = office.run("files", "get", file_id, "--by", by, "--out", out)
        assert (code, words in err) == (1, True)
    (place,) = office.folder.rglob(NAMES["stored"])
    place.write_bytes(place.read_bytes()[:-1])
    told = office.run("files", "get", NAMES["stored"], "--by", "cb01", "--out", out)
    assert (told[0], "bị mất, bị cắt" in told[2]) == (1, True)
    assert not Path(out).exists()


@pytest.mark.usefixtures("person")
def test_a_refused_file_may_be_fetched_again(office: Office) -> None:
    """After somebody added its host; a stored one may not."""
    told = office.run(
        "files", "retry", NAMES["refused"], NAMES["stored"], "--by", "cb01"
    )
    assert told[0] == 0
    assert "Đã đưa 1 tệp" in told[1]


def test_an_erasure_takes_the_file_from_the_disk(office: Office, person: str) -> None:
    """The command for erasing people leaves no file behind."""

    async def work() -> int:
        async with installation.open_installation(load_config(office.path)) as opened:
            done = await erase(opened, UNIT, person)
            return len(done.files)

    assert list(office.folder.rglob(NAMES["stored"]))
    assert asyncio.run(work()) == 1
    assert not list(office.folder.rglob(NAMES["stored"]))
