"""Does the emulated Zalo accept and refuse as the tables say?"""

from __future__ import annotations

import hashlib
import hmac
from io import BytesIO
from typing import Any

import aiohttp
import pytest

from bot.sandbox.model import ZaloAccount
from tests.bot.sandbox.support import ACCESS, LANH, Start, World

CS = "/v3.0/oa/message/cs"
TO = {"user_id": LANH["zalo"]}


def _card(buttons: list[dict[str, Any]], text: str = "Dạ, xin chọn:") -> dict[str, Any]:
    attachment = {"type": "template", "payload": {"buttons": buttons}}
    return {"recipient": TO, "message": {"text": text, "attachment": attachment}}


def _template(payload: dict[str, Any]) -> dict[str, Any]:
    attachment = {"type": "template", "payload": payload}
    return {"recipient": TO, "message": {"attachment": attachment}}


def _query(payload: Any = "#a", title: Any = "A") -> dict[str, Any]:
    return {"title": title, "type": "oa.query.hide", "payload": payload}


async def test_a_text_is_accepted_and_recorded(world: World) -> None:
    """An accepted text has an id, a quota, rate headers, and stands in the record."""
    await world.writes("zalo", text="xin chào")
    answer = await world.zalo_text("Dạ, xin chào ạ")
    (sent,) = (await world.api("sent"))["sent"]

    assert answer["error"] == 0
    assert answer["data"]["quota"]["quota_type"] == "reply"
    assert answer["data"]["quota"]["remain"] == 7
    assert answer["data"]["message_id"] == sent["message_id"]
    assert (LANH["zalo"], 1, False) == (sent["user_id"], sent["seq"], sent["dropped"])
    assert sent["body"]["message"]["text"] == "Dạ, xin chào ạ"


LONG = "x" * 2001
MEDIA = {"template_type": "media"}
LOST = {"media_type": "image", "attachment_id": "a"}
REFUSED: list[tuple[str, dict[str, Any], int]] = [
    ("stranger", {"recipient": {"user_id": "1"}, "message": {"text": "a"}}, -201),
    ("no user", {"message": {"text": "a"}}, -201),
    ("no message", {"recipient": TO}, -201),
    ("no text", {"recipient": TO, "message": {"text": ""}}, -201),
    ("text no text", {"recipient": TO, "message": {"text": 5}}, -201),
    ("long text", {"recipient": TO, "message": {"text": LONG}}, -210),
    ("no buttons", _card([]), -201),
    ("six buttons", _card([_query()] * 6), -210),
    ("long title", _card([_query(title="x" * 101)]), -210),
    ("no title", _card([_query(title=None)]), -201),
    ("empty title", _card([_query(title="")]), -210),
    ("long payload", _card([_query("x" * 1001)]), -210),
    ("payload no text", _card([_query({"a": 1})]), -201),
    ("unknown button", _card([{"title": "A", "type": "x", "payload": {}}]), -201),
    (
        "url missing",
        _card([{"title": "A", "type": "oa.open.url", "payload": {}}]),
        -201,
    ),
    ("card no text", _card([_query()], text=""), -233),
    ("no elements", _template(MEDIA), -201),
    ("element no object", _template(MEDIA | {"elements": ["a"]}), -201),
    ("video", _template(MEDIA | {"elements": [{"media_type": "video"}]}), -201),
    (
        "both",
        _template(
            MEDIA
            | {"elements": [{"media_type": "image", "url": "u", "attachment_id": "a"}]}
        ),
        -201,
    ),
    (
        "gif no size",
        _template(MEDIA | {"elements": [{"media_type": "gif", "url": "u"}]}),
        -201,
    ),
    (
        "lost picture",
        _template(
            MEDIA | {"elements": [{"media_type": "image", "attachment_id": "a"}]}
        ),
        -100,
    ),
    ("list is off", _template({"template_type": "list", "elements": [{}]}), -233),
    ("old template", _template({"template_type": "promotion"}), -233),
    (
        "lost file",
        {
            "recipient": TO,
            "message": {"attachment": {"type": "file", "payload": {"token": "t"}}},
        },
        -100,
    ),
    (
        "unknown kind",
        {"recipient": TO, "message": {"attachment": {"type": "x", "payload": {}}}},
        -233,
    ),
    (
        "attachment no object",
        {"recipient": TO, "message": {"attachment": []}},
        -201,
    ),
]


@pytest.mark.parametrize(
    ("body", "code"),
    [(body, code) for _, body, code in REFUSED],
    ids=[name for name, _, _ in REFUSED],
)
async def test_bad_messages_are_refused(
    world: World, body: dict[str, Any], code: int
) -> None:
    """Each bad message gets HTTP 200, its code, and is not recorded."""
    await world.writes("zalo", text="xin chào")
    answer = await world.zalo(CS, body)

    assert code == answer["error"]
    assert (await world.api("sent"))["sent"] == []


OPENERS = [
    _query(),
    {"title": "B", "type": "oa.query.show", "payload": "#b"},
    {"title": "C", "type": "oa.open.url", "payload": {"url": "https://a.vn"}},
    {"title": "D", "type": "oa.open.phone", "payload": {"phone_code": "840"}},
    {
        "title": "E",
        "type": "oa.open.sms",
        "payload": {"content": "a", "phone_code": "840"},
    },
]


async def test_every_button_is_shown(world: World) -> None:
    """Five buttons of all types are accepted and stand under the bubble."""
    await world.writes("zalo", text="xin chào")
    answer = await world.zalo(CS, _card(OPENERS))
    thread = await world.api(f"threads/zalo/{LANH['zalo']}")
    buttons = thread["messages"][-1]["buttons"]

    assert answer["error"] == 0
    assert buttons == [
        {"title": "A", "payload": "#a", "hide": True},
        {"title": "B", "payload": "#b", "hide": False},
        {"title": "C", "url": "https://a.vn"},
        {"title": "D", "phone": "840"},
        {"title": "E", "phone": "840"},
    ]


async def test_more_templates(start: Start) -> None:
    """Stickers, far pictures, forms and (if switched on) lists are accepted."""
    world = await start(zalo=ZaloAccount(access_token=ACCESS, list_template=True))
    await world.writes("zalo", text="xin chào")
    payloads: list[dict[str, Any]] = [
        MEDIA | {"elements": [{"media_type": "sticker", "attachment_id": "s"}]},
        MEDIA | {"elements": [{"media_type": "image", "url": "https://a.vn/a.png"}]},
        {"template_type": "request_user_info", "elements": [{"title": "Mời điền"}]},
        {"template_type": "list", "elements": [{"title": "Một", "subtitle": "Hai"}]},
    ]
    codes = [(await world.zalo(CS, _template(p)))["error"] for p in payloads]
    thread = await world.api(f"threads/zalo/{LANH['zalo']}")
    shown = thread["messages"][1:]

    assert codes == [0, 0, 0, 0]
    assert shown[1]["links"] == ["https://a.vn/a.png"]
    assert shown[2]["text"] == "Mời điền"
    assert shown[3]["text"] == "Một\nHai"


async def test_windows_open_and_close(world: World) -> None:
    """Zalo refuses before the first word (-232) and after seven days (-230)."""
    never = await world.zalo_text("a")
    await world.writes("zalo", text="xin chào")
    world.clock.forward(days=7)
    last = await world.zalo_text("a")
    world.clock.forward(seconds=1)
    over = await world.zalo_text("a")

    assert [one["error"] for one in (never, last, over)] == [-232, 0, -230]


async def test_chat_now_allows_one_welcome(world: World) -> None:
    """After "chat now" the OA may write first, once."""
    await world.writes("zalo", kind="referral")
    welcome = await world.zalo_text("Dạ, xin chào ạ")
    second = await world.zalo_text("a")

    assert welcome["data"]["quota"]["quota_type"] == "welcome_msg"
    assert second["error"] == -232


async def test_who_left_is_not_reached(world: World) -> None:
    """After unfollowing the answer is -213, until the person follows again."""
    await world.writes("zalo", kind="follow")
    await world.writes("zalo", kind="unfollow")
    gone = await world.zalo_text("a")
    await world.writes("zalo", kind="follow")
    back = await world.zalo_text("a")

    assert [gone["error"], back["error"]] == [-213, 0]


async def test_quota_after_eight_replies(start: Start) -> None:
    """The ninth reply is paid from the package; an empty package says -211."""
    world = await start(zalo=ZaloAccount(access_token=ACCESS, package_quota=1))
    await world.writes("zalo", text="xin chào")
    answers = [await world.zalo_text("a") for _ in range(10)]
    left = await world.zalo("/v3.0/oa/quota/message", {"user_id": LANH["zalo"]})

    assert [one["error"] for one in answers] == [0] * 9 + [-211]
    assert answers[8]["data"]["quota"]["quota_type"] == "sub_quota"
    assert left["data"]["cs_reply"] == {"remain": 0, "total": 8}


async def test_tokens_are_checked(world: World) -> None:
    """A foreign token is -216; a wrong proof is -242."""
    foreign = await world.zalo(CS, {}, token="else")
    none = await world.zalo(CS, {}, token="")
    proof = hmac.new(b"sandbox-zalo-app", ACCESS.encode(), hashlib.sha256).hexdigest()
    codes = [await _get_oa(world, one) for one in (proof, "0" * 64)]

    assert [foreign["error"], none["error"]] == [-216, -216]
    assert codes == [0, -242]


async def _get_oa(world: World, proof: str) -> int:
    headers = {"access_token": ACCESS, "appsecret_proof": proof}
    url = world.server.make_url("/v2.0/oa/getoa")
    async with world.http.get(url, headers=headers) as answer:
        body = await answer.json()
    return int(body["error"])


async def test_rate_limit_has_headers(start: Start) -> None:
    """The call above the limit is -32 with both headers, and the next minute is new."""
    world = await start(zalo=ZaloAccount(access_token=ACCESS, per_minute=2))
    await world.writes("zalo", text="xin chào")
    url = world.server.make_url(CS)
    seen = []
    for _ in range(3):
        body = {"recipient": TO, "message": {"text": "a"}}
        headers = {"access_token": ACCESS}
        async with world.http.post(url, json=body, headers=headers) as answer:
            limit = answer.headers["X-RateLimit-Limit"]
            left = answer.headers["X-RateLimit-Remain"]
            seen.append(((await answer.json())["error"], limit, left))
    world.clock.forward(minutes=1)
    later = await world.zalo_text("a")

    assert seen == [(0, "2", "1"), (0, "2", "0"), (-32, "2", "0")]
    assert later["error"] == 0


PNG = b"\x89PNG\r\n\x1a\n made up"


async def _upload(world: World, kind: str, name: str, data: bytes) -> Any:
    form = aiohttp.FormData(quote_fields=False)
    form.add_field("file", BytesIO(data), filename=name)
    url = world.server.make_url(f"/v2.0/oa/upload/{kind}")
    headers = {"access_token": ACCESS}
    async with world.http.post(url, data=form, headers=headers) as answer:
        return await answer.json()


async def test_uploads_become_messages(world: World) -> None:
    """A picture and a document are uploaded, sent, and shown on the phone."""
    await world.writes("zalo", text="xin chào")
    picture = await _upload(world, "image", "a.png", PNG)
    paper = await _upload(world, "file", "to khai.pdf", b"%PDF-1.4")
    element = {"media_type": "image", "attachment_id": picture["data"]["attachment_id"]}
    token = {"token": paper["data"]["token"]}
    await world.zalo(CS, _template(MEDIA | {"elements": [element]}))
    message = {"attachment": {"type": "file", "payload": token}}
    await world.zalo(CS, {"recipient": TO, "message": message})
    thread = await world.api(f"threads/zalo/{LANH['zalo']}")
    shown = thread["messages"][-2:]
    async with world.http.get(world.server.make_url(shown[0]["pictures"][0])) as answer:
        data, kind = await answer.read(), answer.content_type

    assert (data, kind) == (PNG, "image/png")
    assert shown[1]["files"][0]["name"] == "to khai.pdf"


@pytest.mark.parametrize(
    ("kind", "name", "size", "code"),
    [
        ("image", "a.png", 1024 * 1024, 0),
        ("image", "a.png", 1024 * 1024 + 1, -210),
        ("image", "a.exe", 10, -201),
        ("gif", "a.gif", 10, 0),
        ("file", "a.docx", 5 * 1024 * 1024, 0),
        ("file", "a.pdf", 5 * 1024 * 1024 + 1, -210),
        ("file", "a.png", 10, -201),
    ],
)
async def test_upload_limits(
    world: World, kind: str, name: str, size: int, code: int
) -> None:
    """Uploads above the limit or of a wrong kind are refused."""
    assert code == (await _upload(world, kind, name, b"x" * size))["error"]


async def test_uploads_need_a_file(world: World) -> None:
    """A JSON body, or a form without the field, is no upload."""
    form = aiohttp.FormData()
    form.add_field("other", b"x", filename="a.png")
    url = world.server.make_url("/v2.0/oa/upload/image")
    headers = {"access_token": ACCESS}
    async with world.http.post(url, data=form, headers=headers) as answer:
        other = await answer.json()

    assert other["error"] == -201
    assert (await world.zalo("/v2.0/oa/upload/image", {}))["error"] == -201


async def test_upload_ids_live_seven_days(world: World) -> None:
    """An old attachment id is answered with -100."""
    picture = await _upload(world, "image", "a.png", PNG)
    world.clock.forward(days=7, seconds=1)
    await world.writes("zalo", text="xin chào")
    element = {"media_type": "image", "attachment_id": picture["data"]["attachment_id"]}
    answer = await world.zalo(CS, _template(MEDIA | {"elements": [element]}))

    assert answer["error"] == -100


@pytest.mark.parametrize(
    ("path", "code"),
    [
        ("/v3.0/oa/message/transaction", -233),
        ("/v3.0/oa/message/promotion", -233),
        ("/v2.0/oa/message", -240),
    ],
)
async def test_dead_calls_stay_dead(world: World, path: str, code: int) -> None:
    """What Zalo has shut down is refused."""
    answer = await world.zalo(path, {"recipient": TO, "message": {"text": "a"}})

    assert code == answer["error"]


async def test_reactions(world: World) -> None:
    """A reaction needs a known icon and a known message."""
    message = (await world.writes("zalo", text="cảm ơn"))["message_id"]
    codes = []
    for icon, one in (("/-heart", message), ("x", message), ("/-heart", "none")):
        action = {"react_icon": icon, "react_message_id": one}
        body = {"recipient": TO, "sender_action": action}
        codes.append((await world.zalo("/v2.0/oa/message", body))["error"])

    assert codes == [0, -201, -201]


async def test_reading_calls(world: World) -> None:
    """The OA and its followers can be read; the old list of followers cannot."""
    data = f'{{"user_id":"{LANH["zalo"]}"}}'
    paths = {
        "/v2.0/oa/getoa": 0,
        f"/v3.0/oa/user/detail?data={data}": 0,
        "/v3.0/oa/user/detail?data=x": -201,
        '/v3.0/oa/user/detail?data={"user_id":"1"}': -201,
        "/v2.0/oa/getfollowers": -240,
    }
    found = {}
    for path in paths:
        headers = {"access_token": ACCESS}
        url = world.server.make_url(path)
        async with world.http.get(url, headers=headers) as answer:
            found[path] = (await answer.json())["error"]

    assert paths == found


async def test_load_generators_bring_their_own_people(start: Start) -> None:
    """With ``accept_any_user`` every decimal id may be written to, words may not."""
    world = await start(accept_any_user=True)
    known = await world.zalo_text("a", user="90071992547409931")
    word = await world.zalo_text("a", user="abc")

    assert [known["error"], word["error"]] == [0, -201]
    assert len((await world.api("sent?user=90071992547409931"))["sent"]) == 1
