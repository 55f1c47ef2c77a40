"""What does the phone's JSON API answer, and what do its pages look like inside?"""

from __future__ import annotations

import asyncio
import json
import re
import sys
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import aiohttp
import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer

from bot.sandbox.citizens import CITIZENS
from bot.sandbox.errors import SandboxConfigError
from bot.sandbox.files import MOST_BYTES, Files
from bot.sandbox.model import SandboxConfig, Step, config_from_json
from bot.sandbox.server import add_phone_routes
from tests.bot.sandbox.support import LANH, Start, World

PNG = b"\x89PNG\r\n\x1a\n made up"
PAGES = Path(__file__).parents[3] / "bot" / "sandbox" / "pages"


def test_citizens_have_ids_no_float_can_hold() -> None:
    """Eight people; every id is a decimal text above 2^53, and no two are alike."""
    ids = [i for one in CITIZENS for i in (one.zalo_id, one.facebook_id)]

    assert len(CITIZENS) == 8
    assert len(set(ids)) == 16
    assert all(int(one) > 2**53 for one in ids)


@pytest.mark.parametrize("name", sorted(one.name for one in PAGES.iterdir()))
async def test_pages_load_under_a_strict_policy(world: World, name: str) -> None:
    """Every file of the page comes with a policy against inline and outside code."""
    url = world.server.make_url(f"/sandbox/static/{name}")
    async with world.http.get(url) as answer:
        body, policy = await answer.read(), answer.headers["Content-Security-Policy"]

    assert (PAGES / name).read_bytes() == body
    assert "script-src 'self'" in policy
    assert "unsafe" not in policy


async def test_the_page_itself(world: World) -> None:
    """``/sandbox`` leads to the page; what is not ours is 404."""
    async with world.http.get(world.server.make_url("/sandbox")) as answer:
        html = await answer.text()
    status = []
    for name in ("none.js", "..%2fmodel.py", "model.py"):
        async with world.http.get(
            world.server.make_url(f"/sandbox/static/{name}")
        ) as answer:
            status.append(answer.status)

    assert "Điện thoại mô phỏng" in html
    assert status == [404, 404, 404]


@pytest.mark.parametrize("name", sorted(one.name for one in PAGES.iterdir()))
def test_pages_ask_nobody_outside(name: str) -> None:
    """No page names a host, carries inline script or style, or writes markup."""
    text = (PAGES / name).read_text(encoding="utf-8")
    hosts = set(re.findall(r"https?://[\w.]+", text)) - {"http://www.w3.org"}

    assert set() == hosts
    assert not re.search(r"innerHTML|insertAdjacentHTML|document\.write|eval\(", text)
    assert not re.search(r"\sstyle=|\son\w+=\"|<style|<script>", text)


async def test_what_the_service_serves_itself(world: World) -> None:
    """Another app can serve the phone of the same sandbox, without the APIs."""
    app = web.Application()
    add_phone_routes(app, world.sandbox)
    server = TestServer(app)
    await server.start_server()
    found = {}
    for path in ("/sandbox/", "/sandbox/api/citizens", "/v2.0/oa/getoa"):
        async with world.http.get(server.make_url(path)) as answer:
            found[path] = answer.status
    await server.close()

    assert list(found.values()) == [200, 200, 404]


async def _post(world: World, path: str, **options: Any) -> int:
    url = world.server.make_url(f"/sandbox/api/{path}")
    async with world.http.post(url, **options) as answer:
        await answer.read()
        return answer.status


ZALO = {"channel": "zalo", "user": LANH["zalo"]}
BAD_ACTS: list[dict[str, Any]] = [
    {"channel": "none", "user": LANH["zalo"], "text": "a"},
    {"channel": "zalo", "user": "1", "text": "a"},
    ZALO | {"kind": "dance"},
    ZALO | {"text": 5},
    ZALO | {"text": "x" * 20_001},
    {"channel": "facebook", "user": LANH["facebook"], "kind": "location"},
]


@pytest.mark.parametrize("act", BAD_ACTS)
async def test_bad_acts_are_refused(world: World, act: dict[str, Any]) -> None:
    """What is no act of a known person is 400 and reaches nobody."""
    status = await _post(world, "send", json=act)
    await world.sandbox.poster.idle()

    assert status == 400
    assert world.service.hooks == []


async def test_only_json_is_taken(world: World) -> None:
    """A form or a broken body is 400: another site's page cannot act here."""
    text = json.dumps(ZALO | {"text": "a"})
    found = [
        await _post(world, "send", data=text),
        await _post(world, "send", data=ZALO),
        await _post(
            world, "send", data="{", headers={"Content-Type": "application/json"}
        ),
        await _post(world, "upload", json={}),
    ]

    assert found == [400] * 4


async def test_taps_arrive_as_the_platforms_send_them(world: World) -> None:
    """A tap is a text with the payload on Zalo, a quick reply on Messenger."""
    tap = {"payload": "#fee", "text": "Lệ phí", "quick": True}
    await world.api("tap", ZALO | tap)
    facebook = {"channel": "facebook", "user": LANH["facebook"]}
    await world.api("tap", facebook | tap)
    await world.sandbox.poster.idle()
    zalo, messenger = (hook.json() for hook in world.service.hooks)
    message = messenger["entry"][0]["messaging"][0]["message"]

    assert zalo["message"]["text"] == "#fee"
    assert (message["text"], message["quick_reply"]) == ("Lệ phí", {"payload": "#fee"})


async def _upload(world: World, name: str, data: bytes, **query: str) -> int:
    form = aiohttp.FormData(quote_fields=False)
    form.add_field("file", data, filename=name)
    return await _post(world, "upload", data=form, params=query or ZALO)


async def test_uploads_can_be_downloaded_by_the_service(world: World) -> None:
    """A picture and a document arrive with addresses at which the bytes lie."""
    status = [
        await _upload(world, "anh.png", PNG),
        await _upload(world, "tờ khai.pdf", b"%PDF"),
    ]
    await world.sandbox.poster.idle()
    picture, paper = (
        h.json()["message"]["attachments"][0] for h in world.service.hooks
    )
    async with world.http.get(picture["payload"]["url"]) as answer:
        data = await answer.read()
    async with world.http.get(paper["payload"]["url"]) as answer:
        way, kind = answer.headers["Content-Disposition"], answer.content_type

    assert status == [200, 200]
    assert data == PNG
    assert (way, kind) == ("attachment", "application/octet-stream")
    assert (paper["payload"]["name"], paper["payload"]["size"]) == ("tờ khai.pdf", "4")


async def test_bad_uploads(world: World) -> None:
    """An upload for nobody, or with another field, is 400; a lost file is 404."""
    form = aiohttp.FormData()
    form.add_field("other", b"x", filename="a.png")
    found = [
        await _upload(world, "a.png", PNG, channel="zalo", user="1"),
        await _post(world, "upload", data=form, params=ZALO),
    ]
    async with world.http.get(world.server.make_url("/sandbox/files/x")) as answer:
        found.append(answer.status)

    assert found == [400, 400, 404]


def test_files_are_bounded() -> None:
    """The store forgets its oldest files when it is full."""
    files = Files()
    third = MOST_BYTES // 3 + 1
    kept = [files.add(str(n), b"x" * third, 0) for n in range(3)]

    assert [files.get(k.file_id) is not None for k in kept] == [False, True, True]


async def test_threads_of_strangers(world: World) -> None:
    """There is no screen of a stranger."""
    found = await world.api("threads/zalo/1")

    assert found["error"] == "NoSuchCitizenError"


async def test_human_replies(world: World) -> None:
    """What staff type by hand is an echo with an admin, and opens no window."""
    await world.writes("zalo", kind="human_reply", text="Dạ, tôi xin trả lời ạ")
    (echo,) = world.service.named("oa_send_text")

    assert echo["sender"]["admin_id"].isdecimal()
    assert (await world.zalo_text("a"))["error"] == -232


async def test_record_can_be_filtered_and_cleared(world: World) -> None:
    """The record is read from a number on, by platform and person, and cleared."""
    await world.writes("zalo", text="a")
    await world.writes("facebook", text="a")
    await world.zalo_text("một")
    await world.graph_text("hai")
    counts = [
        len((await world.api(f"sent?{query}"))["sent"])
        for query in ("", "after=1", "channel=zalo", "user=1", "after=x")
    ]
    stats = (await world.api("stats"))["counts"]
    await world.api("reset", {})
    after = (await world.api("sent"))["sent"]
    await world.zalo_text("ba")
    (third,) = (await world.api("sent"))["sent"]

    assert counts == [2, 1, 1, 0, 2]
    assert (stats["zalo.accepted"], stats["facebook.accepted"]) == (1, 1)
    assert after == []
    assert third["seq"] == 3


class FiveSteps:
    """A trace that has seen everything."""

    async def steps(self, channel: str, message_id: str) -> Sequence[Step]:
        """Return one step that says what was asked."""
        data = {"channel": channel, "message_id": message_id}
        return [Step(step="received", at="2026-11-23T09:00:00+07:00", data=data)]


async def test_trace(start: Start) -> None:
    """The side panel gets the service's steps and the platform's tries."""
    world = await start(trace=FiveSteps())
    message_id = (await world.writes("zalo", text="xin chào"))["message_id"]
    found = await world.api(f"trace?channel=zalo&message_id={message_id}")

    assert message_id == found["steps"][0]["data"]["message_id"]
    assert [one["status"] for one in found["message"]["attempts"]] == [200]
    assert (await world.api("citizens"))["has_trace"]


async def test_without_a_trace_only_the_platform_speaks(world: World) -> None:
    """Run alone, the sandbox shows no steps."""
    found = await world.api("trace?channel=zalo&message_id=none")

    assert found == {"has_trace": False, "steps": [], "message": None}


@asynccontextmanager
async def _listening(world: World) -> AsyncIterator[aiohttp.StreamReader]:
    url = world.server.make_url("/sandbox/api/events")
    async with world.http.get(url) as answer:
        assert answer.content_type == "text/event-stream"
        await answer.content.readuntil(b"\n\n")
        yield answer.content


async def _event(stream: aiohttp.StreamReader) -> Any:
    async with asyncio.timeout(5):
        line = await stream.readuntil(b"\n\n")
    return json.loads(line.removeprefix(b"data: "))


async def test_pages_hear_of_changes(world: World) -> None:
    """An open page hears each message and each change of its state."""
    async with _listening(world) as stream:
        await world.writes("zalo", text="xin chào")
        first, second = await _event(stream), await _event(stream)
        body = {"recipient": {"id": LANH["facebook"]}, "sender_action": "typing_on"}
        await world.graph("me/messages", body)
        third = await _event(stream)

    assert (first["type"], first["value"]["state"]) == ("message", "sending")
    assert (second["type"], second["value"]["state"]) == ("message", "delivered")
    assert (third["type"], third["value"]) == ("typing", {"on": True})


async def test_pages_are_let_go_at_the_end(world: World) -> None:
    """Closing the sandbox ends open streams, and those that come back."""
    async with _listening(world) as stream:
        world.sandbox.hub.close()
        assert await stream.read() == b""
    async with _listening(world) as stream:
        assert await stream.read() == b""


def test_configuration_names_the_bad_key() -> None:
    """A good JSON configuration is read; a bad one names its key."""
    good = config_from_json(b'{"zalo": {"oa_id": "7"}, "echoes": false}')

    assert (good.zalo.oa_id, good.echoes) == ("7", False)
    for text in ('{"zalo": {"oa": 1}}', '{"zalo": {"mac_id": "x"}}'):
        with pytest.raises(SandboxConfigError, match=r"zalo\.(oa|mac_id)"):
            config_from_json(text)
    with pytest.raises(SandboxConfigError, match=r"\?"):
        config_from_json("{")


def test_secrets_are_not_in_the_repr() -> None:
    """Printing a configuration shows no secret."""
    config = SandboxConfig("http://127.0.0.1:1")

    assert config.zalo.oa_secret_key not in repr(config)
    assert config.facebook.page_access_token not in repr(config)


async def test_it_runs_on_its_own(tmp_path: Path) -> None:
    """``python -m bot.sandbox`` prints one line when ready, serves, and ends well."""
    settings = tmp_path / "sandbox.json"
    settings.write_text('{"zalo": {"name": "UBND xã Mẫu"}}', encoding="utf-8")
    command = [
        sys.executable,
        "-m",
        "bot.sandbox",
        "--service-url",
        "http://127.0.0.1:1",
    ]
    process = await asyncio.create_subprocess_exec(
        *command,
        "--json-config",
        str(settings),
        stdout=asyncio.subprocess.PIPE,
    )
    assert process.stdout is not None
    ready = (await process.stdout.readline()).decode()
    address = ready.rpartition(" ")[2].strip()
    async with (
        aiohttp.ClientSession() as http,
        http.get(f"{address}api/citizens") as answer,
    ):
        name = (await answer.json())["accounts"]["zalo"]
    process.terminate()

    assert ready.startswith("sandbox ready http://127.0.0.1:")
    assert name == "UBND xã Mẫu"
    assert await process.wait() == 0
