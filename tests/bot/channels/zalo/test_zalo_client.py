"""Does the Zalo client say the right thing and understand the answer?"""

from __future__ import annotations

import hashlib
import hmac
import logging
from collections.abc import AsyncIterator
from pathlib import Path

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
    Stopped,
    Unknown,
    Uploaded,
)
from bot.channels.transport import Answer
from bot.channels.zalo.client import ZaloClient, judge
from handlers.model import Media, Reply

TOKEN, USER = "the-xin-that-bi-mat", "8309393969855402777"
OK = {"error": 0, "message": "Success", "data": {"message_id": "m-1"}}


class Zalo:
    """A small Zalo: records what comes, answers what it was told to."""

    def __init__(self) -> None:
        self.answers: dict[str, web.Response] = {}
        self.seen: list[tuple[str, str, object]] = []
        self.headers: list[dict[str, str]] = []

    def will_answer(self, path: str, value: object, status: int = 200) -> None:
        """Answer calls of that path with this JSON."""
        self.answers[path] = web.json_response(value, status=status)

    async def handle(self, request: web.Request) -> web.Response:
        """Record a call and answer it."""
        self.headers.append(dict(request.headers))
        self.seen.append((request.method, request.path, await _body_of(request)))
        return self.answers.get(request.path) or web.json_response(OK)


async def _body_of(request: web.Request) -> object:
    if request.content_type != "multipart/form-data":
        return await request.json() if request.can_read_body else None
    form = await request.post()
    field = form["file"]
    assert isinstance(field, web.FileField)
    return field.filename, field.content_type, field.file.read()


@pytest.fixture
def zalo() -> Zalo:
    return Zalo()


@pytest.fixture
async def client(zalo: Zalo) -> AsyncIterator[ZaloClient]:
    app = web.Application()
    app.router.add_route("*", "/{path:.*}", zalo.handle)
    async with TestServer(app) as server, aiohttp.ClientSession() as session:
        yield ZaloClient(session, str(server.make_url("/")), app_secret="kín")


async def test_a_text_is_sent(zalo: Zalo, client: ZaloClient) -> None:
    """Path, token header, proof and body are those of the contract."""
    told = await client.deliver(Reply("Dạ, xin chào"), USER, TOKEN)
    assert told == Accepted("m-1")
    body = {"recipient": {"user_id": USER}, "message": {"text": "Dạ, xin chào"}}
    assert zalo.seen == [("POST", "/v3.0/oa/message/cs", body)]
    assert zalo.headers[0]["access_token"] == TOKEN
    proof = hmac.new("kín".encode(), TOKEN.encode(), hashlib.sha256).hexdigest()
    assert zalo.headers[0]["appsecret_proof"] == proof


async def test_the_quota_is_handed_on(zalo: Zalo, client: ZaloClient) -> None:
    """What is left of the free messages comes back as text."""
    quota = {"quota_type": "reply", "remain": 7, "total": "8"}
    data = {"message_id": 2**60, "quota": quota}
    zalo.will_answer("/v3.0/oa/message/cs", {"error": 0, "data": data})
    told = await client.deliver(Reply("Dạ"), USER, TOKEN)
    expected = {"quota_type": "reply", "remain": "7", "total": "8"}
    assert told == Accepted("1152921504606846976", expected)


@pytest.mark.parametrize(
    ("kind", "path", "answer", "sent"),
    [
        (
            "image",
            "/v2.0/oa/upload/image",
            {"attachment_id": "id-1"},
            "{'media_type': 'image', 'attachment_id': 'id-1'}",
        ),
        ("file", "/v2.0/oa/upload/file", {"token": "t-1"}, "{'token': 't-1'}"),
    ],
)
async def test_a_file_is_uploaded_before_its_message(
    zalo: Zalo,
    client: ZaloClient,
    tmp_path: Path,
    kind: str,
    path: str,
    answer: dict[str, str],
    sent: str,
) -> None:
    """The message names what the upload answered; the name stays Vietnamese."""
    zalo.will_answer(path, {"error": 0, "data": answer})
    stored = tmp_path / "x.pdf"
    stored.write_bytes(b"%PDF-1")
    media = Media(kind, str(stored), name="Tờ khai")
    assert await client.deliver(Reply("", media=media), USER, TOKEN) == Accepted("m-1")
    upload, message = zalo.seen
    assert upload == ("POST", path, ("Tờ khai.pdf", "application/pdf", b"%PDF-1"))
    assert message[1] == "/v3.0/oa/message/cs"
    assert sent in str(message[2])


async def test_a_failed_upload_sends_nothing(
    zalo: Zalo, client: ZaloClient, tmp_path: Path
) -> None:
    """An upload nobody answered clearly may be repeated: no message went out."""
    stored = tmp_path / "a.png"
    stored.write_bytes(b"png")
    media = Media("image", str(stored))
    zalo.answers["/v2.0/oa/upload/image"] = web.Response(text="<html>")
    told = await client.deliver(Reply("", media=media), USER, TOKEN)
    assert told == Retry("garbage")
    zalo.will_answer("/v2.0/oa/upload/image", {"error": 0, "data": {}})
    assert await client.upload_image(media, TOKEN) == Retry("no-id")
    zalo.will_answer("/v2.0/oa/upload/image", {"error": -216})
    assert await client.upload_image(media, TOKEN) == Reauthorise("-216")
    zalo.will_answer(
        "/v2.0/oa/upload/image", {"error": 0, "data": {"attachment_id": 5}}
    )
    assert await client.upload_image(media, TOKEN) == Uploaded("5")
    assert not [path for _, path, _ in zalo.seen if path.endswith("/cs")]


async def test_a_lost_file_is_a_refusal(zalo: Zalo, client: ZaloClient) -> None:
    """A file that is gone will not come back by trying again."""
    media = Media("file", "khong-co.pdf")
    told = await client.deliver(Reply("", media=media), USER, TOKEN)
    assert told == Refused("file", Reason.MEDIA)
    assert not zalo.seen


async def test_who_are_we(zalo: Zalo, client: ZaloClient) -> None:
    """The health check returns what Zalo says about the OA."""
    zalo.will_answer("/v2.0/oa/getoa", {"error": 0, "data": {"oaid": 5}})
    assert await client.get_oa(TOKEN) == Fetched({"oaid": "5"})
    assert zalo.seen == [("GET", "/v2.0/oa/getoa", None)]
    zalo.answers["/v2.0/oa/getoa"] = web.Response(text="?")
    assert await client.get_oa(TOKEN) == Retry("garbage")


@pytest.mark.parametrize(
    ("status", "document", "expected"),
    [
        (200, {"error": "0"}, Fetched({})),
        (200, {"error": "-32"}, Retry("-32", 60.0)),
        (200, {"error": "-216"}, Reauthorise("-216")),
        (200, {"error": "-230"}, Refused("-230", Reason.WINDOW)),
        (401, {"error": "-216"}, Reauthorise("-216")),
        (200, {"error": "-213"}, Stopped("-213")),
        (200, {"error": "-99999"}, Refused("-99999", Reason.UNKNOWN_CODE)),
        (200, {"error": "Lỗi của ông A"}, Unknown("garbage")),
        (200, {"data": {"message_id": "1"}}, Unknown("garbage")),
        (200, None, Unknown("garbage")),
        (500, {"error": "0"}, Retry("http-500")),
        (500, {"error": "-99999"}, Retry("http-500")),
        (400, {"error": "-99999"}, Refused("http-400", Reason.UNKNOWN_CODE)),
        (504, None, Unknown("http-504")),
    ],
)
def test_answers_are_judged_by_code_then_status(
    status: int, document: dict[str, object] | None, expected: Fetched | Failure
) -> None:
    """A code of the table wins, then the status, then an unknown code."""
    assert judge(Answer(status, document, None)) == expected


async def test_the_token_is_told_to_nobody_else(
    client: ZaloClient, caplog: pytest.LogCaptureFixture
) -> None:
    """Neither a log line nor a representation holds the token or the text."""
    caplog.set_level(logging.DEBUG)
    told = await client.deliver(Reply("điều riêng tư"), USER, TOKEN)
    written = caplog.text + repr(told) + repr(client) + str(vars(client))
    assert TOKEN not in written
    assert "riêng tư" not in written
