"""Does the Facebook client say the right thing and understand the answer?"""

from __future__ import annotations

import hashlib
import hmac
import json
import logging
from collections.abc import AsyncIterator
from pathlib import Path

import aiohttp
import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer

from bot.channels.facebook.client import FacebookClient, judge
from bot.channels.facebook.profile import REQUIRED_FIELDS
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
from handlers.model import Media, Reply

TOKEN, USER = "the-trang-bi-mat", "5275811702471001"
SENT = {"recipient_id": USER, "message_id": "m_1"}
MESSAGES = "/v25.0/me/messages"
ATTACHMENTS = "/v25.0/me/message_attachments"


class Graph:
    """A small Graph API: records what comes, answers what it was told to."""

    def __init__(self) -> None:
        self.answers: dict[str, web.Response] = {}
        self.seen: list[tuple[str, str, object]] = []
        self.queries: list[dict[str, str]] = []

    def will_answer(self, path: str, value: object, status: int = 200) -> None:
        """Answer calls of that path with this JSON."""
        self.answers[path] = web.json_response(value, status=status)

    async def handle(self, request: web.Request) -> web.Response:
        """Record a call and answer it."""
        self.queries.append(dict(request.query))
        self.seen.append((request.method, request.path, await _body_of(request)))
        return self.answers.get(request.path) or web.json_response(SENT)


async def _body_of(request: web.Request) -> object:
    if request.content_type != "multipart/form-data":
        return await request.json() if request.can_read_body else None
    form = await request.post()
    field = form["filedata"]
    assert isinstance(field, web.FileField)
    told = json.loads(str(form["message"]))
    return told, field.filename, field.content_type, field.file.read()


@pytest.fixture
def graph() -> Graph:
    return Graph()


@pytest.fixture
async def client(graph: Graph) -> AsyncIterator[FacebookClient]:
    app = web.Application()
    app.router.add_route("*", "/{path:.*}", graph.handle)
    async with TestServer(app) as server, aiohttp.ClientSession() as session:
        base = str(server.make_url("/"))
        yield FacebookClient(session, base, "v25.0", TOKEN, app_secret="kín")


async def test_a_text_is_sent(graph: Graph, client: FacebookClient) -> None:
    """Path, token, proof and body are those of the contract."""
    told = await client.deliver(Reply("Dạ"), USER, reference="7", human=True)
    assert told == Accepted("m_1")
    body = {
        "recipient": {"id": USER},
        "messaging_type": "MESSAGE_TAG",
        "tag": "HUMAN_AGENT",
        "message": {"text": "Dạ", "metadata": "tt:7"},
    }
    assert graph.seen == [("POST", MESSAGES, body)]
    proof = hmac.new("kín".encode(), TOKEN.encode(), hashlib.sha256).hexdigest()
    assert graph.queries == [{"access_token": TOKEN, "appsecret_proof": proof}]


async def test_a_file_is_uploaded_before_its_message(
    graph: Graph, client: FacebookClient, tmp_path: Path
) -> None:
    """The message names the attachment that the upload answered."""
    graph.will_answer(ATTACHMENTS, {"attachment_id": 1601472827240001})
    stored = tmp_path / "x.png"
    stored.write_bytes(b"png")
    media = Media("image", str(stored), name='Bản "vẽ"')
    assert await client.deliver(Reply("", media=media), USER) == Accepted("m_1")
    upload, message = graph.seen
    asked = {"attachment": {"type": "image", "payload": {"is_reusable": True}}}
    name = "Bản _vẽ_.png"
    assert upload == ("POST", ATTACHMENTS, (asked, name, "image/png", b"png"))
    assert "'payload': {'attachment_id': '1601472827240001'}" in str(message[2])


async def test_a_file_at_an_address_is_fetched_by_meta(
    graph: Graph, client: FacebookClient
) -> None:
    """An address needs no bytes of ours."""
    graph.will_answer(ATTACHMENTS, {"attachment_id": "5"})
    media = Media("file", url="https://vidu.vn/a.pdf")
    assert await client.upload(media) == Uploaded("5")
    payload = {"url": "https://vidu.vn/a.pdf", "is_reusable": True}
    asked = {"message": {"attachment": {"type": "file", "payload": payload}}}
    assert graph.seen == [("POST", ATTACHMENTS, asked)]


async def test_a_failed_upload_sends_nothing(
    graph: Graph, client: FacebookClient, tmp_path: Path
) -> None:
    """An upload without a clear answer may be repeated: no message went out."""
    stored = tmp_path / "a.png"
    stored.write_bytes(b"png")
    part = Reply("", media=Media("image", str(stored)))
    graph.answers[ATTACHMENTS] = web.Response(text="<html>")
    assert await client.deliver(part, USER) == Retry("garbage")
    graph.will_answer(ATTACHMENTS, {})
    assert await client.deliver(part, USER) == Retry("no-id")
    lost = Reply("", media=Media("file", str(tmp_path / "khong-co.pdf")))
    assert await client.deliver(lost, USER) == Refused("file", Reason.MEDIA)
    assert not [path for _, path, _ in graph.seen if path == MESSAGES]


async def test_an_answer_without_id_is_unknown(
    graph: Graph, client: FacebookClient
) -> None:
    """Success that names no message proves nothing."""
    graph.will_answer(MESSAGES, {"recipient_id": USER})
    assert await client.deliver(Reply("Dạ"), USER) == Unknown("garbage")


async def test_typing(graph: Graph, client: FacebookClient) -> None:
    """The typing sign is shown, or the reason why not is told."""
    assert await client.typing(USER) is None
    body = {"recipient": {"id": USER}, "sender_action": "typing_on"}
    assert graph.seen == [("POST", MESSAGES, body)]
    graph.will_answer(MESSAGES, {"error": {"code": 613}}, 400)
    assert await client.typing(USER) == Retry("613")


async def test_the_profile_is_set(graph: Graph, client: FacebookClient) -> None:
    """The profile goes out as built; a broken answer may be tried again."""
    path = "/v25.0/me/messenger_profile"
    profile = {"get_started": {"payload": "#menu"}}
    graph.will_answer(path, {"result": "success"})
    assert await client.set_profile(profile) is None
    assert graph.seen == [("POST", path, profile)]
    graph.answers[path] = web.Response(text="?")
    assert await client.set_profile(profile) == Retry("garbage")


async def test_missing_fields_are_named(graph: Graph, client: FacebookClient) -> None:
    """What the page no longer sends to our app is found out."""
    path = "/v25.0/me/subscribed_apps"
    ours = {"id": 770001, "subscribed_fields": sorted(REQUIRED_FIELDS - {"standby"})}
    other = {"id": "9", "subscribed_fields": ["standby"]}
    graph.will_answer(path, {"data": [ours, other]})
    assert await client.missing_fields("770001") == frozenset({"standby"})
    graph.will_answer(path, {"data": [ours, other]})
    assert await client.missing_fields() == frozenset()
    graph.will_answer(path, {"data": []})
    assert await client.missing_fields() == REQUIRED_FIELDS
    graph.will_answer(path, {"error": {"code": 190}}, 401)
    assert await client.missing_fields() == Reauthorise("190")


def error(code: object, subcode: object = None) -> dict[str, object]:
    told = {"message": "x", "code": code, "error_subcode": subcode}
    return {"error": {key: value for key, value in told.items() if value}}


@pytest.mark.parametrize(
    ("status", "document", "expected"),
    [
        (200, SENT, Fetched(SENT)),
        (200, None, Unknown("garbage")),
        (200, error("190"), Reauthorise("190")),
        (200, error("?"), Unknown("garbage")),
        (200, {"error": "?"}, Unknown("garbage")),
        (400, error("10", "2018278"), Refused("10:2018278", Reason.WINDOW)),
        (400, error("551", "1545041"), Stopped("551:1545041")),
        (400, error("987654"), Refused("987654", Reason.UNKNOWN_CODE)),
        (400, None, Refused("http-400", Reason.UNKNOWN_CODE)),
        (500, error("2"), Retry("2", 4.0)),
        (500, error("987654"), Retry("http-500", 4.0)),
        (429, None, Retry("http-429", 4.0)),
        (503, None, Retry("http-503", 4.0)),
        (504, None, Unknown("http-504")),
    ],
)
def test_answers_are_judged_by_code_then_status(
    status: int, document: dict[str, object] | None, expected: Fetched | Failure
) -> None:
    """A code of the table wins; trouble of the server is not a refusal."""
    assert judge(Answer(status, document, 4.0)) == expected


async def test_the_token_is_told_to_nobody_else(
    graph: Graph, client: FacebookClient, caplog: pytest.LogCaptureFixture
) -> None:
    """Neither a log line nor a result holds the token, the address or the text."""
    caplog.set_level(logging.DEBUG, logger="aiohttp.client")
    caplog.set_level(logging.DEBUG, logger="bot")
    graph.will_answer(MESSAGES, {"error": {"code": 1, "message": TOKEN}}, 500)
    told = await client.deliver(Reply("điều riêng tư"), USER)
    assert told == Retry("1")
    written = caplog.text + repr(told) + repr(client)
    assert TOKEN not in written
    assert "riêng tư" not in written
