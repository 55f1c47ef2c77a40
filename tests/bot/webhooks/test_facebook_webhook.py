"""Does only what Meta signed get in, and every entry of it to its own unit?"""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest

from bot.sandbox.model import FacebookAccount, JsonObject, SignedRequest
from bot.sandbox.webhook import (
    facebook_dashboard_test,
    facebook_event,
    facebook_verify_path,
    sign_facebook,
)
from storage import tables
from storage.sqlite import SqliteDatabase
from tests.bot.conftest import Build
from tests.bot.support import (
    LANH,
    MUOI,
    UNIT,
    Road,
    World,
    eventually,
    facebook_section,
)

USER = LANH.facebook_id


@pytest.fixture
async def door(road: Road) -> Road:
    """A road that only takes in."""
    await road.start("ingest")
    return road


def text(mid: str, user: str = USER, at_ms: int = 0, **more: Any) -> JsonObject:
    """Return an item with a text."""
    message = {"mid": mid, "text": "xin chào", **more}
    return {"sender": {"id": user}, "timestamp": at_ms, "message": message}


def batch(world: World, *entries: JsonObject) -> SignedRequest:
    """Return a signed body with these entries."""
    return sign_facebook(world.settings, {"object": "page", "entry": list(entries)})


def entry(page: str, *items: JsonObject, area: str = "messaging") -> JsonObject:
    """Return one entry of a page."""
    return {"id": page, "time": 1, area: list(items)}


async def is_empty(road: Road) -> bool:
    """Whether nothing at all was kept."""
    found = (await road.events(), await road.rows(tables.inbox_body))
    return not any(found)


async def get(road: Road, path: str) -> tuple[int, str]:
    """GET a path of the service."""
    async with road.session.get(road.server.make_url(path)) as answer:
        return answer.status, await answer.text()


async def test_the_handshake_echoes_the_challenge(door: Road, world: World) -> None:
    """With our verify token the challenge comes back as plain text."""
    path = facebook_verify_path(world.settings, "1158201444")

    assert await get(door, path) == (200, "1158201444")


@pytest.mark.parametrize(
    "query",
    [
        "hub.mode=subscribe&hub.challenge=1&hub.verify_token=wrong",
        "hub.mode=subscribe&hub.challenge=1",
        "hub.mode=subscribe&hub.challenge=1&hub.verify_token=%FF%C3%A9",
        "hub.challenge=1&hub.verify_token=sandbox-facebook-verify",
        "",
    ],
)
async def test_a_wrong_handshake_is_refused(door: Road, query: str) -> None:
    """Without the right token and mode nobody subscribes; the try is counted."""
    status, body = await get(door, f"/webhooks/facebook?{query}")

    assert (status, "1" in body) == (403, False)
    assert await door.security_counts() == {("-", "facebook_bad_verify_token"): 1}


async def test_a_signed_text_is_stored(door: Road, world: World) -> None:
    """A signed text is kept under its unit."""
    request = facebook_event(world.settings, USER, "chào", at_ms=world.clock.now_ms())

    assert await door.post(request) == 200
    (row,) = await door.events()
    assert (row["unit_id"], row["channel"], row["state"]) == (
        UNIT,
        "facebook",
        "received",
    )


@pytest.mark.parametrize(
    "header", ["", "sha256=" + "0" * 64, "sha1=" + "0" * 40, "sha256=", "é" * 64]
)
async def test_a_bad_signature_leaves_only_a_count(
    door: Road, world: World, header: str
) -> None:
    """A wrong, missing or old-fashioned signature is refused and counted."""
    request = facebook_event(world.settings, USER, "chào")
    request.headers["X-Hub-Signature-256"] = header

    assert await door.post(request) == 403
    assert await is_empty(door)
    kind = "facebook_bad_signature" if header else "facebook_no_signature"
    assert await door.security_counts() == {("-", kind): 1}


async def test_the_dashboards_test_is_answered(door: Road, world: World) -> None:
    """The signed sample of the dashboard gets 200 and is not kept."""
    assert await door.post(facebook_dashboard_test(world.settings)) == 200
    assert await is_empty(door)


async def test_an_unsigned_dashboard_test_is_refused(door: Road, world: World) -> None:
    """The sample's shape is no way around the signature."""
    request = facebook_dashboard_test(world.settings)
    request.headers.pop("X-Hub-Signature-256")

    assert await door.post(request) == 403


@pytest.mark.parametrize(
    "document", [{"object": "page"}, {"entry": []}, {"object": "page", "entry": 3}]
)
async def test_a_signed_body_without_entries_is_called_broken(
    door: Road, world: World, document: JsonObject
) -> None:
    """A signed object that is no batch gets 400."""
    assert await door.post(sign_facebook(world.settings, document)) == 400
    assert await is_empty(door)


async def test_a_signed_body_that_is_no_json_is_called_broken(
    door: Road, world: World
) -> None:
    """Signed bytes that are no JSON object get 400."""
    number: Any = 7
    assert await door.post(sign_facebook(world.settings, number)) == 400
    assert await is_empty(door)


async def test_a_body_of_a_megabyte_is_too_large(door: Road, world: World) -> None:
    """A megabyte is refused although it is signed."""
    request = sign_facebook(world.settings, {"entry": "x" * 1_048_576})

    assert await door.post(request) == 413
    assert await is_empty(door)


async def test_an_unknown_page_is_counted_only(door: Road, world: World) -> None:
    """A signed event of a page we do not serve gets 200 and is not kept."""
    assert await door.post(batch(world, entry("999", text("m_1")))) == 200
    assert await is_empty(door)
    label = ("facebook", "unknown_page")
    assert door.metrics.webhooks.labels(*label)._value.get() == 1


async def test_every_entry_of_a_batch_is_handled(road: Road, world: World) -> None:
    """All items of all entries are handled, unknown and broken ones are skipped."""
    page, now = world.settings.facebook.page_id, world.clock.now_ms()
    await road.start("ingest", "dispatcher")
    request = batch(
        world,
        entry(
            page, text("m_1", at_ms=now), {"nobody": "knows"}, text("m_2", at_ms=now)
        ),
        {"id": page, "time": 1},
        entry(page, {"field": "feed", "value": {"item": "post"}}, area="changes"),
        entry(page, text("m_3", MUOI.facebook_id, at_ms=now)),
        entry(page, text("m_4", at_ms=now), area="standby"),
    )

    assert await road.post(request) == 200
    await eventually(road.is_inbox_done)

    rows = await road.events()
    assert len(rows) == 7
    assert {row["state"] for row in rows} == {"done"}
    tags = [tag for row in rows for tag in await road.tags(row["event_id"])]
    assert tags.count("citizen:message:received") == 4
    assert tags.count("bot:message:skipped") == 3
    assert len(await road.outbox()) == 3


async def test_a_message_told_twice_in_one_post_is_one_message(
    door: Road, world: World
) -> None:
    """The same mid twice in one batch, and again in another, is stored once."""
    page = world.settings.facebook.page_id
    twice = batch(world, entry(page, text("m_1")), entry(page, text("m_1")))
    again = batch(world, entry(page, text("m_1"), text("m_2")))

    assert await door.post(twice) == 200
    assert await door.post(twice) == 200
    assert await door.post(again) == 200
    assert len(await door.events()) == 2


def two_units(world: World, *, secret: str) -> dict[str, Any]:
    """Return two communes: the sandbox's page, and one of another app."""
    account = world.settings.facebook
    other = facebook_section(account, world.base, page_id="222", app_secret=secret)
    return {
        "xa-mot": {
            "name": "xã Một",
            "channels": {"facebook": facebook_section(account, world.base)},
        },
        "xa-hai": {"name": "xã Hai", "channels": {"facebook": other}},
    }


async def test_a_page_of_another_app_is_refused_while_its_neighbour_is_stored(
    build: Build, world: World, sqlite_database: SqliteDatabase
) -> None:
    """One app's secret never speaks for another app's page, even in one batch."""
    road = await build(sqlite_database, units=two_units(world, secret="another"))
    await road.start("ingest")
    own = world.settings.facebook.page_id

    mixed = batch(world, entry("222", text("m_1")), entry(own, text("m_2")))
    assert await road.post(mixed) == 200

    assert [row["unit_id"] for row in await road.events()] == ["xa-mot"]
    counts = await road.security_counts()
    assert counts == {("xa-hai", "facebook_foreign_secret"): 1}


async def test_only_a_foreign_page_is_refused_outright(
    build: Build, world: World, sqlite_database: SqliteDatabase
) -> None:
    """A batch that is only about another app's page is not acknowledged."""
    road = await build(sqlite_database, units=two_units(world, secret="another"))
    await road.start("ingest")

    assert await road.post(batch(world, entry("222", text("m_1")))) == 403
    assert await is_empty(road)


async def test_each_app_signs_for_its_own_page(
    build: Build, world: World, sqlite_database: SqliteDatabase
) -> None:
    """The second app's own secret opens its own page only."""
    road = await build(sqlite_database, units=two_units(world, secret="another"))
    await road.start("ingest")
    account = FacebookAccount(app_secret="another")
    other = replace(world.settings, facebook=account)
    own = world.settings.facebook.page_id
    body = {"object": "page", "entry": [entry("222", text("m_1"))]}
    foreign = {"object": "page", "entry": [entry(own, text("m_2"))]}

    assert await road.post(sign_facebook(other, body)) == 200
    assert await road.post(sign_facebook(other, foreign)) == 403
    assert [row["unit_id"] for row in await road.events()] == ["xa-hai"]


async def test_one_batch_for_two_units_of_one_app_is_split(
    build: Build, world: World, sqlite_database: SqliteDatabase
) -> None:
    """Pages of one app may share a batch; each unit gets its own events."""
    secret = world.settings.facebook.app_secret
    road = await build(sqlite_database, units=two_units(world, secret=secret))
    await road.start("ingest")
    own = world.settings.facebook.page_id

    mixed = batch(world, entry("222", text("m_1")), entry(own, text("m_2")))
    assert await road.post(mixed) == 200
    units = sorted(row["unit_id"] for row in await road.events())
    assert units == ["xa-hai", "xa-mot"]


async def test_feed_changes_count_in_seconds(door: Road, world: World) -> None:
    """An entry of the feed tells seconds; the stored time is not in 1970."""
    page, now = world.settings.facebook.page_id, world.clock.now_ms()
    change = {"field": "feed", "value": {"item": "comment", "comment_id": "1_2"}}
    told = {"id": page, "time": now // 1000 - 60, "changes": [change]}

    assert await door.post(batch(world, told)) == 200
    (row,) = await door.events()
    assert row["platform_at"] == now - 60_000


async def test_the_bytes_that_were_signed_are_the_bytes_that_are_kept(
    door: Road, world: World
) -> None:
    """The sealed body opens to exactly the received bytes, headers before them."""
    request = facebook_event(world.settings, USER, "tiếng Việt")
    assert await door.post(request) == 200

    (row,) = await door.rows(tables.inbox_body)
    box = door.day_keys.box(UNIT, row["day"])
    assert box is not None
    head, _, body = box.open(row["sealed"], f"body:{UNIT}:{row['body_id']}").partition(
        b"\n"
    )
    assert body == request.body
    signature = request.headers["X-Hub-Signature-256"]
    assert json.loads(head)["X-Hub-Signature-256"] == signature
