"""Which hand-overs, messages and notices do staff still have to hear of?"""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import Connection, select

from storage import conversations, desk, operations, outbox, people
from storage.database import Database
from storage.desk import MESSAGE, MESSAGE_CAUSE, NOTICE_CAUSE, State
from storage.errors import ConflictError
from storage.ids import Ids
from storage.keys import KeyRing
from storage.outbox import Priority
from storage.tables import identity, vault_item
from storage.vault import PersonVault, Vault

UNIT = "u1"
SINCE = 0


class Someone:
    """A citizen with a hand-over, on the way a real one takes."""

    def __init__(self, ring: KeyRing, ids: Ids, name: str = "p1") -> None:
        self.ids = ids
        self.person_id = name
        self.ref = ids.new()
        self.vault: PersonVault = Vault(UNIT, ring.unit(UNIT)).create(name)

    @property
    def shared(self) -> dict[str, Any]:
        """What every row names."""
        return {"unit_id": UNIT, "person_id": self.person_id}

    def settle(self, connection: Connection, muted_until: int | None = None) -> None:
        """Write person, talk, and a hand-over opened at 1000."""
        mac = f"mac-{self.person_id}"
        people.add_person(
            connection,
            self.shared | {"wrapped_key": self.vault.wrapped_key, "created_at": 900},
            self.shared
            | {
                "channel": "zalo",
                "id_mac": mac,
                "sealed_id": self.vault.seal({"id": "1"}, mac),
            },
        )
        item = self.item(connection, "handover", {"question": "hỏi"}, 1000)
        row = self.shared | {
            "handover_id": self.ref,
            "channel": "zalo",
            "reason": "gap_can_bo",
            "item_id": item,
            "state": "waiting",
            "due_at": 2000,
            "opened_at": 1000,
        }
        conversations.open_handover(connection, row)
        talk = self.shared | {
            "channel": "zalo",
            "version": 1,
            "sealed": self.vault.seal({}, f"talk:{self.person_id}:zalo"),
            "opted_out": False,
            "muted_until": muted_until,
            "last_inbound_at": 1000,
            "sent_since_inbound": 0,
            "updated_at": 1000,
        }
        conversations.save(connection, talk, 0)

    def item(self, connection: Connection, kind: str, value: Any, at: int) -> str:
        """Write a sealed item; return its id."""
        item_id = self.ids.new()
        row = self.shared | {
            "item_id": item_id,
            "kind": kind,
            "sealed": self.vault.seal(value, item_id),
            "created_at": at,
        }
        people.add_items(connection, [row])
        return item_id

    def row(self, cause: str, **more: Any) -> dict[str, Any]:
        """Return an outbox row to staff."""
        known = self.shared | {
            "row_id": self.ids.new(),
            "channel": "telegram",
            "item_id": "i",
            "kind": "staff",
            "priority": int(Priority.STAFF),
            "human": False,
            "cause": cause,
            "position": 0,
            "state": "planned",
            "attempt": 0,
            "available_at": 1,
            "created_at": 1,
            "updated_at": 1,
        }
        return known | more


@pytest.fixture
def someone(ring: KeyRing, ids: Ids) -> Someone:
    """One citizen who waits."""
    return Someone(ring, ids)


async def test_a_waiting_handover_is_found_until_it_is_told(
    database: Database, someone: Someone
) -> None:
    """With its sealed question and the key; not when it is too old or was told."""
    await database.write(someone.settle)

    (row,) = await database.read(lambda c: desk.waiting(c, UNIT, SINCE, 5))
    assert row["handover_id"] == someone.ref
    assert someone.vault.open(row["sealed"], row["item_id"]) == {"question": "hỏi"}
    assert row["wrapped_key"] == someone.vault.wrapped_key
    assert await database.read(lambda c: desk.waiting(c, UNIT, 1001, 5)) == []
    await database.write(
        lambda c: desk.move(c, UNIT, someone.ref, State.WAITING, State.POSTED)
    )
    assert await database.read(lambda c: desk.waiting(c, UNIT, SINCE, 5)) == []
    known = await database.read(lambda c: desk.open_matters(c, UNIT))
    assert known == [(someone.ref, "")]


async def test_only_one_of_two_moves_a_matter(
    database: Database, someone: Someone
) -> None:
    """Who saw an older state is told so, and changes nothing."""
    await database.write(someone.settle)
    move = (UNIT, someone.ref, State.WAITING, State.POSTED)
    await database.write(lambda c: desk.move(c, *move))

    with pytest.raises(ConflictError):
        await database.write(lambda c: desk.move(c, *move))


async def test_a_topic_is_an_identity_of_the_citizen(
    database: Database, someone: Someone
) -> None:
    """It is found by its address, renewed, and goes with the person."""
    await database.write(someone.settle)
    item = someone.shared | {
        "item_id": "t1",
        "kind": "desk_topic",
        "sealed": b"one",
        "created_at": 1,
    }
    place = someone.shared | {
        "channel": "telegram",
        "id_mac": "m1",
        "sealed_id": someone.vault.seal({"id": "-1:7", "ref": someone.ref}, "m1"),
    }
    await database.write(lambda c: desk.save_topic(c, item, place))
    later = item | {"sealed": b"two"}
    await database.write(lambda c: desk.save_topic(c, later, place))

    assert await database.read(lambda c: desk.sealed_item(c, UNIT, "t1")) == b"two"
    found = await database.read(lambda c: desk.identity_of(c, UNIT, "telegram", "m1"))
    assert found is not None
    assert someone.vault.open(found["sealed_id"], "m1")["ref"] == someone.ref
    await database.write(lambda c: people.erase(c, UNIT, someone.person_id, 5))
    assert await database.read(lambda c: desk.sealed_item(c, UNIT, "t1")) is None
    gone = await database.read(lambda c: desk.identity_of(c, UNIT, "telegram", "m1"))
    assert gone is None
    assert await database.read(lambda c: desk.find(c, UNIT, someone.ref)) is None


async def test_two_topics_of_one_person_do_not_double_a_send(
    database: Database, someone: Someone
) -> None:
    """A row is claimed once, however many identities the person has there."""
    await database.write(someone.settle)

    def work(connection: Connection) -> None:
        for mac in ("m1", "m2"):
            connection.execute(
                identity.insert(),
                someone.shared
                | {"channel": "telegram", "id_mac": mac, "sealed_id": b"x"},
            )
        outbox.plan(connection, [someone.row("c1")])

    await database.write(work)
    rows = await database.write(
        lambda c: outbox.claim(
            c, "telegram", owner="o", now=10, lease_until=20, limit=9
        )
    )

    assert len(rows) == 1


async def test_messages_are_told_while_people_answer(
    database: Database, someone: Someone
) -> None:
    """Only what came after the hand-over and while the bot was silent, once."""

    def work(connection: Connection) -> list[str]:
        someone.settle(connection, muted_until=5000)
        desk.move(connection, UNIT, someone.ref, State.WAITING, State.TAKEN)
        return [
            someone.item(connection, MESSAGE, {"texts": {"text": "a"}}, at)
            for at in (1000, 2000, 6000)
        ]

    _, during, _ = await database.write(work)
    found = await database.read(lambda c: desk.untold_messages(c, UNIT, 9))
    assert [row["item_id"] for row in found] == [during]
    told = someone.row(MESSAGE_CAUSE + during)
    await database.write(lambda c: outbox.plan(c, [told]))

    assert await database.read(lambda c: desk.untold_messages(c, UNIT, 9)) == []


async def test_notices_are_told_once(database: Database, someone: Someone) -> None:
    """Not the seen ones, not those about the staff channel itself."""

    def work(connection: Connection) -> None:
        someone.settle(connection)
        for number, (kind, subject) in enumerate(
            [("stuck", "x"), ("staff_send_refused", "y"), ("token", "telegram")]
        ):
            row = {
                "unit_id": UNIT,
                "notice_id": f"n{number}",
                "kind": kind,
                "subject": subject,
                "detail": "",
                "created_at": 10,
            }
            operations.add_notice(connection, row)

    await database.write(work)

    def untold(connection: Connection) -> list[str]:
        kinds, subjects = ["staff_send_refused"], ["telegram"]
        rows = desk.untold_notices(connection, UNIT, SINCE, 9, kinds, subjects)
        return [row["notice_id"] for row in rows]

    assert await database.read(untold) == ["n0"]
    await database.write(lambda c: outbox.plan(c, [someone.row(NOTICE_CAUSE + "n0")]))
    assert await database.read(untold) == []


async def test_what_several_members_are_told_is_one_word(database: Database) -> None:
    """Three addressees of one matter: one notice stands for all, and names them."""

    def row(number: int, detail: str, code: str | None) -> dict[str, Any]:
        return {
            "unit_id": UNIT,
            "notice_id": f"n{number}",
            "kind": "case_overdue",
            "subject": "c1",
            "detail": detail,
            "created_at": 10,
            "addressee": code,
        }

    rows = [row(n, "PA-1", code) for n, code in enumerate(["an", "binh", "chi"])]
    rows += [row(3, "PA-2", "an"), row(4, "PA-1", None)]
    await database.write(lambda c: operations.add_notices(c, rows))
    again = await database.write(lambda c: operations.add_new_notices(c, rows[:2]))
    found = await database.read(lambda c: desk.untold_notices(c, UNIT, SINCE, 9))

    assert again == 0
    assert [one["notice_id"] for one in found] == ["n0", "n3", "n4"]
    to = await database.read(lambda c: desk.addressees(c, found[0]))
    assert to == {"an", "binh", "chi"}


async def test_the_room_is_made_once(database: Database) -> None:
    """The first key counts; who comes later uses it."""
    row = {
        "unit_id": UNIT,
        "person_id": "room",
        "wrapped_key": b"first",
        "created_at": 1,
    }
    second = row | {"wrapped_key": b"second"}

    assert await database.read(lambda c: desk.room(c, UNIT, "room")) is None
    assert await database.write(lambda c: desk.make_room(c, row)) == b"first"
    assert await database.write(lambda c: desk.make_room(c, second)) == b"first"


async def test_an_item_told_twice_is_left_alone(
    database: Database, someone: Someone
) -> None:
    """The first one stays as it was."""
    row = someone.shared | {
        "item_id": "i1",
        "kind": "desk",
        "sealed": b"1",
        "created_at": 1,
    }
    await database.write(lambda c: desk.add_items(c, [row]))
    await database.write(lambda c: desk.add_items(c, [row | {"sealed": b"2"}]))

    found = await database.read(
        lambda c: c.execute(select(vault_item.c.sealed)).scalars().all()
    )
    assert list(found) == [b"1"]
