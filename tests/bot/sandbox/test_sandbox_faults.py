"""Does each misfortune strike as it should, and only then?"""

from __future__ import annotations

import asyncio
from typing import Any

import aiohttp
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.sandbox.errors import SandboxConfigError
from bot.sandbox.faults import Fault, Faults
from bot.sandbox.model import FaultRule, Platform, ZaloAccount
from tests.bot.sandbox.support import ACCESS, LANH, Start, World

ZALO, FACEBOOK = Platform.ZALO, Platform.FACEBOOK


def test_switched_on_strikes_always() -> None:
    """A fault that is on strikes every call, until it is cleared."""
    faults = Faults({"slow": FaultRule(on=True)}, seed=1)
    struck = [faults.fires(Fault.SLOW, ZALO) for _ in range(3)]
    faults.clear()

    assert struck == [True, True, True]
    assert not faults.fires(Fault.SLOW, ZALO)


@given(st.integers(1, 20))
def test_counted_strikes_that_often(calls: int) -> None:
    """A fault for the next N calls strikes N times, then rests."""
    faults = Faults({"slow": FaultRule(next_calls=calls)}, seed=1)
    struck = [faults.fires(Fault.SLOW, ZALO) for _ in range(calls + 3)]

    assert [True] * calls + [False] * 3 == struck
    assert calls == faults.fired["slow"]


def test_chance_repeats_with_its_seed() -> None:
    """The same seed gives the same strikes, about as many as told."""
    rule = {"slow": FaultRule(probability=0.3)}
    first, second = Faults(rule, seed=7), Faults(rule, seed=7)
    struck = [first.fires(Fault.SLOW, ZALO) for _ in range(1000)]

    assert struck == [second.fires(Fault.SLOW, ZALO) for _ in range(1000)]
    assert 250 < sum(struck) < 350


def test_one_platform_only() -> None:
    """A fault of one platform spares the other and is not used up there."""
    faults = Faults({"slow": FaultRule(next_calls=1, channel="zalo")}, seed=1)

    assert not faults.fires(Fault.SLOW, FACEBOOK)
    assert faults.fires(Fault.SLOW, ZALO)


def test_counted_and_on_stays_on() -> None:
    """After its counted calls a rule that is also on goes on."""
    faults = Faults({"slow": FaultRule(on=True, next_calls=1)}, seed=1)

    assert [faults.fires(Fault.SLOW, ZALO) for _ in "ab"] == [True, True]


def test_unknown_faults_are_refused() -> None:
    """A fault nobody knows is named."""
    with pytest.raises(SandboxConfigError, match=r"faults\.flood"):
        Faults({"flood": FaultRule(on=True)}, seed=1)


ONCE = {"next_calls": 1}


async def _heard(world: World) -> None:
    """Both platforms have heard from bà Lành."""
    await world.writes("zalo", text="xin chào")
    await world.writes("facebook", text="xin chào")


async def test_rate_limit_strikes_both(world: World) -> None:
    """Zalo says -32 in HTTP 200, Facebook 613 in HTTP 429 with Retry-After."""
    await _heard(world)
    await world.weather(rate_limit={"next_calls": 2})
    zalo = await world.zalo_text("a")
    status, graph = await world.graph_text("a")
    again = [(await world.zalo_text("a"))["error"], (await world.graph_text("a"))[0]]

    assert zalo["error"] == -32
    assert (status, graph["error"]["code"]) == (429, 613)
    assert again == [0, 200]


async def test_server_error_strikes_both(world: World) -> None:
    """A server error is 503 with a page at Zalo, 500 with code 2 at Facebook."""
    await _heard(world)
    await world.weather(server_error={"next_calls": 2})
    url = world.server.make_url("/v3.0/oa/message/cs")
    async with world.http.post(url, json={}) as answer:
        zalo = answer.status, answer.content_type
    status, graph = await world.graph_text("a")

    assert zalo == (503, "text/html")
    assert (status, graph["error"]["code"]) == (500, 2)
    assert (await world.api("sent"))["sent"] == []


async def test_token_calls_fail_too(world: World) -> None:
    """The token call of Zalo meets server errors as well."""
    await world.weather(server_error=ONCE)
    url = world.server.make_url("/v4/oa/access_token")
    async with world.http.post(url, data={}) as answer:
        assert answer.status == 503


async def test_expired_token_is_healed_by_a_refresh(world: World) -> None:
    """At Zalo the token dies until a refresh; at Facebook one call is refused."""
    await _heard(world)
    await world.weather(expired_token={"next_calls": 1})
    codes = [(await world.zalo_text("a"))["error"] for _ in "ab"]
    account = world.sandbox.config.zalo
    form = {
        "app_id": account.app_id,
        "grant_type": "refresh_token",
        "refresh_token": account.refresh_token,
    }
    url = world.server.make_url("/v4/oa/access_token")
    headers = {"secret_key": account.app_secret}
    async with world.http.post(url, data=form, headers=headers) as answer:
        fresh = (await answer.json())["access_token"]
    body = {"recipient": {"user_id": LANH["zalo"]}, "message": {"text": "a"}}
    healed = await world.zalo("/v3.0/oa/message/cs", body, token=fresh)
    await world.weather(expired_token=ONCE)
    graph = [(await world.graph_text("a"))[0] for _ in "ab"]

    assert codes == [-220, -220]
    assert healed["error"] == 0
    assert graph == [401, 200]


async def test_accepted_then_dropped_is_recorded(world: World) -> None:
    """The connection ends without an answer, but the message was taken."""
    await _heard(world)
    await world.weather(accept_then_drop={"next_calls": 2})
    with pytest.raises(aiohttp.ClientError):
        await world.zalo_text("Dạ, một")
    with pytest.raises(aiohttp.ClientError):
        await world.graph_text("Dạ, hai")
    sent = (await world.api("sent"))["sent"]

    assert [(one["channel"], one["dropped"]) for one in sent] == [
        ("zalo", True),
        ("facebook", True),
    ]


async def test_slow_answers_are_late_but_right(world: World) -> None:
    """A slow platform takes the message at once and answers after its seconds."""
    await _heard(world)
    await world.weather(slow={"next_calls": 1, "seconds": 7.5})
    answer = await world.zalo_text("a")

    assert answer["error"] == 0
    assert world.sleeper.slept == [7.5]


async def test_duplicates_arrive_twice(world: World) -> None:
    """A doubled event has the same bytes and the same signature."""
    await world.weather(duplicates=ONCE)
    await world.writes("zalo", text="một")
    await world.writes("zalo", text="hai")
    bodies = [hook.body for hook in world.service.hooks]

    assert len(bodies) == 3
    assert bodies[0] == bodies[1] != bodies[2]


async def test_reordered_events_are_overtaken(world: World) -> None:
    """The held event arrives right after the next one; none is lost."""
    gate = Gate(world)
    await world.weather(reorder=ONCE)
    for text in ("một", "hai", "ba"):
        await world.writes("zalo", text=text)
    texts = [h.json()["message"]["text"] for h in world.service.hooks]

    assert texts == ["hai", "một", "ba"]
    gate.open()


class Gate:
    """Replaces the sandbox's sleep by one that waits for the test."""

    def __init__(self, world: World) -> None:
        self._event = asyncio.Event()
        world.sandbox.poster._sleep = self._wait

    async def _wait(self, seconds: float) -> None:
        del seconds
        await self._event.wait()

    def open(self) -> None:
        """Let everybody sleep to the end."""
        self._event.set()


async def test_a_held_event_that_nobody_overtakes(world: World) -> None:
    """If nothing follows, the held event arrives late."""
    await world.weather(reorder=ONCE)
    await world.writes("zalo", text="một")
    await world.sandbox.poster.done()

    assert world.service.hooks[0].json()["message"]["text"] == "một"
    assert world.sleeper.slept == [1.0]


async def test_weather_is_checked(world: World) -> None:
    """Unknown faults and odd rules are refused with a reason."""
    rules: list[dict[str, Any]] = [
        {"flood": {"on": True}},
        {"slow": {"on": "maybe"}},
        {"slow": {"often": 1}},
    ]
    found = [await world.api("faults", rule) for rule in rules]

    assert [one["error"] for one in found] == ["SandboxConfigError"] * 3


async def test_faults_from_the_configuration(start: Start) -> None:
    """A sandbox may begin in bad weather."""
    world = await start(
        zalo=ZaloAccount(access_token=ACCESS),
        faults={"rate_limit": FaultRule(on=True, channel="zalo")},
    )
    await _heard(world)

    assert (await world.zalo_text("a"))["error"] == -32
    assert (await world.graph_text("a"))[0] == 200
    assert (await world.api("stats"))["faults"] == {"rate_limit": 1}
