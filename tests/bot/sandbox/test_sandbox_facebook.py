"""Does the emulated Graph API accept and refuse as the tables say?"""

from __future__ import annotations

import hashlib
import hmac
import json
from io import BytesIO
from typing import Any

import aiohttp
import pytest

from bot.sandbox.model import FacebookAccount
from tests.bot.sandbox.support import LANH, Start, World

TO = {"id": LANH["facebook"]}
PAGE = FacebookAccount()


def _chip(title: Any = "A", payload: Any = "#a") -> dict[str, Any]:
    return {"content_type": "text", "title": title, "payload": payload}


def _card(buttons: list[Any], text: str = "Dạ, xin chọn:") -> dict[str, Any]:
    payload = {"template_type": "button", "text": text, "buttons": buttons}
    return {"attachment": {"type": "template", "payload": payload}}


POSTBACK = {"type": "postback", "title": "A", "payload": "#a"}


async def test_a_text_is_accepted_and_recorded(world: World) -> None:
    """An accepted text has an id and stands in the record, without the token."""
    await world.writes("facebook", text="xin chào")
    status, answer = await world.graph_text("Dạ, xin chào ạ", metadata="tt:1")
    (sent,) = (await world.api("sent?channel=facebook"))["sent"]

    assert status == 200
    assert {"recipient_id": TO["id"], "message_id": sent["message_id"]} == answer
    assert "access_token" not in sent["body"]
    assert sent["body"]["message"]["text"] == "Dạ, xin chào ạ"


MESSAGES: list[tuple[str, dict[str, Any]]] = [
    ("empty", {"text": ""}),
    ("long", {"text": "x" * 2001}),
    ("14 chips", {"text": "a", "quick_replies": [_chip()] * 14}),
    ("long chip", {"text": "a", "quick_replies": [_chip("x" * 21)]}),
    ("long chip payload", {"text": "a", "quick_replies": [_chip("a", "x" * 1001)]}),
    ("chip without payload", {"text": "a", "quick_replies": [_chip("a", "")]}),
    ("odd chip", {"text": "a", "quick_replies": [{"content_type": "location"}]}),
    ("chips no list", {"text": "a", "quick_replies": {}}),
    ("chip no object", {"text": "a", "quick_replies": ["a"]}),
    ("long metadata", {"text": "a", "metadata": "x" * 1001}),
    ("no buttons", _card([])),
    ("4 buttons", _card([POSTBACK] * 4)),
    ("long card", _card([POSTBACK], "x" * 641)),
    ("card without text", _card([POSTBACK], "")),
    ("long button", _card([POSTBACK | {"title": "x" * 21}])),
    ("bad url", _card([{"type": "web_url", "title": "A", "url": "javascript:1"}])),
    ("bad phone", _card([{"type": "phone_number", "title": "A", "payload": "090"}])),
    ("odd button", _card([{"type": "x", "title": "A"}])),
    ("text beside a card", _card([POSTBACK]) | {"text": "a"}),
    ("odd template", {"attachment": {"type": "template", "payload": {}}}),
    ("odd attachment", {"attachment": {"type": "x", "payload": {}}}),
    ("attachment no object", {"attachment": 1}),
    ("no url", {"attachment": {"type": "image", "payload": {}}}),
    ("lost", {"attachment": {"type": "image", "payload": {"attachment_id": "1"}}}),
]


@pytest.mark.parametrize(
    "message", [one for _, one in MESSAGES], ids=[name for name, _ in MESSAGES]
)
async def test_bad_messages_are_refused(world: World, message: dict[str, Any]) -> None:
    """Each bad message gets HTTP 400 with code 100, and is not recorded."""
    await world.writes("facebook", text="xin chào")
    status, answer = await world.graph(
        "me/messages", {"recipient": TO, "message": message}
    )

    assert (status, answer["error"]["code"]) == (400, 100)
    assert (await world.api("sent"))["sent"] == []


GENERIC = {
    "template_type": "generic",
    "elements": [{"title": "Một", "subtitle": "Hai", "buttons": [POSTBACK]}],
}
GOOD: list[tuple[dict[str, Any], str, Any]] = [
    ({"text": "x" * 2000}, "text", "x" * 2000),
    (
        {"text": "a", "quick_replies": [_chip()] * 13},
        "chips",
        [{"title": "A", "payload": "#a"}] * 13,
    ),
    (
        {"text": "a", "quick_replies": [{"content_type": "user_phone_number"}]},
        "chips",
        [{"title": "user_phone_number", "payload": ""}],
    ),
    (
        _card(
            [
                POSTBACK,
                {"type": "web_url", "title": "B", "url": "https://a.vn"},
                {"type": "phone_number", "title": "C", "payload": "+840"},
            ]
        ),
        "buttons",
        [
            {"title": "A", "payload": "#a"},
            {"title": "B", "url": "https://a.vn"},
            {"title": "C", "phone": "+840"},
        ],
    ),
    ({"attachment": {"type": "template", "payload": GENERIC}}, "text", "Một\nHai"),
    (
        {"attachment": {"type": "image", "payload": {"url": "https://a.vn/a.png"}}},
        "links",
        ["https://a.vn/a.png"],
    ),
]


@pytest.mark.parametrize(("message", "field", "expected"), GOOD)
async def test_good_messages_are_shown(
    world: World, message: dict[str, Any], field: str, expected: Any
) -> None:
    """What is within the limits is accepted and shown on the phone."""
    await world.writes("facebook", text="xin chào")
    status, _ = await world.graph("me/messages", {"recipient": TO, "message": message})
    thread = await world.api(f"threads/facebook/{TO['id']}")

    assert status == 200
    assert expected == thread["messages"][-1][field]


@pytest.mark.parametrize(
    ("envelope", "code"),
    [
        ({"messaging_type": "UPDATE"}, None),
        ({"messaging_type": "MESSAGE_TAG", "tag": "HUMAN_AGENT"}, None),
        ({"messaging_type": "MESSAGE_TAG", "tag": "ACCOUNT_UPDATE"}, 100),
        ({"messaging_type": "MESSAGE_TAG", "tag": "CONFIRMED_EVENT_UPDATE"}, 100),
        ({"messaging_type": "MESSAGE_TAG"}, 100),
        ({"tag": "HUMAN_AGENT"}, 100),
        ({"messaging_type": "NONE"}, 100),
    ],
)
async def test_tags(world: World, envelope: dict[str, str], code: int | None) -> None:
    """Only HUMAN_AGENT is left of the tags, and only with its type."""
    await world.writes("facebook", text="xin chào")
    _, answer = await world.graph_text("a", **envelope)

    assert code == answer.get("error", {}).get("code")


def _pair(answer: Any) -> tuple[int, int]:
    error = answer.get("error", {})
    return error.get("code", 0), error.get("error_subcode", 0)


async def test_windows_open_and_close(world: World) -> None:
    """24 hours for anything, seven days for a person's words, then nothing."""
    human = {"messaging_type": "MESSAGE_TAG", "tag": "HUMAN_AGENT"}
    pairs = [_pair((await world.graph_text("a"))[1])]
    await world.writes("facebook", text="xin chào")
    world.clock.forward(hours=24)
    pairs.append(_pair((await world.graph_text("a"))[1]))
    world.clock.forward(seconds=1)
    pairs.append(_pair((await world.graph_text("a"))[1]))
    pairs.append(_pair((await world.graph_text("a", **human))[1]))
    world.clock.forward(days=6)
    pairs.append(_pair((await world.graph_text("a", **human))[1]))

    over = (10, 2018278)
    assert [over, (0, 0), over, (0, 0), over] == pairs


async def test_who_blocked_the_page(world: World) -> None:
    """Blocking sends no webhook; the next send says 551."""
    await world.writes("facebook", text="xin chào")
    before = len(world.service.hooks)
    await world.writes("facebook", kind="unfollow")
    _, answer = await world.graph_text("a")

    assert before == len(world.service.hooks)
    assert _pair(answer) == (551, 1545041)


async def test_strangers_and_tokens(world: World) -> None:
    """Unknown people are 100/2018001, unknown tokens 190 with HTTP 401."""
    stranger = {"recipient": {"id": "1"}, "message": {"text": "a"}}
    _, nobody = await world.graph("me/messages", stranger)
    status, token = await world.graph("me/messages", {}, token="else")

    assert _pair(nobody) == (100, 2018001)
    assert (status, _pair(token)[0]) == (401, 190)


async def test_token_in_a_header_and_proof(world: World) -> None:
    """The token may come as a bearer; a wrong proof is refused."""
    token = PAGE.page_access_token
    proof = hmac.new(PAGE.app_secret.encode(), token.encode(), hashlib.sha256)
    url = world.server.make_url("/v25.0/me")
    headers = {"Authorization": f"Bearer {token}"}
    found = []
    for one in (proof.hexdigest(), "0" * 64):
        query = {"appsecret_proof": one}
        async with world.http.get(url, headers=headers, params=query) as answer:
            found.append(answer.status)

    assert found == [200, 400]


async def test_rate_is_per_second(start: Start) -> None:
    """The call above the rate is 613; the next second is new."""
    world = await start(facebook=FacebookAccount(per_second=1))
    await world.writes("facebook", text="xin chào")
    codes = [_pair((await world.graph_text("a"))[1])[0] for _ in "ab"]
    world.clock.forward(seconds=1)
    codes.append(_pair((await world.graph_text("a"))[1])[0])

    assert codes == [0, 613, 0]


async def test_sender_actions(world: World) -> None:
    """Typing and "seen" are taken; anything else is a parameter error."""
    await world.writes("facebook", text="xin chào")
    codes = []
    for action in ("typing_on", "typing_off", "mark_seen", "dance"):
        body = {"recipient": TO, "sender_action": action}
        codes.append(_pair((await world.graph("me/messages", body))[1])[0])
    thread = await world.api(f"threads/facebook/{TO['id']}")

    assert codes == [0, 0, 0, 100]
    assert thread["messages"][-1]["state"] == "seen"


async def _form(world: World, path: str, **fields: Any) -> tuple[int, Any]:
    form = aiohttp.FormData()
    for name, value in fields.items():
        if isinstance(value, bytes):
            data = BytesIO(value)
            form.add_field(name, data, filename="a.png", content_type="image/png")
        else:
            form.add_field(name, value if isinstance(value, str) else json.dumps(value))
    url = world.server.make_url(f"/v25.0/{path}")
    query = {"access_token": PAGE.page_access_token}
    async with world.http.post(url, data=form, params=query) as answer:
        return answer.status, await answer.json()


PNG = b"\x89PNG\r\n\x1a\n made up"
IMAGE = {"attachment": {"type": "image", "payload": {"is_reusable": True}}}


async def test_files_come_along_or_before(world: World) -> None:
    """A file may come with the message, be uploaded before, or lie elsewhere."""
    await world.writes("facebook", text="xin chào")
    along = await _form(world, "me/messages", recipient=TO, message=IMAGE, filedata=PNG)
    _, kept = await _form(
        world, f"{PAGE.page_id}/message_attachments", message=IMAGE, filedata=PNG
    )
    far = {"attachment": {"type": "image", "payload": {"url": "https://a.vn/a.png"}}}
    _, link = await world.graph("me/message_attachments", {"message": far})
    for one in (kept, link):
        payload = {"attachment_id": one["attachment_id"]}
        message = {"attachment": {"type": "image", "payload": payload}}
        await world.graph("me/messages", {"recipient": TO, "message": message})
    thread = await world.api(f"threads/facebook/{TO['id']}")
    shown = thread["messages"][1:]

    assert along[0] == 200
    assert [len(one["pictures"]) for one in shown] == [1, 1, 0]
    assert shown[2]["links"] == ["https://a.vn/a.png"]


async def test_files_have_limits(world: World) -> None:
    """A picture above 8 MB is 100/2018109; an upload of nothing is 100."""
    big = b"x" * (8 * 1024 * 1024 + 1)
    path = "me/message_attachments"
    _, large = await _form(world, path, message=IMAGE, filedata=big)
    _, none = await world.graph(path, {"message": {}})

    assert _pair(large) == (100, 2018109)
    assert _pair(none) == (100, 0)


@pytest.mark.parametrize("body", [b"{", b"[1]", b'{"message": '])
async def test_broken_json(world: World, body: bytes) -> None:
    """What is no JSON object is a parameter error."""
    url = world.server.make_url("/v25.0/me/messages")
    query = {"access_token": PAGE.page_access_token}
    headers = {"Content-Type": "application/json"}
    call = world.http.post(url, data=body, params=query, headers=headers)
    async with call as answer:
        assert answer.status == 400
    status, _ = await _form(world, "me/messages", recipient="{broken")
    assert status == 400


MENU = [
    {"type": "postback", "title": "Thủ tục hành chính", "payload": "#tthc"},
    {"type": "web_url", "title": "Cổng dịch vụ công", "url": "https://a.vn"},
]


def _menu(items: list[Any]) -> dict[str, Any]:
    return {"persistent_menu": [{"locale": "default", "call_to_actions": items}]}


async def test_the_profile_is_shown(world: World) -> None:
    """Menu, greeting and Get Started reach the phone; a menu needs Get Started."""
    path = "me/messenger_profile"
    early, _ = await world.graph(path, _menu(MENU))
    start = {"get_started": {"payload": "#start"}}
    hello = {"greeting": [{"locale": "default", "text": "Dạ, xin chào"}]}
    status, answer = await world.graph(path, start | hello | _menu(MENU))
    phone = await world.api("citizens")

    assert early == 400
    assert (status, answer) == (200, {"result": "success"})
    assert (phone["greeting"], phone["get_started"]) == ("Dạ, xin chào", "#start")
    assert [one["title"] for one in phone["menu"]] == [
        "Thủ tục hành chính",
        "Cổng dịch vụ công",
    ]


@pytest.mark.parametrize(
    "change",
    [
        {},
        {"unknown": 1},
        {"get_started": {"payload": "#s"}, **_menu([MENU[0]] * 21)},
        {"get_started": {"payload": "#s"}, **_menu([{"type": "postback"}])},
    ],
)
async def test_bad_profiles(world: World, change: dict[str, Any]) -> None:
    """An empty, unknown or overfull profile is refused."""
    assert (await world.graph("me/messenger_profile", change))[0] == 400


async def test_the_profile_is_read_and_deleted(world: World) -> None:
    """Fields come back as set until they are deleted."""
    await world.graph("me/messenger_profile", {"get_started": {"payload": "#s"}})
    url = world.server.make_url("/v25.0/me/messenger_profile")
    query = {"access_token": PAGE.page_access_token, "fields": "get_started,greeting"}
    async with world.http.get(url, params=query) as answer:
        read = await answer.json()
    query.pop("fields")
    fields = {"fields": ["get_started"]}
    async with world.http.delete(url, params=query, json=fields) as answer:
        assert answer.status == 200
    async with world.http.delete(url, params=query, json={"fields": "x"}) as answer:
        assert answer.status == 400

    assert read == {"data": [{"get_started": {"payload": "#s"}}]}
    assert world.sandbox.profile == {}


async def test_reading_calls(world: World) -> None:
    """The page, its people, its subscriptions and the routing calls answer."""
    query = {"access_token": PAGE.page_access_token}
    found = {}
    for node in ("me", TO["id"], f"{PAGE.page_id}/subscribed_apps", "none", "x/y"):
        url = world.server.make_url(f"/v25.0/{node}")
        async with world.http.get(url, params=query) as answer:
            found[node] = answer.status, await answer.text()
    status, _ = await world.graph("me/pass_thread_control", {"recipient": TO})

    assert [one[0] for one in found.values()] == [200, 200, 200, 400, 404]
    assert {"first_name": "Lành", "last_name": "Nguyễn Thị", "id": TO["id"]} == (
        json.loads(found[TO["id"]][1])
    )
    assert "message_echoes" in found[f"{PAGE.page_id}/subscribed_apps"][1]
    assert status == 200


async def test_only_its_own_page(world: World) -> None:
    """Another page's node is refused."""
    body = {"recipient": TO, "message": {"text": "a"}}

    assert (await world.graph("42/messages", body))[0] == 400
