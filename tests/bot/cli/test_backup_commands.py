"""Do backup and restore bring everything back but those who were erased?"""

from __future__ import annotations

import json
import random
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.bot.cli.backup_room import everything, lived_in, moved, on_disk
from tests.bot.cli.conftest import Office
from tests.storage.people import LUA, SON
from tests.storage.rows import CHANNEL, digest

CHANGED = {"outbox", "inbox_event", "lane", "evidence_entry", "evidence_waiting"}
"""What a restore itself writes to (and day_key, when somebody is erased again)."""
ROOT = Path(__file__).parents[3]
BIG = 6_000_000
KILLS = 3


def said(office: Office, *arguments: str) -> dict[str, Any]:
    """Run a command with --json that must succeed."""
    code, out, err = office.run(*arguments, "--json")
    assert code == 0, err
    value: dict[str, Any] = json.loads(out)
    return value


def test_everything_comes_back(office: Office, database_url: str) -> None:
    """From either engine into a new folder: the same rows, the same files."""
    lived_in(office, database_url)
    out, new = office.folder / "b" / "1.ttb", office.folder / "new"
    made = said(office, "backup", "--out", str(out))
    back = said(office, "restore", str(out), "--into", str(new))

    assert (back["rows"], back["files"]) == (made["rows"], made["files"])
    assert made["files"] == 2
    before, after = everything(office.path), everything(moved(office, new))
    assert {k: v for k, v in before.items() if k not in CHANGED} == {
        k: v for k, v in after.items() if k not in CHANGED
    }
    assert len(before["inbox_event"]) == len(after["inbox_event"]) == 2
    assert on_disk(new / "files") == on_disk(office.folder / "data" / "files")


def test_a_backup_is_one_moment_of_a_busy_service(
    office: Office, database_url: str
) -> None:
    """What is written together is there together, though the writer never rests."""
    lived_in(office, database_url)
    out, new = office.folder / "1.ttb", office.folder / "new"
    words = [sys.executable, "-m", "tests.storage.writer_to_kill", database_url]
    with subprocess.Popen(words, cwd=ROOT, stdout=subprocess.PIPE) as child:
        assert child.stdout is not None
        before = [child.stdout.readline() for _ in range(200)]
        made = said(office, "backup", "--out", str(out))
        child.kill()
        child.stdout.read()
    back = said(office, "restore", str(out), "--into", str(new))

    rows = everything(moved(office, new))
    first = {row[3] for row in rows["notice"]}
    assert first == {row[2] for row in rows["security_event"]}
    assert {line.decode().strip() for line in before} <= first
    assert back["rows"] == made["rows"]


@pytest.mark.postgres
def test_a_backup_moves_to_postgres(
    office: Office, sqlite_url: str, postgres_database_url: str
) -> None:
    """One engine's file fills the other, whole or not at all; the log verifies."""
    lived_in(office, sqlite_url)
    out, cut = office.folder / "1.ttb", office.folder / "cut.ttb"
    said(office, "backup", "--out", str(out))
    cut.write_bytes(out.read_bytes()[:-1])
    before = everything(office.path)
    office.document["storage"]["url"] = postgres_database_url
    office.write()
    code, _, err = office.run("restore", str(cut))
    assert (code, "bị hỏng hoặc thiếu" in err) == (1, True)
    assert not any(everything(office.path).values())
    said(office, "restore", str(out))

    after = everything(office.path)
    assert after["vault_item"] == before["vault_item"]
    assert said(office, "evidence", "verify")["ok"]


def test_what_was_under_way_is_neither_sent_nor_answered_again(
    office: Office, sqlite_url: str
) -> None:
    """Sends become unknown, waiting messages are set aside for a person."""
    lived_in(office, sqlite_url)
    out, new = office.folder / "1.ttb", office.folder / "new"
    said(office, "backup", "--out", str(out))
    back = said(office, "restore", str(out), "--into", str(new))

    assert (back["sends_unknown"], back["messages_set_aside"]) == (2, 2)
    office.path = moved(office, new)
    code, shown, _ = office.run("replay")
    assert code == 0
    assert shown.count("restored") == 2


def test_the_erased_stay_erased(office: Office, database_url: str) -> None:
    """A backup older than an erasure brings back neither key, rows nor file."""
    lived_in(office, database_url)
    out, new = office.folder / "b" / "1.ttb", office.folder / "new"
    said(office, "backup", "--out", str(out))
    user = ("--channel", CHANNEL, "--user", LUA.platform_id)
    said(office, "people", "erase", *user, "--yes")
    back = said(office, "restore", str(out), "--into", str(new))

    assert back["erased_again"] == 1
    office.path = moved(office, new)
    rows = everything(office.path)
    keys = {row[1]: row[2] for row in rows["person"]}
    assert keys[LUA.person_id] is None
    assert keys[SON.person_id] is not None
    assert {row[2] for row in rows["vault_item"]} == {SON.person_id}
    assert on_disk(new / "files").keys() == {digest(SON.person_id)}
    assert said(office, "evidence", "verify")["ok"]


def test_the_list_goes_with_every_backup(office: Office, sqlite_url: str) -> None:
    """Even when all but the old backup and the list beside it burnt down."""
    lived_in(office, sqlite_url)
    old, later = office.folder / "b" / "1.ttb", office.folder / "b" / "2.ttb"
    said(office, "backup", "--out", str(old))
    user = ("--channel", CHANNEL, "--user", LUA.platform_id)
    said(office, "people", "erase", *user, "--yes")
    assert said(office, "backup", "--out", str(later))["erased_listed"] == 1
    (office.folder / "data" / "erased.list").unlink()
    back = said(office, "restore", str(old), "--into", str(office.folder / "new"))

    assert back["erased_again"] == 1


def test_nothing_is_written_over(office: Office, sqlite_url: str) -> None:
    """A place with data is refused, and so is a name that is taken."""
    lived_in(office, sqlite_url)
    out = office.folder / "1.ttb"
    said(office, "backup", "--out", str(out))
    before = everything(office.path)

    code, _, err = office.run("restore", str(out))
    assert (code, "đã có dữ liệu" in err) == (1, True)
    code, _, err = office.run("backup", "--out", str(out))
    assert (code, "Đã có tệp" in err) == (1, True)
    assert everything(office.path) == before


@pytest.mark.parametrize("place", [3, 40, -1, -30_000])
def test_a_changed_byte_is_found(office: Office, sqlite_url: str, place: int) -> None:
    """Wherever it is; nothing lies in the new folder afterwards."""
    lived_in(office, sqlite_url)
    out, new = office.folder / "1.ttb", office.folder / "new"
    said(office, "backup", "--out", str(out))
    data = bytearray(out.read_bytes())
    data[place] ^= 1
    out.write_bytes(data)
    code, _, err = office.run("restore", str(out), "--into", str(new))

    assert code == 1
    assert "lỗi ngoài dự kiến" not in err
    assert not (new / "than-thien.db").exists()


def test_another_key_opens_nothing(office: Office, sqlite_url: str) -> None:
    """The key is not in the backup: without it there is only noise."""
    lived_in(office, sqlite_url)
    out, key = office.folder / "1.ttb", office.folder / "other.key"
    said(office, "backup", "--out", str(out))
    key.write_text("ab" * 32)
    key.chmod(0o600)
    where = ("--into", str(office.folder / "new"))
    code, _, err = office.run("restore", str(out), *where, "--key", str(key))

    assert (code, "khóa khác" in err) == (1, True)


def killed(office: Office, watched: Path, *arguments: str) -> None:
    """Run a command; kill it some milliseconds after a path is there."""
    words = [sys.executable, "-m", "bot", *arguments, "--config", str(office.path)]
    with subprocess.Popen(words, cwd=ROOT, stdout=subprocess.DEVNULL) as child:
        left = random.randint(0, 200)  # noqa: S311  any moment will do
        while child.poll() is None and left:
            left -= watched.exists()
            try:
                child.wait(0.001)
            except subprocess.TimeoutExpired:
                continue
        child.kill()


@pytest.mark.kill
def test_a_kill_leaves_nothing_half(office: Office, sqlite_url: str) -> None:
    """A backup, and a restore, is whole or absent; the next one succeeds."""
    lived_in(office, sqlite_url, BIG)
    out, new = office.folder / "b" / "1.ttb", office.folder / "new"
    part = out.with_name(f".{out.name}.part")
    for number in range(KILLS):
        killed(office, part, "backup", "--out", str(out))
        if out.exists():
            into = str(office.folder / f"whole{number}")
            said(office, "restore", str(out), "--into", into)
            out.unlink()
    made = said(office, "backup", "--out", str(out))
    assert not part.exists()

    aside, final = new / "than-thien.db.restoring", new / "than-thien.db"
    for _ in range(KILLS):
        killed(office, aside, "restore", str(out), "--into", str(new))
        if final.exists():
            assert len(everything(moved(office, new))["vault_item"]) == 2
            final.unlink()
    back = said(office, "restore", str(out), "--into", str(new))
    assert (back["rows"], back["files"]) == (made["rows"], made["files"])
    assert not aside.exists()
