"""Does the health page tell the truth, also when everything is down?"""

from __future__ import annotations

import asyncio
import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any, cast

from sqlalchemy import Connection

from bot.health import ANSWER_SECONDS, SLOW_LANE_MS
from bot.sandbox.webhook import zalo_event
from scheduler.calendar import shipped
from scheduler.calendar.working_days import WorkCalendar
from storage import operations
from tests.bot.support import LANH, UNIT, Road, World, eventually


async def ready(road: Road) -> tuple[int, dict[str, Any]]:
    """Ask /readyz."""
    async with road.session.get(road.server.make_url("/readyz")) as answer:
        return answer.status, await answer.json()


async def test_the_process_says_that_it_lives(road: Road) -> None:
    """/healthz looks at nothing but the process."""
    road.database.hangs = True
    async with road.session.get(road.server.make_url("/healthz")) as answer:
        assert (answer.status, await answer.json()) == (200, {"status": "ok"})


async def test_every_part_is_named(any_road: Road) -> None:
    """A well service names database, spool, queue, tokens, notices and more."""
    status, body = await ready(any_road)

    assert (status, body["status"]) == (200, "ok")
    named = {"database", "spool", "queue", "tokens", "notices", "escalation"}
    assert set(body["parts"]) == named | {"calendar"}
    assert body["parts"]["calendar"] == {"status": "ok"}
    assert body["parts"]["database"] == {"status": "ok"}
    assert body["parts"]["spool"] == {"status": "ok", "waiting": 0, "corrupt": 0}
    assert body["parts"]["queue"]["status"] == "ok"


async def test_dead_platforms_do_not_make_it_unready(road: Road, world: World) -> None:
    """With both platforms gone and the token lost it can still accept and store."""
    await world.server.close()
    keeper = road.keepers[UNIT]
    await keeper.check()

    status, body = await ready(road)
    assert status == 200
    assert body["parts"]["tokens"][UNIT]["text"] == "đang xin cấp mới"


async def test_a_lost_token_is_named_and_still_200(road: Road, world: World) -> None:
    """A refused token is told in words; the service stays ready."""
    world.sandbox.tokens._refresh = "another"
    await road.keepers[UNIT].check()

    status, body = await ready(road)
    assert status == 200
    assert body["parts"]["tokens"][UNIT]["text"] == "cần cấp quyền lại"
    assert body["parts"]["notices"] == {"token_reauthorise": 1}


async def test_without_the_database_the_spool_keeps_it_ready(road: Road) -> None:
    """Database away, spool well: messages can be taken, so 200."""
    road.database.is_away = True

    status, body = await ready(road)
    assert status == 200
    assert body["parts"]["database"]["status"] == "away"
    assert body["parts"]["queue"] == {"status": "unknown"}


async def test_a_hanging_database_does_not_hang_the_page(road: Road) -> None:
    """The page answers in time although the database does not."""
    road.database.hangs = True
    started = asyncio.get_running_loop().time()

    status, body = await ready(road)
    assert asyncio.get_running_loop().time() - started < ANSWER_SECONDS * 4
    assert (status, body["parts"]["database"]["status"]) == (200, "away")


async def test_a_broken_spool_alone_is_named(road: Road) -> None:
    """Spool not writable, database well: 200, and the part says so."""
    in_the_way(road)

    status, body = await ready(road)
    assert (status, body["parts"]["spool"]) == (200, {"status": "not_writable"})


async def test_with_neither_it_is_not_ready(road: Road) -> None:
    """When nothing can store a message the answer is 503."""
    in_the_way(road)
    road.database.is_away = True

    status, body = await ready(road)
    assert (status, body["status"]) == (503, "unavailable")


def in_the_way(road: Road) -> None:
    """Put a file in the place of the spool folder (root ignores permissions)."""
    folder = road.spool._folder
    folder.rmdir()
    folder.write_bytes(b"")


async def test_an_old_message_makes_the_queue_slow(road: Road, world: World) -> None:
    """A message that has waited for a minute is visible."""
    await road.start("ingest")
    request = zalo_event(world.settings, LANH.zalo_id, "x", at_ms=world.clock.now_ms())
    assert await road.post(request) == 200
    world.clock.advance(timedelta(milliseconds=SLOW_LANE_MS + 1))

    _, body = await ready(road)
    assert body["parts"]["queue"]["status"] == "slow"
    assert body["parts"]["queue"]["waiting"] == 1


async def test_notices_are_counted_by_kind(road: Road) -> None:
    """What staff should look at is counted."""
    for number, kind in enumerate(["send_unknown", "send_unknown", "stuck"]):
        row = {
            "unit_id": UNIT,
            "notice_id": str(number),
            "kind": kind,
            "subject": "x",
            "detail": "",
            "created_at": 1,
        }
        await road.database.write(partial(add_notice, row))

    _, body = await ready(road)
    assert body["parts"]["notices"] == {"send_unknown": 2, "stuck": 1}


def add_notice(row: dict[str, Any], connection: Connection) -> None:
    """Write a notice."""
    operations.add_notice(connection, row)


async def test_metrics_are_prometheus_text_without_a_person(
    road: Road, world: World
) -> None:
    """After a whole talk the counters are there, and no id of anybody."""
    await road.start()
    request = zalo_event(
        world.settings, LANH.zalo_id, "xin chào", at_ms=world.clock.now_ms()
    )
    assert await road.post(request) == 200
    await eventually(road.is_done)
    await road.sweeper.sweep()

    async with road.session.get(road.server.make_url("/metrics")) as answer:
        assert answer.headers["Content-Type"].startswith("text/plain; version=0.0.4")
        text = await answer.text()
    assert 'thanthien_webhooks_total{channel="zalo",result="stored"} 1.0' in text
    assert 'thanthien_sends_total{channel="zalo",result="accepted"} 1.0' in text
    assert 'thanthien_backlog{queue="outbox"} 0.0' in text
    assert LANH.zalo_id not in text


async def test_days_off_that_nobody_confirmed_are_told(road: Road) -> None:
    """By unit, in words, and no reason to be unready."""
    calendars = {UNIT: WorkCalendar(shipped.shipped())}
    health = replace(road.health, calendars=calendars)
    road.clock.set(datetime(2026, 12, 20, tzinfo=UTC))
    answer = await health.readyz(cast("Any", None))
    told = json.loads(cast("str", answer.text))["parts"]["calendar"]

    assert (answer.status, told["status"]) == (200, "unsure")
    assert "2027" in told["units"][UNIT][0]
