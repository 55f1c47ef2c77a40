"""Does retention end what is over, and nothing else?"""

from __future__ import annotations

import asyncio
import json
from typing import Any

import pytest

from bot import installation
from bot.config import load_config
from handlers.staff.privacy.rules import SHIPPED
from tests.bot.cli.backup_room import everything, lived_in
from tests.bot.cli.conftest import Office
from tests.storage.people import LUA, SON

RULES = ("quiet_people", "finished_people", "finished_occasions", "counts_of_attacks")


def kept(office: Office, *arguments: str) -> dict[str, tuple[int, int]]:
    """Run the command; return what was due and what was ended, by rule."""
    code, out, err = office.run("privacy", "retention", *arguments, "--json")
    assert code == 0, err
    found: list[dict[str, Any]] = json.loads(out)
    return {one["rule"]: (one["due"], one["ended"]) for one in found}


def settled(office: Office, url: str) -> None:
    """Both wrote in 1970, and nothing of theirs is open."""
    lived_in(office, url)
    _change(office, "UPDATE outbox SET state = 'accepted'")
    _change(office, "UPDATE handover SET state = 'closed'")


def _change(office: Office, statement: str) -> None:
    async def work() -> None:
        config = load_config(office.path)
        async with installation.open_installation(config) as opened:
            await opened.database.write(lambda c: c.exec_driver_sql(statement))

    asyncio.run(work())


def test_who_is_quiet_goes_after_a_look(office: Office, database_url: str) -> None:
    """A dry run counts and leaves all; the run erases, with the rule as the reason."""
    settled(office, database_url)
    before = everything(office.path)
    assert kept(office, "--dry-run")["quiet_people"] == (2, 0)
    assert everything(office.path) == before

    assert kept(office, "--yes")["quiet_people"] == (2, 2)
    after = everything(office.path)
    assert after["vault_item"] == after["identity"] == []
    assert {row[1] for row in after["person"]} == {LUA.person_id, SON.person_id}
    leaves = b"".join(bytes(row[5]) for row in after["evidence_entry"])
    assert leaves.count(b'"why":"retention:quiet_people"') == 2
    assert kept(office, "--yes") == dict.fromkeys(RULES, (0, 0))


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE vault_item SET created_at = 4000000000000 WHERE person_id = 'p-lua'",
        "UPDATE handover SET state = 'waiting' WHERE person_id = 'p-lua'",
        "UPDATE outbox SET state = 'planned' WHERE person_id = 'p-lua'",
        "UPDATE conversation SET last_inbound_at = 4e12 WHERE person_id = 'p-lua'",
    ],
)
def test_who_is_not_quiet_stays(
    office: Office, sqlite_url: str, statement: str
) -> None:
    """New words, an open question or a message under way keep a person."""
    settled(office, sqlite_url)
    _change(office, statement)
    kept(office, "--yes")

    people = {row[1]: row[2] for row in everything(office.path)["person"]}
    assert people[LUA.person_id] is not None
    assert people[SON.person_id] is None


@pytest.mark.parametrize(
    ("right", "wrong"),
    [
        ("days: 730", "days: 7"),
        ("group: people_without_case", "group: everybody"),
        ("code: finished_people", "code: quiet_people"),
        ("rules:", "rule:"),
    ],
)
def test_rules_that_are_wrong_do_nothing(
    office: Office, sqlite_url: str, right: str, wrong: str
) -> None:
    """A slip in the file is told, and nobody is erased."""
    settled(office, sqlite_url)
    own = office.folder / "own.yml"
    text = SHIPPED.read_text(encoding="utf-8").replace(right, wrong, 1)
    own.write_text(text, encoding="utf-8")
    code, _, err = office.run("privacy", "retention", "--rules", str(own), "--yes")

    assert (code, "chưa đúng" in err) == (1, True)
    assert len(everything(office.path)["vault_item"]) == 2
