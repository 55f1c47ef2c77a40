"""A whole road with marks in all that must not be logged; run by test_logs."""

from __future__ import annotations

import asyncio
import logging
import sys
from dataclasses import replace
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import Any, NoReturn

from bot.logs import configure
from bot.sandbox.model import (
    FacebookAccount,
    FaultRule,
    SandboxConfig,
    SignedRequest,
    ZaloAccount,
)
from bot.sandbox.webhook import facebook_event, zalo_event
from handlers.model import Conversation, Inbound, Outcome
from handlers.ports import Services
from storage.inbox import MAX_ATTEMPTS
from storage.keys import KeyRing
from storage.migrate import migrate
from storage.open import open_database
from tests.bot.support import (
    LANH,
    Road,
    Settings,
    World,
    build_road,
    echo,
    eventually,
    platforms,
    start_world,
)
from tests.conftest import MASTER, FakeClock

TEXT = "MARK-TEXT số 0912345678"
POISON = "MARK-POISON 0987654321"
SECRETS = ("MARK-APP", "MARK-OA", "MARK-REFRESH", "MARK-VERIFY", "MARK-PAGE")
FORBIDDEN = (
    "MARK-",
    "0912345678",
    "0987654321",
    LANH.zalo_id,
    LANH.facebook_id,
    "CAUHOIXAU",
)


def fragile(inbound: Inbound, talk: Conversation, services: Services) -> Outcome:
    """Break over one text, with the text in the error, as careless code does."""
    if inbound.text.startswith("MARK-POISON"):
        try:
            known: dict[str, str] = {}
            del known[inbound.text]
        except KeyError as error:
            raise ValueError(f"cannot read {inbound.text}") from error
    return echo(inbound, talk, services)


def accounts() -> SandboxConfig:
    """Return platforms all of whose secrets are marks."""
    return platforms(
        zalo=ZaloAccount(
            app_secret=SECRETS[0], oa_secret_key=SECRETS[1], refresh_token=SECRETS[2]
        ),
        facebook=FacebookAccount(
            app_secret=SECRETS[0], verify_token=SECRETS[3], page_access_token=SECRETS[4]
        ),
    )


def zalo(world: World, words: str) -> SignedRequest:
    """Return a signed text of bà Lành on Zalo."""
    world.clock.advance(ms=1)
    return zalo_event(world.settings, LANH.zalo_id, words, at_ms=world.clock.now_ms())


def page(world: World, words: str) -> SignedRequest:
    """Return a signed text of bà Lành on Messenger."""
    world.clock.advance(ms=1)
    return facebook_event(
        world.settings, LANH.facebook_id, words, at_ms=world.clock.now_ms()
    )


async def walk(folder: Path) -> None:
    """Go the good road, then every bad one."""
    url = f"sqlite:///{folder}/log.db"
    await asyncio.to_thread(migrate, url)
    world = await start_world(FakeClock(), accounts())
    database = open_database(url)
    road = await build_road(
        world, database, KeyRing(MASTER), folder, Settings(respond=fragile)
    )
    try:
        await road.start()
        await good(road, world)
        await strangers(road, world)
        await outage(road, world)
        await platform_trouble(road, world)
        await poison(road, world)
        await broken_sender(road, world)
    finally:
        await road.close()
        await database.close()
        await world.http.close()
        await world.server.close()


async def good(road: Road, world: World) -> None:
    """A text on each platform, answered."""
    assert await road.post(zalo(world, TEXT)) == 200
    assert await road.post(page(world, TEXT)) == 200
    await eventually(road.is_done)


async def strangers(road: Road, world: World) -> None:
    """Wrong signatures, broken bytes, a wrong token in the address."""
    request = zalo(world, TEXT)
    broken = replace(request, body=request.body.replace(b"MARK", b"MARL"))
    assert await road.post(broken) == 403
    assert await road.post(replace(request, body=b"{MARK-BODY")) == 400
    assert await road.post(request, **{"Content-Encoding": "gzip"}) == 400
    where = "/webhooks/facebook?hub.mode=subscribe&hub.verify_token=MARK-GUESS"
    async with road.session.get(road.server.make_url(where)) as answer:
        assert answer.status == 403


async def outage(road: Road, world: World) -> None:
    """The database away, then broken with a text in its error; an ugly spool file."""
    road.database.is_away = True
    assert await road.post(zalo(world, TEXT)) == 200
    road.database.is_away = False
    await eventually(lambda: not road.ingest.spooled)
    road.database.error = RuntimeError(TEXT)
    assert await road.post(zalo(world, TEXT)) == 200
    (road.spool._folder / "0.spool").write_text(TEXT)
    await eventually(road.metrics.spool_corrupt._value.get)
    road.database.error = None
    await eventually(lambda: not road.ingest.spooled)
    await restart(road)
    await over(road, world)


async def restart(road: Road) -> None:
    """Start again what the error has ended, as the supervisor does."""
    await road.kill()
    await road.start()


async def platform_trouble(road: Road, world: World) -> None:
    """A dead token, a full platform, a connection cut after the message was taken."""
    for name in ("expired_token", "rate_limit", "server_error", "accept_then_drop"):
        world.sandbox.faults.set(name, FaultRule(next_calls=1))
        assert await road.post(zalo(world, TEXT)) == 200
        assert await road.post(page(world, TEXT)) == 200
        await eventually(road.is_inbox_done)
        await over(road, world)


async def over(road: Road, world: World) -> None:
    """Let time pass until everything has its end."""

    async def is_over() -> bool:
        world.clock.advance(timedelta(seconds=70))
        for limit in road.limits.values():
            limit._paused_until = 0.0
        for sender in road.senders.values():
            sender.wake()
        return await road.is_done()

    await eventually(is_over, 20)


async def poison(road: Road, world: World) -> None:
    """A text over which the use case breaks, to its last try."""
    assert await road.post(zalo(world, POISON)) == 200
    failed = road.metrics.attempts_failed._value
    for number in range(1, MAX_ATTEMPTS + 1):
        await eventually(partial(is_at_least, failed, number))
        world.clock.advance(timedelta(seconds=31))
        road.dispatcher.wake()
    await eventually(road.is_done)


def is_at_least(counter: Any, number: int) -> bool:
    """Whether a counter has come that far."""
    return bool(counter.get() >= number)


async def broken_sender(road: Road, world: World) -> None:
    """A client that breaks with the text in its error; another library's error."""

    async def deliver(*_: object, **__: object) -> NoReturn:
        raise ValueError(TEXT, SECRETS[2])

    adapter = next(iter(road.units.values())).adapters
    for one in adapter.values():
        one.deliver = deliver  # type: ignore[method-assign]
    assert await road.post(page(world, TEXT)) == 200
    await eventually(road.is_inbox_done)
    await eventually(lambda: unknown(road))
    try:
        int(TEXT)
    except ValueError:
        logging.getLogger("some.library").exception("failed with %s", TEXT)
    logging.getLogger("some.library").error("CAUHOIXAU %s", POISON)


async def unknown(road: Road) -> bool:
    """Whether a row is of unknown fate because of us."""
    return any(str(r["code"]).startswith("bug:") for r in await road.outbox())


if __name__ == "__main__":
    configure()
    asyncio.run(walk(Path(sys.argv[1])))
