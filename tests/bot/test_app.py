"""Does the whole service, as it is wired, answer, stop and come back?"""

from __future__ import annotations

import asyncio
from pathlib import Path

import aiohttp
import pytest
from aiohttp import web

from bot import installation
from bot.app import build
from bot.config import parse_config
from bot.errors import PortBusyError
from bot.parts import Part
from bot.sandbox.model import Act, Platform
from bot.sandbox.sandbox import Sandbox
from bot.server import application, listen, port_of
from bot.services import load_services
from bot.trace import EvidenceTrace
from storage import tables
from tests.bot.oauth import OAuth
from tests.bot.process import QUESTION, Process, Start, post
from tests.bot.support import (
    LANH,
    UNIT,
    document,
    eventually,
    facebook_section,
    platforms,
    zalo_section,
)

STOP_SECONDS = 10.0


async def test_a_question_is_answered_on_the_real_road(
    start: Start, sandbox: tuple[Sandbox, str]
) -> None:
    """From the webhook to the citizen's phone, with everything as it is wired."""
    platform, _ = sandbox
    process = await start()
    platform.service_url = process.url
    for channel in Platform:
        platform.act(channel, LANH.user_id(channel), Act(text=QUESTION))
    await eventually(lambda: len(platform.record.sent()) >= 2, 15)
    await eventually(process.is_settled)

    users = {one.user_id for one in platform.record.sent()}
    assert users == {LANH.zalo_id, LANH.facebook_id}
    assert {row["state"] for row in await process.rows(tables.outbox)} == {"accepted"}


async def test_a_stop_under_load_is_quick_and_loses_nothing(
    start: Start, sandbox: tuple[Sandbox, str]
) -> None:
    """Stopped in the middle of a rush: what was acknowledged is answered, once."""
    platform, _ = sandbox
    process = await start()
    calls = [asyncio.create_task(post(process.url, n)) for n in range(120)]
    await eventually(lambda: len(platform.record.sent()) >= 5, 15)

    began = asyncio.get_running_loop().time()
    await process.stop()
    assert asyncio.get_running_loop().time() - began < STOP_SECONDS
    statuses = await asyncio.gather(*calls)

    after = await start()
    await eventually(after.is_settled, 20)
    events = await after.rows(tables.inbox_event)
    sends = await after.rows(tables.outbox)
    assert len(events) >= statuses.count(200) > 0
    assert {row["state"] for row in sends} == {"accepted"}
    assert len(platform.record.sent()) == len(sends)
    asked = {one.user_id for one in platform.record.sent()}
    answered = {n for n, status in enumerate(statuses) if status == 200}
    assert {str(9_007_199_254_740_993 + n) for n in answered} <= asked


async def test_a_stop_keeps_the_token_that_is_being_renewed(
    start: Start, sandbox: tuple[Sandbox, str], oauth: OAuth, tmp_path: Path
) -> None:
    """A renewal under way at the stop reaches the disk: no consent is lost."""
    _, base = sandbox
    settings = platforms()
    gate, reached = asyncio.Event(), asyncio.Event()

    async def hold() -> None:
        reached.set()
        await gate.wait()

    oauth.during = hold
    channels = {
        "zalo": zalo_section(
            settings.zalo, base, refresh_token="seed-1", oauth_base=oauth.url
        ),
        "facebook": facebook_section(settings.facebook, base),
    }
    units = {UNIT: {"name": "xã Thanh Hà", "channels": channels}}
    raw = document(settings, base) | {"units": units}
    config = parse_config(raw, {}, tmp_path)
    process = await start(config)
    await asyncio.wait_for(reached.wait(), 5)
    stopping = asyncio.create_task(process.stop())
    for _ in range(10):
        await asyncio.sleep(0)
    gate.set()
    await asyncio.wait_for(stopping, STOP_SECONDS)

    again = await start(config)
    assert len(await again.rows(tables.token)) == 1
    assert await again.rows(tables.token_intent) == []
    assert await again.service.keepers[UNIT].access() == "access-1"
    assert oauth.calls == ["seed-1"]


async def test_a_part_that_dies_ends_the_process(start: Start) -> None:
    """A loop that ends by an error makes the process ask for its end."""
    process = await start()
    assert not process.service.failed.is_set()

    async def die() -> None:
        raise KeyError("x")

    process.service._keep(process.service._watching, "part", die())
    await asyncio.wait_for(process.service.failed.wait(), 2)
    assert process.service.has_failed


async def test_the_page_gets_its_greeting_and_menu(
    start: Start, sandbox: tuple[Sandbox, str]
) -> None:
    """The profile of the page is set in the commune's words."""
    platform, _ = sandbox
    process = await start()
    await process.service.set_profiles()

    assert {"get_started", "greeting", "persistent_menu"} <= platform.profile.keys()
    assert "Thanh Hà" in str(platform.profile["greeting"])


async def test_the_trace_tells_the_five_steps(
    start: Start,
) -> None:
    """Asked with the platform's id, the evidence tells what became of a message."""
    process = await start()
    await post(process.url, 1)
    await eventually(process.is_settled, 15)
    ring = installation.read_ring(process.service.config)
    trace = EvidenceTrace(process.service.database, ring, [UNIT])
    steps = await trace.steps("zalo", "m1")

    names = [step["step"] for step in steps]
    assert names[0] == "received"
    assert {"received", "understood", "sent", "evidenced"} <= set(names)
    assert len(steps[-1]["data"]["leaf_sha256"]) == 64
    assert QUESTION not in str(steps)
    assert await trace.steps("zalo", "never") == []
    assert await trace.steps("facebook", "m1") == []


async def test_a_broken_page_answers_politely(start: Start) -> None:
    """An error nobody planned for is a 500 in Vietnamese without a traceback."""
    process = await start()

    async def broken(_request: web.Request) -> web.Response:
        raise KeyError("chữ của người dân")

    def extend(app: web.Application) -> None:
        app.router.add_get("/broken", broken)

    app = application(process.service, extend)
    runner = await listen(app, "127.0.0.1", 0)
    try:
        url = f"http://127.0.0.1:{port_of(runner)}"
        async with aiohttp.ClientSession() as session:
            async with session.get(f"{url}/broken") as answer:
                text = str(await answer.json())
                assert answer.status == 500
            async with session.get(f"{url}/nowhere") as answer:
                assert answer.status == 404
    finally:
        await runner.cleanup()
    assert "Dạ, xin lỗi" in text
    assert "người dân" not in text
    assert "KeyError" not in text


async def test_a_busy_port_is_told() -> None:
    """A port that is taken, or an address that is not ours, is one sentence."""
    first = await listen(web.Application(), "127.0.0.1", 0)
    try:
        with pytest.raises(PortBusyError, match="đang có chương trình dùng"):
            await listen(web.Application(), "127.0.0.1", port_of(first))
        with pytest.raises(PortBusyError, match="Không mở được cổng"):
            await listen(web.Application(), "192.0.2.1", 0)
    finally:
        await first.cleanup()


async def test_without_workers_messages_are_only_kept(
    start: Start,
) -> None:
    """A process that only takes in acknowledges and leaves the work to others."""
    process = await start()
    await process.stop()
    config = process.service.config
    async with installation.open_installation(config, exclusive=True) as opened:
        services = await load_services(config, opened.database, opened.clock)
        service = build(opened, services)
        await service.start({Part.DOOR})
        runner = await listen(application(service), "127.0.0.1", 0)
        only = Process(service, runner)
        assert await post(only.url, 7) == 200
        (event,) = await only.rows(tables.inbox_event)
        assert event["state"] == "received"
        await only.stop()
