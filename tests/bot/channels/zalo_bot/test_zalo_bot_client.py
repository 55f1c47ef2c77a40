"""Does the Zalo Bot client say the right thing and understand the answer?"""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from typing import Any

import aiohttp
import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer

from bot.channels.results import (
    Accepted,
    Failure,
    Reason,
    Reauthorise,
    Refused,
    Retry,
    Unknown,
)
from bot.channels.transport import Answer
from bot.channels.zalo_bot.client import ZaloBotClient, judge
from bot.channels.zalo_bot.parse import read
from handlers.model import Media, Reply

AT = datetime(2026, 11, 23, 1, 0, tzinfo=UTC)
TOKEN = "8001:bi-mat"


@pytest.fixture
def seen() -> list[tuple[str, Any]]:
    """What the platform was asked."""
    return []


@pytest.fixture
async def client(seen: list[tuple[str, Any]]) -> AsyncIterator[ZaloBotClient]:
    """A client of an API that accepts everything."""

    async def handle(request: web.Request) -> web.Response:
        seen.append((request.match_info["method"], await request.json()))
        result = {"message_id": "82599fa32f56d00e8941", "date": 1}
        return web.json_response({"ok": True, "result": result})

    app = web.Application()
    app.router.add_post(f"/bot{TOKEN}/{{method}}", handle)
    async with TestServer(app) as server, aiohttp.ClientSession() as session:
        yield ZaloBotClient(session, str(server.make_url("/")), TOKEN)


async def test_a_text_goes_to_a_person(
    client: ZaloBotClient, seen: list[tuple[str, Any]]
) -> None:
    """Talk and text, and the platform's own id comes back."""
    result = await client.post(Reply("Dạ"), "6ede")

    assert result == Accepted("82599fa32f56d00e8941")
    assert seen == [("sendMessage", {"chat_id": "6ede", "text": "Dạ"})]


async def test_a_picture_needs_an_address(
    client: ZaloBotClient, seen: list[tuple[str, Any]]
) -> None:
    """The platform fetches; a file of ours cannot be pushed."""
    told = Media("image", url="https://a.example/b.png")

    assert isinstance(await client.post(Reply("x", media=told), "6"), Accepted)
    assert seen[0][0] == "sendPhoto"
    ours = Media("image", path="/a.png")
    refused = await client.post(Reply("x", media=ours), "6")
    assert refused == Refused("file", Reason.MEDIA)


async def test_the_webhook_is_set(
    client: ZaloBotClient, seen: list[tuple[str, Any]]
) -> None:
    """Address and secret."""
    assert await client.set_webhook("https://a.example/x", "secret-8") is None
    assert seen[0][1] == {"url": "https://a.example/x", "secret_token": "secret-8"}


@pytest.mark.parametrize(
    ("document", "expected"),
    [
        ({"ok": False, "error_code": 401}, Reauthorise("401")),
        ({"ok": False, "errorCode": 404}, Reauthorise("404")),
        ({"ok": False, "error_code": 403}, Retry("403")),
        ({"ok": False, "error_code": 429}, Retry("429")),
        ({"ok": False, "error_code": 400}, Refused("400", Reason.INVALID)),
        ({"ok": False, "error_code": 426}, Refused("426", Reason.QUOTA)),
        ({"ok": False, "error_code": 499}, Refused("499", Reason.UNKNOWN_CODE)),
        ({"ok": False}, Unknown("garbage")),
        (None, Unknown("garbage")),
    ],
)
def test_what_an_answer_asks_us_to_do(
    document: dict[str, object] | None, expected: Failure
) -> None:
    """Each code of the documentation has its consequence."""
    assert judge(Answer(200, document, None)) == expected


def update(**parts: Any) -> bytes:
    """Return a body as the documentation shows it."""
    message = {
        "from": {"id": "6ede", "display_name": "Ted", "is_bot": False},
        "chat": {"id": "6ede", "chat_type": "PRIVATE"},
        "text": "1",
        "message_id": "2d758cb5e222177a4e35",
        "date": 1763859600000,
    }
    result = {"event_name": "message.text.received", "message": message | parts}
    return json.dumps({"ok": True, "result": result}).encode()


def test_a_message_is_read() -> None:
    """Who wrote what, where, under which id."""
    found = read(update(), AT)

    assert found is not None
    assert (found.said.user_id, found.said.topic, found.said.text) == (
        "6ede",
        "6ede",
        "1",
    )
    assert found.wire.key == "2d758cb5e222177a4e35"


@pytest.mark.parametrize("name", ["photo", "photo_url"])
def test_a_picture_is_read_under_both_names(name: str) -> None:
    """Documents and live bodies differ."""
    found = read(update(text="", **{name: "https://a.example/b.jpg"}), AT)

    assert found is not None
    assert found.said.files == ("https://a.example/b.jpg",)


@pytest.mark.parametrize(
    "body",
    [
        b"{}",
        update(text=""),
        update(message_id=""),
        update(**{"from": {"id": "1", "is_bot": True}}),
    ],
)
def test_what_has_no_words_is_left_alone(body: bytes) -> None:
    """Probes, stickers and other bots."""
    assert read(body, AT) is None
