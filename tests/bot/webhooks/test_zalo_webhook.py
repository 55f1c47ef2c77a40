"""Does only what Zalo signed get in, and does all of it get to its unit?"""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest

from bot.sandbox.model import Act, ActKind, SandboxConfig, SignedRequest, ZaloAccount
from bot.sandbox.webhook import sign_zalo, zalo_event, zalo_url_check
from storage import tables
from storage.sqlite import SqliteDatabase
from tests.bot.conftest import Build, StartWorld
from tests.bot.support import (
    LANH,
    UNIT,
    Road,
    World,
    eventually,
    platforms,
    zalo_section,
)

USER = LANH.zalo_id


@pytest.fixture
async def door(road: Road) -> Road:
    """A road that only takes in."""
    await road.start("ingest")
    return road


def event(world: World, text: str = "xin chào", **changes: Any) -> SignedRequest:
    """Return a signed text of bà Lành, with fields changed before signing."""
    plain = zalo_event(world.settings, USER, text, at_ms=world.clock.now_ms())
    return sign_zalo(world.settings, json.loads(plain.body) | changes)


def without(request: SignedRequest, header: str) -> SignedRequest:
    """Return the request without one header."""
    kept = {k: v for k, v in request.headers.items() if k != header}
    return replace(request, headers=kept)


async def stored(road: Road) -> int:
    """Count what is stored of events, bodies and people."""
    found = [
        await road.rows(table)
        for table in (tables.inbox_event, tables.inbox_body, tables.person)
    ]
    return sum(len(rows) for rows in found)


async def test_a_signed_text_is_stored_once_and_sealed(
    door: Road, world: World
) -> None:
    """A signed text is kept, and none of its words can be read in the database."""
    assert await door.post(event(world, "MẬT-KHẨU")) == 200

    (row,) = await door.events()
    (body,) = await door.rows(tables.inbox_body)
    assert (row["unit_id"], row["channel"], row["state"]) == (UNIT, "zalo", "received")
    assert "MẬT-KHẨU".encode() not in body["sealed"]
    assert USER.encode() not in body["sealed"]
    assert USER not in row["lane"]


@pytest.mark.parametrize(
    "header", ["mac=" + "0" * 64, "mac=", "0" * 63, "mac=zz", "sha256=" + "0" * 64]
)
async def test_a_wrong_signature_leaves_only_a_count(
    door: Road, world: World, header: str
) -> None:
    """A wrong signature is refused; nothing but a counter of its unit remains."""
    wrong = event(world)
    wrong.headers["X-ZEvent-Signature"] = header

    assert await door.post(wrong) == 403
    assert await stored(door) == 0
    assert await door.security_counts() == {(UNIT, "zalo_bad_signature"): 1}


async def test_a_changed_byte_breaks_the_signature(door: Road, world: World) -> None:
    """One byte changed on the way is enough for a refusal."""
    good = event(world, "xin chào")
    changed = replace(good, body=good.body.replace(b"xin", b"xim"))

    assert await door.post(changed) == 403
    assert await stored(door) == 0


async def test_an_unsigned_event_is_refused(door: Road, world: World) -> None:
    """An event without a signature is refused and counted as such."""
    unsigned = without(event(world), "X-ZEvent-Signature")

    assert await door.post(unsigned) == 403
    assert await stored(door) == 0
    assert await door.security_counts() == {(UNIT, "zalo_no_signature"): 1}


async def test_the_secret_of_another_app_does_not_open_this_one(
    door: Road, world: World
) -> None:
    """An event of our OA signed with a secret that is not its own is refused."""
    other = replace(world.settings, zalo=ZaloAccount(oa_secret_key="another"))
    forged = sign_zalo(other, json.loads(event(world).body))

    assert await door.post(forged) == 403
    assert await stored(door) == 0


async def test_an_event_that_names_another_app_is_refused(
    door: Road, world: World
) -> None:
    """A body whose app_id is not the configured one is refused, however signed."""
    assert await door.post(event(world, app_id="1234567890")) == 403
    assert await stored(door) == 0


async def test_the_url_check_is_answered_and_leaves_nothing(
    door: Road, world: World
) -> None:
    """The console's unsigned probe gets 200 and has no effect at all."""
    assert await door.post(zalo_url_check(world.settings)) == 200
    assert await stored(door) == 0
    assert await door.security_counts() == {}


@pytest.mark.parametrize(
    "body",
    [b"", b"{", b"[]", b"null", b"\xff\xfe", b'{"event_name":' + b"[" * 5000],
)
async def test_a_broken_body_is_called_broken(
    door: Road, world: World, body: bytes
) -> None:
    """What is no JSON object gets 400 and is not kept."""
    request = replace(event(world), body=body)

    assert await door.post(request) == 400
    assert await stored(door) == 0


async def test_a_body_of_a_megabyte_is_too_large(door: Road, world: World) -> None:
    """A megabyte is refused before anything is computed over it."""
    request = replace(event(world), body=b"{" + b" " * 1_048_576)

    assert await door.post(request) == 413
    assert await stored(door) == 0


async def test_a_broken_compression_is_no_fault_of_ours(
    door: Road, world: World
) -> None:
    """A body that is not what its Content-Encoding says gets a 4xx."""
    status = await door.post(event(world), **{"Content-Encoding": "gzip"})

    assert 400 <= status < 500
    assert await stored(door) == 0


async def test_an_event_of_an_unknown_oa_is_counted_only(
    door: Road, world: World
) -> None:
    """A signed event of an OA we do not serve gets 200 and is not kept."""
    request = event(world, recipient={"id": "9999999999999999999"})

    assert await door.post(request) == 200
    assert await stored(door) == 0
    label = ("zalo", "unknown_account")
    assert door.metrics.webhooks.labels(*label)._value.get() == 1


async def test_a_delivery_that_comes_again_is_stored_once(
    door: Road, world: World
) -> None:
    """Zalo's retry of the same body is acknowledged and changes nothing."""
    request = event(world)

    assert await door.post(request) == 200
    assert await door.post(request, num_retry="1") == 200
    assert await door.post(request, num_retry="2") == 200

    assert len(await door.events()) == 1
    assert len(await door.rows(tables.inbox_body)) == 1


@pytest.mark.parametrize("name", ["user_send_group_text", "no_such_event", "", "{}"])
async def test_an_unknown_event_is_stored_and_skipped(
    road: Road, world: World, name: str
) -> None:
    """An event nobody knows is kept, marked done, evidenced, and starts no file."""
    await road.start("ingest", "dispatcher")

    assert await road.post(event(world, event_name=name)) == 200
    await eventually(road.is_inbox_done)

    (row,) = await road.events()
    assert await road.tags(row["event_id"]) == ["bot:message:skipped"]
    assert await road.rows(tables.person) == []


@pytest.mark.parametrize(
    ("shift_ms", "expected_shift_ms"),
    [(3_600_000, 0), (-60_000, -60_000), (-400 * 86_400_000, -86_400_000)],
)
async def test_the_platforms_clock_is_kept_in_a_sane_window(
    door: Road, world: World, shift_ms: int, expected_shift_ms: int
) -> None:
    """A future time becomes now, an ancient one becomes yesterday."""
    now = world.clock.now_ms()

    assert await door.post(event(world, timestamp=str(now + shift_ms))) == 200

    (row,) = await door.events()
    assert row["platform_at"] == now + expected_shift_ms
    assert row["received_at"] == now


@pytest.mark.parametrize("told", [None, "", "hôm nay", {}, [], -5, 1e300, "9" * 400])
async def test_a_senseless_clock_becomes_now(
    door: Road, world: World, told: object
) -> None:
    """A timestamp that is none does not stop the message."""
    assert await door.post(event(world, timestamp=told)) in (200, 403)

    for row in await door.events():
        assert row["platform_at"] == world.clock.now_ms()


@pytest.mark.parametrize("mac_key", ["oa_secret", "app_secret"])
@pytest.mark.parametrize("mac_id", ["app_id", "oa_id"])
async def test_each_way_of_signing_can_be_configured(
    begin: StartWorld,
    build: Build,
    sqlite_database: SqliteDatabase,
    mac_key: Any,
    mac_id: Any,
) -> None:
    """Whichever secret and first term Zalo uses, the setting follows, others fail."""
    account = ZaloAccount(mac_key=mac_key, mac_id=mac_id)
    world = await begin(platforms(zalo=account))
    road = await build(sqlite_database, world)
    await road.start("ingest")
    other_id: Any = "oa_id" if mac_id == "app_id" else "app_id"
    wrong = replace(world.settings, zalo=replace(account, mac_id=other_id))

    assert await road.post(event(world)) == 200
    assert await road.post(sign_zalo(wrong, json.loads(event(world).body))) == 403
    assert len(await road.events()) == 1


def two_units(world: World) -> dict[str, Any]:
    """Return two communes whose OAs belong to one app."""
    account = world.settings.zalo
    return {
        name: {
            "name": f"xã {name}",
            "channels": {"zalo": zalo_section(account, world.base, oa_id=oa_id)},
        }
        for name, oa_id in (("xa-mot", "111"), ("xa-hai", "222"))
    }


async def test_an_event_goes_to_the_unit_of_its_oa(
    build: Build, world: World, sqlite_database: SqliteDatabase
) -> None:
    """Of two units of one app only the one whose OA is named gets the event."""
    road = await build(sqlite_database, units=two_units(world))
    await road.start("ingest")

    assert await road.post(event(world, recipient={"id": "222"})) == 200
    assert [row["unit_id"] for row in await road.events()] == ["xa-hai"]


async def test_an_event_that_names_no_oa_goes_to_every_unit_of_its_app(
    build: Build, world: World, sqlite_database: SqliteDatabase
) -> None:
    """A citizen's withdrawal names no OA: every commune of the app must hear it."""
    road = await build(sqlite_database, units=two_units(world))
    await road.start("ingest")
    body = {
        "event_name": "user_withdraw",
        "user_id": USER,
        "app_id": world.settings.zalo.app_id,
        "timestamp": str(world.clock.now_ms()),
    }

    assert await road.post(sign_zalo(world.settings, body)) == 200
    units = {row["unit_id"] for row in await road.events()}
    assert units == {"xa-mot", "xa-hai"}


async def test_a_receipt_is_filed_under_the_citizen(door: Road, world: World) -> None:
    """A receipt, whose sides stand the other way round, joins the citizen's lane."""
    oa_id = world.settings.zalo.oa_id
    receipt = event(
        world,
        event_name="user_received_message",
        sender={"id": oa_id},
        recipient={"id": USER},
        message={"msg_id": "abc"},
    )

    assert await door.post(event(world)) == 200
    assert await door.post(receipt) == 200
    assert len({row["lane"] for row in await door.events()}) == 1


async def test_a_follow_and_a_text_share_a_lane(door: Road, world: World) -> None:
    """Events of different shapes about one citizen keep their order in one lane."""
    settings: SandboxConfig = world.settings
    follow = zalo_event(
        settings, USER, act=Act(ActKind.FOLLOW), at_ms=world.clock.now_ms()
    )

    assert await door.post(follow) == 200
    assert await door.post(event(world)) == 200
    assert len({row["lane"] for row in await door.events()}) == 1
