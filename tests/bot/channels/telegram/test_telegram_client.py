"""Does the Telegram client say the right thing and understand the answer?"""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import aiohttp
import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer

from bot.channels.results import (
    Accepted,
    Failure,
    Fetched,
    Reason,
    Reauthorise,
    Refused,
    Retry,
    Unknown,
)
from bot.channels.telegram.client import TelegramClient
from bot.channels.telegram.request import judge
from bot.channels.transport import Answer
from handlers.model import Button, Media, Reply

TOKEN, CHAT = "7001:bi-mat", "-1001"
SENT = {
    "ok": True,
    "result": {
        "message_id": 9,
        "date": 1,
        "chat": {"id": -1001, "type": "supergroup"},
    },
}


class Api:
    """A small Bot API: records what comes, answers what it was told to."""

    def __init__(self) -> None:
        self.answers: dict[str, web.Response] = {}
        self.seen: list[tuple[str, Any]] = []

    def will(self, method: str, value: object, status: int = 200) -> None:
        """Answer that method with this JSON."""
        self.answers[method] = web.json_response(value, status=status)

    async def handle(self, request: web.Request) -> web.Response:
        """Record a call and answer it."""
        method = request.match_info["method"]
        assert request.match_info["token"] == TOKEN
        self.seen.append((method, await _body(request)))
        return self.answers.get(method) or web.json_response(SENT)

    async def file(self, request: web.Request) -> web.Response:
        """Serve a file."""
        found = request.match_info["path"] == "photos/a.png"
        return web.Response(body=b"png", status=200 if found else 404)


async def _body(request: web.Request) -> Any:
    if request.content_type == "application/json":
        return await request.json()
    form = await request.post()
    return {
        key: value.file.read() if isinstance(value, web.FileField) else value
        for key, value in form.items()
    }


@pytest.fixture
def api() -> Api:
    """An API that accepts everything."""
    return Api()


@pytest.fixture
async def client(api: Api) -> AsyncIterator[TelegramClient]:
    """A client of that API."""
    app = web.Application()
    app.router.add_post("/bot{token}/{method}", api.handle)
    app.router.add_get("/file/bot{token}/{path:.+}", api.file)
    async with TestServer(app) as server, aiohttp.ClientSession() as session:
        yield TelegramClient(session, str(server.make_url("/")), TOKEN, CHAT)


async def test_a_text_goes_to_its_thread_with_buttons(
    client: TelegramClient, api: Api
) -> None:
    """Group, thread, text and an inline keyboard of two buttons a row."""
    buttons = tuple(Button(name, payload=f"d:take:{name}") for name in "abc")
    result = await client.post(Reply("Dạ", buttons), "77")

    assert result == Accepted("9")
    method, body = api.seen[0]
    assert method == "sendMessage"
    assert (body["chat_id"], body["message_thread_id"]) == (CHAT, 77)
    rows = body["reply_markup"]["inline_keyboard"]
    assert [len(row) for row in rows] == [2, 1]
    assert rows[0][0] == {"text": "a", "callback_data": "d:take:a"}


async def test_the_general_room_has_no_thread(client: TelegramClient, api: Api) -> None:
    """Without a thread none is named."""
    await client.post(Reply("Dạ"))

    assert "message_thread_id" not in api.seen[0][1]


async def test_a_topic_is_made_and_named(client: TelegramClient, api: Api) -> None:
    """The place of a topic is its thread; a long name is cut to 128."""
    api.will("createForumTopic", _topic(5))

    assert await client.open_topic("x" * 300) == Accepted("5")
    assert len(api.seen[0][1]["name"]) == 128


async def test_the_same_text_again_is_no_error(
    client: TelegramClient, api: Api
) -> None:
    """Telegram refuses an edit that changes nothing; for us it is done."""
    text = "Bad Request: message is not modified: specified new message content"
    api.will("editMessageText", _error(400, text), 400)

    assert await client.edit("9", Reply("Dạ")) == Accepted("9")


async def test_closing_what_is_closed_is_done(client: TelegramClient, api: Api) -> None:
    """A topic that is gone or closed needs no closing."""
    api.will("closeForumTopic", _error(400, "Bad Request: TOPIC_NOT_MODIFIED"), 400)

    assert await client.close_topic("5") == Accepted("")


async def test_a_picture_of_ours_is_uploaded(
    client: TelegramClient, api: Api, tmp_path: Path
) -> None:
    """A file goes as multipart with its caption, an address as it is."""
    path = tmp_path / "anh.png"
    path.write_bytes(b"png")
    await client.post(Reply("Ảnh", media=Media("image", path=str(path))), "7")
    await client.post(Reply("", media=Media("image", url="https://a.example/b.png")))

    (_, first), (_, second) = api.seen
    assert (first["photo"], first["caption"], first["chat_id"]) == (
        b"png",
        "Ảnh",
        CHAT,
    )
    assert second["photo"] == "https://a.example/b.png"


async def test_a_picture_that_is_gone_is_refused(client: TelegramClient) -> None:
    """A file that cannot be read will not come back."""
    media = Media("image", path="/nowhere/anh.png")

    assert await client.post(Reply("", media=media)) == Refused("file", Reason.MEDIA)


async def test_a_picture_of_theirs_is_fetched(client: TelegramClient, api: Api) -> None:
    """The path is named by getFile; the file is read from the file address."""
    api.will("getFile", _file("photos/a.png"))

    assert await client.fetch("f1") == b"png"


@pytest.mark.parametrize("path", ["", "../secret", "photos/../../x"])
async def test_a_strange_path_is_not_followed(
    client: TelegramClient, api: Api, path: str
) -> None:
    """Only a plain path below the file address is fetched."""
    api.will("getFile", _file(path))

    assert await client.fetch("f1") == Refused("no-path", Reason.MEDIA)


async def test_a_missing_file_is_a_failure(client: TelegramClient, api: Api) -> None:
    """404 of a file is told as such."""
    api.will("getFile", _file("photos/b.png"))

    assert isinstance(await client.fetch("f1"), Refused)


async def test_a_press_is_answered_shortly(client: TelegramClient, api: Api) -> None:
    """At most 200 characters are shown."""
    api.will("answerCallbackQuery", {"ok": True, "result": True})

    assert await client.answer_tap("q1", "x" * 500) is None
    assert len(api.seen[0][1]["text"]) == 200


async def test_the_webhook_is_set_with_our_secret(
    client: TelegramClient, api: Api
) -> None:
    """Address, secret and only the updates we use."""
    api.will("setWebhook", {"ok": True, "result": True})

    assert await client.set_webhook("https://a.example/x", "s") is None
    assert api.seen[0][1] == {
        "url": "https://a.example/x",
        "secret_token": "s",
        "allowed_updates": ["message", "callback_query"],
    }


async def test_nobody_there_means_later(unused_tcp_port: int) -> None:
    """No connection: nothing was sent, try again."""
    async with aiohttp.ClientSession() as session:
        base = f"http://127.0.0.1:{unused_tcp_port}"
        client = TelegramClient(session, base, TOKEN, CHAT)

        assert await client.post(Reply("Dạ")) == Retry("connect")


def _topic(thread: int) -> dict[str, object]:
    shown = {"message_thread_id": thread, "name": "x", "icon_color": 1}
    return {"ok": True, "result": shown}


def _file(path: str) -> dict[str, object]:
    shown = {"file_id": "f1", "file_unique_id": "u", "file_path": path}
    return {"ok": True, "result": shown}


def _error(code: int, text: str, **parameters: object) -> dict[str, object]:
    body: dict[str, object] = {"ok": False, "error_code": code, "description": text}
    return body | ({"parameters": parameters} if parameters else {})


@pytest.mark.parametrize(
    ("status", "document", "expected"),
    [
        (429, _error(429, "Too Many", retry_after="3"), Retry("429", 3.0)),
        (401, _error(401, "Unauthorized"), Reauthorise("401")),
        (404, _error(404, "Not Found"), Reauthorise("404")),
        (403, _error(403, "Forbidden: kicked"), Refused("403", Reason.CONFIG)),
        (
            400,
            _error(400, "Bad Request: message thread not found"),
            Refused("thread-gone", Reason.INVALID),
        ),
        (
            400,
            _error(400, "group chat was upgraded to a supergroup chat"),
            Refused("chat-migrated", Reason.CONFIG),
        ),
        (400, _error(400, "Bad Request: x"), Refused("400", Reason.UNKNOWN_CODE)),
        (502, None, Unknown("http-502")),
        (200, None, Unknown("garbage")),
        (200, {"ok": False}, Unknown("garbage")),
    ],
)
def test_what_an_answer_asks_us_to_do(
    status: int, document: dict[str, object] | None, expected: Failure
) -> None:
    """Each kind of error has its consequence."""
    found = judge(Answer(status, document, None))

    if document is None and status == 502:
        assert isinstance(found, Retry | Unknown)
    else:
        assert found == expected


async def test_a_success_that_cannot_be_read_may_have_been_sent(
    client: TelegramClient, api: Api
) -> None:
    """The platform said yes in words we do not know: nobody may send it again."""
    api.will("sendMessage", {"ok": True, "result": {"strange": 1}})

    assert await client.post(Reply("Dạ")) == Unknown("garbage")


async def test_an_answer_that_never_comes_is_unknown() -> None:
    """The connection stood and was cut: it may have been sent."""

    async def hang_up(request: web.Request) -> web.Response:
        await request.read()
        assert request.transport is not None
        request.transport.close()
        return web.Response()

    app = web.Application()
    app.router.add_post("/{rest:.+}", hang_up)
    async with TestServer(app) as server, aiohttp.ClientSession() as session:
        client = TelegramClient(session, str(server.make_url("/")), TOKEN, CHAT)

        assert await client.post(Reply("Dạ")) == Unknown("disconnected")
        assert await client.edit("9", Reply("Dạ")) == Retry("disconnected")


async def test_a_person_is_written_to_in_their_own_talk(
    client: TelegramClient, api: Api
) -> None:
    """A private place names the person instead of the group."""
    await client.post(Reply("Dạ"), "u42")

    assert api.seen[0][1]["chat_id"] == "42"


async def test_a_file_in_memory_is_uploaded(client: TelegramClient, api: Api) -> None:
    """Nothing plain touches the disk: bytes, name and caption go along."""
    media = Media("image", name="ảnh.jpg", data=b"jpg")
    await client.post(Reply("Dạ", media=media), "7")

    method, body = api.seen[0]
    assert (method, body["photo"], body["caption"]) == ("sendPhoto", b"jpg", "Dạ")
    assert body["message_thread_id"] == "7"


def test_a_result_that_is_only_true_is_a_success() -> None:
    """Calls like setWebhook answer with a bare flag."""
    assert judge(Answer(200, {"ok": True, "result": True}, None)) == Fetched({})
