"""How are webhooks handed over, repeated, and given up?"""

from __future__ import annotations

import asyncio
from collections import Counter

import pytest

from bot.sandbox.delivery import LADDERS, Attempt, Poster
from bot.sandbox.faults import Faults
from bot.sandbox.model import Platform, SandboxConfig
from bot.sandbox.webhook import zalo_event
from tests.bot.sandbox.support import LANH, Start, World

BAD = [500] * 6


async def test_zalo_repeats_with_num_retry(world: World) -> None:
    """After a failure the same bytes come again, numbered, on Zalo's ladder."""
    world.service.statuses[:] = [500, 503]
    await world.writes("zalo", text="xin chào")
    await world.sandbox.poster.done()
    hooks = world.service.hooks
    thread = await world.api(f"threads/zalo/{LANH['zalo']}")
    state, attempts = (thread["messages"][0][k] for k in ("state", "attempts"))

    assert [h.headers.get("num_retry") for h in hooks] == [None, "1", "2"]
    assert len({h.body for h in hooks}) == 1
    assert world.sleeper.slept == [0.5, 5.0]
    assert state == "delivered"
    assert [one["status"] for one in attempts] == [500, 503, 200]


@pytest.mark.parametrize("channel", ["zalo", "facebook"])
async def test_after_the_ladder_the_app_is_unsubscribed(
    world: World, channel: str
) -> None:
    """Who never answers gets nothing more, until somebody switches it on again."""
    world.service.statuses[:] = BAD
    await world.writes(channel, text="một")
    await world.sandbox.poster.done()
    await world.writes(channel, text="hai")
    stats = await world.api("stats")
    await world.api("webhooks", {})
    await world.writes(channel, text="ba")
    thread = await world.api(f"threads/{channel}/{LANH[channel]}")

    assert len(world.service.hooks) == 7
    assert [channel] == stats["disabled"]
    assert [one["state"] for one in thread["messages"]] == [
        "failed",
        "failed",
        "delivered",
    ]


async def test_facebook_says_so_and_lets_subscribe(world: World) -> None:
    """``subscribed_apps`` is empty after the fall, and a POST subscribes again."""
    world.sandbox.poster.disabled.add(Platform.FACEBOOK)
    page = world.sandbox.config.facebook
    url = world.server.make_url(f"/v25.0/{page.page_id}/subscribed_apps")
    query = {"access_token": page.page_access_token}
    async with world.http.get(url, params=query) as answer:
        before = (await answer.json())["data"]
    status, _ = await world.graph(f"{page.page_id}/subscribed_apps", {})

    assert before == []
    assert status == 200
    assert not world.sandbox.poster.disabled


def test_ladders_are_the_documented_ones() -> None:
    """Zalo's steps are 30 s, 5, 15, 30 and 60 min; Facebook's sum to an hour."""
    assert LADDERS[Platform.ZALO] == (30, 300, 900, 1800, 3600)
    assert sum(LADDERS[Platform.FACEBOOK]) == 3600


async def test_one_citizen_in_order(world: World) -> None:
    """The events of one citizen arrive in the order of their acts."""
    told = {"channel": "facebook", "user": LANH["facebook"]}
    for number in range(20):
        await world.api("send", told | {"text": str(number)})
    await world.sandbox.poster.idle()
    texts = [
        h.json()["entry"][0]["messaging"][0]["message"]["text"]
        for h in world.service.hooks
    ]

    assert [str(n) for n in range(20)] == texts


async def test_a_dead_service_is_an_attempt(start: Start) -> None:
    """A service that is not there is a failed try with a reason, not a crash."""
    world = await start()
    await world.service_server.close()
    await world.writes("zalo", text="xin chào")
    thread = await world.api(f"threads/zalo/{LANH['zalo']}")
    first = thread["messages"][0]["attempts"][0]

    assert (first["status"], first["error"]) == (0, "ClientConnectorError")


async def test_a_poster_that_is_not_open() -> None:
    """Before it starts, a poster reports failed tries."""
    seen: list[Attempt] = []
    config = SandboxConfig("http://127.0.0.1:1")

    async def forever(seconds: float) -> None:
        del seconds
        await asyncio.Event().wait()

    poster = Poster(config, lambda: "", Faults({}, 1), Counter(), forever)
    request = zalo_event(config, LANH["zalo"], "a")
    poster.post(Platform.ZALO, "a", request, lambda one, _: seen.append(one))
    await poster.idle()
    await poster.close()

    assert [one.error for one in seen] == ["ClientConnectionError"]


async def test_echo_and_receipts_of_zalo(start: Start) -> None:
    """After a send come the echo without admin, delivery and reading, swapped."""
    world = await start(echoes=True, receipts=True)
    await world.writes("zalo", text="xin chào")
    answer = await world.zalo_text("Dạ, xin chào ạ")
    await world.sandbox.poster.idle()
    message_id = answer["data"]["message_id"]
    (echo,) = world.service.named("oa_send_text")
    (got,) = world.service.named("user_received_message")
    (seen,) = world.service.named("user_seen_message")
    oa = world.sandbox.config.zalo.oa_id
    thread = await world.api(f"threads/zalo/{LANH['zalo']}")

    assert {"id": oa} == echo["sender"]
    assert message_id == echo["message"]["msg_id"] == got["message"]["msg_id"]
    assert [message_id] == seen["message"]["msg_ids"]
    assert [(oa, LANH["zalo"])] * 3 == [
        (one["sender"]["id"], one["recipient"]["id"]) for one in (echo, got, seen)
    ]
    assert [one["state"] for one in thread["messages"]] == ["seen", "seen"]


async def test_echo_and_receipts_of_facebook(start: Start) -> None:
    """After a send come our echo with app id and metadata, delivery and reading."""
    world = await start(echoes=True, receipts=True)
    await world.writes("facebook", text="xin chào")
    message = {"text": "Dạ, xin chào ạ", "metadata": "tt:7"}
    body = {"recipient": {"id": LANH["facebook"]}, "message": message}
    _, answer = await world.graph("me/messages", body)
    await world.sandbox.poster.idle()
    items = [h.json()["entry"][0]["messaging"][0] for h in world.service.hooks[1:]]
    echo = items[0]["message"]
    app_id = int(world.sandbox.config.facebook.app_id)

    assert (True, app_id, "tt:7") == tuple(
        echo[k] for k in ("is_echo", "app_id", "metadata")
    )
    assert [answer["message_id"]] == items[1]["delivery"]["mids"]
    assert items[2]["read"]["watermark"] >= items[1]["timestamp"]
