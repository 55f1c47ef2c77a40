"""Is the master key replaced by command, with everything readable before and after?"""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest

from bot.installation import KEYS_IN
from storage.key_text import read_keys, write_keys
from tests.bot.cli.backup_room import everything, lived_in
from tests.bot.cli.conftest import Office
from tests.storage.people import LUA
from tests.storage.rows import CHANNEL


def said(office: Office, *words: str) -> Any:
    """Run a command that works; return its JSON."""
    code, out, err = office.run(*words, "--json")
    assert (code, err) == (0, ""), err
    return json.loads(out)


def readable(office: Office, name: str) -> None:
    """Lụa's words open, and the log is whole."""
    out = ("--out", str(office.folder / name))
    who = ("--channel", CHANNEL, "--user", LUA.platform_id, "--by", "cli")
    assert said(office, "privacy", "export", *who, *out)["words"] == 1
    assert office.run("evidence", "verify")[0] == 0


def test_a_key_in_a_file(office: Office, sqlite_url: str) -> None:
    """Rotate, rotate again after a stop, wait, retire; each step is in the log."""
    lived_in(office, sqlite_url, 1000)
    path = office.folder / "data" / "keys" / "vault.key"
    first = read_keys(path)
    readable(office, "0.zip")
    assert office.run("evidence", "key")[0] == 0
    seeds = everything(office.path)["evidence_key"]
    assert seeds
    done = said(office, "keys", "rotate")
    assert done["changed"] == done["seen"] > 2
    assert said(office, "keys", "rotate")["changed"] == 0
    keys = read_keys(path)
    assert keys.old is not None
    assert keys.old.master == first.master != keys.master
    readable(office, "1.zip")

    code, _, err = office.run("keys", "retire")
    assert (code, "10 phút" in err) == (1, True)
    write_keys(path, replace(keys, old=replace(keys.old, since=0)))
    assert said(office, "keys", "retire") == {"retired": True, "in_file": True}
    assert first.master.hex() not in path.read_text(encoding="ascii")
    readable(office, "2.zip")
    assert {row[3] for row in everything(office.path)["evidence_key"]}.isdisjoint(
        row[3] for row in seeds
    )
    tags = [row[3] for row in everything(office.path)["evidence_entry"]]
    assert tags.count("staff:master_key:rotated") == 2
    assert tags.count("staff:master_key:retired") == 1


def test_a_key_in_the_environment(
    office: Office, sqlite_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The command prints what to set, and moves everything once it is set."""
    lived_in(office, sqlite_url, 1000)
    path = office.folder / "data" / "keys" / "vault.key"
    monkeypatch.setenv(KEYS_IN, path.read_text(encoding="ascii").strip())
    path.unlink()
    readable(office, "1.zip")
    code, _, err = office.run("keys", "rotate")
    assert (code, "keys new" in err) == (1, True)

    code, out, _ = office.run("keys", "new")
    name, _, text = out.strip().partition("=")
    assert (code, name) == (0, KEYS_IN)
    monkeypatch.setenv(KEYS_IN, text)
    assert said(office, "keys", "rotate")["changed"] > 1
    assert said(office, "keys", "status")["left"] == 0
    readable(office, "2.zip")
