"""Does news of a result leave on Messenger after the window, and only ever once?"""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import Connection

from bot.sandbox.facebook_utility import RESULT
from bot.sandbox.model import FaultRule
from bot.sandbox.webhook import facebook_event
from handlers.model import Channel
from handlers.staff.letters.result_template import CODE, PAPER
from handlers.staff.templates.sending import KIND, Way
from storage import outbox, tables
from storage.outbox import Priority, State
from storage.sqlite import SqliteDatabase
from tests.bot.conftest import Build
from tests.bot.support import (
    LANH,
    UNIT,
    Road,
    World,
    eventually,
    facebook_section,
)


async def _plan(road: Road, cause: str) -> None:
    """Plan the notice as the letters' keeper does, for who wrote here."""
    (person,) = await road.rows(tables.person)
    vault = road.units[UNIT].vault.unwrap(person["person_id"], person["wrapped_key"])
    item, now = road.ids.new(), road.clock.now_ms()
    words = {PAPER: "Đăng ký khai sinh", CODE: "H1-0009"}
    whose = {"unit_id": UNIT, "person_id": person["person_id"], "item_id": item}
    content = Way(RESULT, "Báo có kết quả", words).content()
    sealed = {"kind": "reply", "sealed": vault.seal(content, item), "created_at": now}
    row = {
        "row_id": road.ids.new(),
        "channel": "facebook",
        "kind": KIND,
        "priority": int(Priority.CASE),
        "human": False,
        "cause": cause,
        "position": 0,
        "state": State.PLANNED.value,
        "attempt": 0,
        "available_at": now,
        "created_at": now,
        "updated_at": now,
    }

    def work(connection: Connection) -> None:
        connection.execute(tables.vault_item.insert(), whose | sealed)
        outbox.plan(connection, [whose | row])

    await road.database.write(work)


async def test_a_month_later_it_arrives_and_an_unknown_one_is_not_repeated(
    sqlite_database: SqliteDatabase, build: Build, world: World
) -> None:
    """The first arrives; of the second the answer is lost, and staff are told."""
    page = facebook_section(world.settings.facebook, world.base, result_template=RESULT)
    unit = {"name": "xã Thanh Hà", "channels": {"facebook": page}}
    road = await build(sqlite_database, units={UNIT: unit})
    await road.start()
    asked = facebook_event(
        world.settings, LANH.facebook_id, "chào", at_ms=world.clock.now_ms()
    )
    assert await road.post(asked) == 200
    await eventually(road.is_done)
    world.clock.advance(timedelta(days=30))
    await _plan(road, "result:1")
    road.senders[Channel.FACEBOOK].wake()
    await eventually(road.is_done)
    fault = FaultRule(next_calls=1, channel="facebook")
    world.sandbox.faults.set("accept_then_drop", fault)
    await _plan(road, "result:2")
    road.senders[Channel.FACEBOOK].wake()
    await eventually(road.is_done)
    world.clock.advance(timedelta(minutes=5))
    road.senders[Channel.FACEBOOK].wake()
    await eventually(road.is_done)

    sent = [one.body["messaging_type"] for one in world.sandbox.record.sent()]
    assert sent == ["RESPONSE", "UTILITY", "UTILITY"]
    states = [one["state"] for one in await road.outbox()]
    assert states == ["accepted", "accepted", "unknown"]
    assert [kind for kind, _ in await road.notices()] == ["send_unknown"]
