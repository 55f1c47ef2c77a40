"""Does ``thanthien sealed`` open the queue for its handlers alone?"""

from __future__ import annotations

import asyncio
import json

import pytest
from sqlalchemy import Connection, update

from bot import installation
from bot.config import load_config
from handlers.staff.sealed.words import contact_context, words_context
from storage import people, sealed
from storage.tables import sealed_entry
from storage.vault import Vault
from tests.bot.cli.conftest import Office
from tests.postgres_server import in_thread

UNIT = "thanh-ha"
ENTRY = "e" * 32


@pytest.fixture
def open_office(office: Office) -> Office:
    """An installation with two members, one of them a handler, and one entry."""
    office.prepare()
    for staff_id, role in (("canbo01", "sealed_handler"), ("canbo02", "leader")):
        hired = ("users", "add", staff_id, "--name", "Người thử", "--role", role)
        assert office.run(*hired)[0] == 0
    in_thread(lambda: asyncio.run(_add(office)))
    return office


async def _add(office: Office) -> None:
    config = load_config(office.path)
    async with installation.open_installation(config) as house:
        box = house.ring.unit(UNIT).sealed.box
        at = "2026-11-23T01:00:00.000Z"
        words = {"messages": [{"at": at, "text": "lời thử"}], "files": [{}]}
        contact = {"channel": "zalo", "user_id": "770011"}
        row = {
            "unit_id": UNIT,
            "entry_id": ENTRY,
            "person_mac": None,
            "day": "2026-11-23",
            "sealed": box.seal(json.dumps(words).encode(), words_context(UNIT, ENTRY)),
            "contact": box.seal(
                json.dumps(contact).encode(), contact_context(UNIT, ENTRY)
            ),
        }
        await house.database.write(lambda c: sealed.add(c, row))


def test_list_read_and_close(open_office: Office) -> None:
    """The list tells no word; reading tells all, at the commune's clock."""
    code, out, _ = open_office.run("sealed", "list", "--by", "canbo01")
    assert code == 0
    assert "lời thử" not in out
    assert f"{ENTRY}  2026-11-23  đang chờ" in out

    code, out, _ = open_office.run("sealed", "read", ENTRY, "--by", "canbo01")
    assert code == 0
    assert "[23/11/2026 08:00] lời thử" in out
    assert "Kèm 1 tệp" in out
    assert "zalo 770011" in out

    code, out, _ = open_office.run(
        "sealed", "close", ENTRY, "--inspected", "--by", "canbo01"
    )
    assert code == 0
    code, out, _ = open_office.run(
        "sealed", "list", "--all", "--json", "--by", "canbo01"
    )
    assert [one["state"] for one in json.loads(out)] == ["inspected"]
    code, out, _ = open_office.run("sealed", "read", ENTRY, "--json", "--by", "canbo01")
    assert json.loads(out)["messages"][0]["text"] == "lời thử"


async def _known(office: Office) -> None:
    """The author of the entry is known by their Zalo id."""
    config = load_config(office.path)
    async with installation.open_installation(config) as house:
        keys = house.ring.unit(UNIT)
        vault = Vault(UNIT, keys).create("p" * 32)
        shared = {"unit_id": UNIT, "person_id": vault.person_id}
        person = {"wrapped_key": vault.wrapped_key, "created_at": 1}
        mac = keys.mac("user:zalo", "770011")
        found: dict[str, str | bytes] = {"channel": "zalo", "id_mac": mac}
        found["sealed_id"] = vault.seal({"id": "770011"}, mac)

        def work(connection: Connection) -> None:
            people.add_person(connection, shared | person, shared | found)
            connection.execute(
                update(sealed_entry).values(
                    person_mac=keys.sealed.mac("person", vault.person_id)
                )
            )

        await house.database.write(work)


def test_erasing_the_author_empties_the_queue(open_office: Office) -> None:
    """The command that erases a person reaches what is sealed, and says nothing."""
    in_thread(lambda: asyncio.run(_known(open_office)))
    told = ("people", "erase", "--channel", "zalo", "--user", "770011", "--yes")
    code, out, _ = open_office.run(*told)
    assert code == 0
    assert "niêm phong" not in out

    code, out, _ = open_office.run("sealed", "list", "--all", "--by", "canbo01")
    assert out == "0 tin niêm phong.\n"


@pytest.mark.parametrize("by", ["canbo02", "operator", "khongai"])
def test_nobody_else(open_office: Office, by: str) -> None:
    """One sentence and a hint, and not a word of what is sealed."""
    code, out, err = open_office.run("sealed", "read", ENTRY, "--by", by)

    assert (code, out) == (1, "")
    assert "chỉ người được giao tiếp nhận tố cáo" in err
    assert "lời thử" not in err
