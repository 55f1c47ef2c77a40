"""Do the emulated staff platforms keep the rules of the real ones?"""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import aiohttp
import pytest

from bot.sandbox.model import StaffPlatform, TelegramAccount, ZaloBotAccount
from bot.sandbox.officers import OFFICERS
from tests.bot.sandbox.support import Start, World

TELEGRAM, ZALO_BOT = TelegramAccount(), ZaloBotAccount()
MAI = OFFICERS[0]


async def call(
    world: World, method: str, token: str = TELEGRAM.bot_token, /, **values: Any
) -> tuple[int, Any]:
    """Call a bot method; return status and answer."""
    url = world.server.make_url(f"/bot{token}/{method}")
    async with world.http.post(url, json=values) as answer:
        return answer.status, await answer.json()


async def say(world: World, text: str = "Dạ", **values: Any) -> Any:
    """Send to the group; return the message."""
    told: dict[str, Any] = {"chat_id": TELEGRAM.chat_id, "text": text} | values
    status, body = await call(world, "sendMessage", **told)
    assert status == 200, body
    return body["result"]


async def topic(world: World, name: str = "HS-1") -> int:
    """Make a topic; return its thread."""
    _, body = await call(world, "createForumTopic", chat_id=TELEGRAM.chat_id, name=name)
    thread: int = body["result"]["message_thread_id"]
    return thread


@pytest.mark.parametrize("token", [TELEGRAM.bot_token, ZALO_BOT.bot_token])
async def test_each_token_is_its_own_bot(world: World, token: str) -> None:
    """The same address serves both; a wrong token is 401."""
    status, body = await call(world, "getMe", token)

    assert (status, body["ok"]) == (200, True)
    assert str(body["result"]["id"]) == token.partition(":")[0]
    assert (await call(world, "getMe", "1:x"))[0] == 401
    assert (await call(world, "noSuchMethod", token))[0] == 404


async def test_a_form_is_understood_like_json(world: World) -> None:
    """Clients of Telegram post forms with nested JSON."""
    url = world.server.make_url(f"/bot{TELEGRAM.bot_token}/sendMessage")
    markup = {"inline_keyboard": [[{"text": "Nhận", "callback_data": "d:take:1"}]]}
    data = {
        "chat_id": TELEGRAM.chat_id,
        "text": "Dạ",
        "reply_markup": json.dumps(markup),
    }
    async with world.http.post(url, data=data) as answer:
        body = await answer.json()

    assert body["result"]["reply_markup"] == markup


async def test_a_topic_lives_and_ends(world: World) -> None:
    """Made, written in, closed once; a deleted one is not found."""
    thread = await topic(world)
    shown = await say(world, message_thread_id=thread)
    assert (shown["message_thread_id"], shown["is_topic_message"]) == (thread, True)
    where = {"chat_id": TELEGRAM.chat_id, "message_thread_id": thread}
    assert (await call(world, "closeForumTopic", **where))[0] == 200
    assert (await call(world, "closeForumTopic", **where))[0] == 400
    world.sandbox.room.delete_topic(thread)
    status, body = await call(world, "sendMessage", text="x", **where)

    assert (status, body["description"]) == (
        400,
        "Bad Request: message thread not found",
    )


@pytest.mark.parametrize(
    ("method", "values"),
    [
        ("sendMessage", {"chat_id": "-1", "text": "x"}),
        ("sendMessage", {"chat_id": TELEGRAM.chat_id, "text": " "}),
        ("sendMessage", {"chat_id": TELEGRAM.chat_id, "text": "x" * 4097}),
        ("createForumTopic", {"chat_id": TELEGRAM.chat_id, "name": ""}),
        ("sendPhoto", {"chat_id": TELEGRAM.chat_id}),
        (
            "editMessageText",
            {"chat_id": TELEGRAM.chat_id, "message_id": 9, "text": "x"},
        ),
        ("answerCallbackQuery", {"callback_query_id": "x"}),
        ("getFile", {"file_id": "x"}),
        ("setWebhook", {"url": "ftp://x"}),
    ],
)
async def test_what_telegram_refuses(
    world: World, method: str, values: dict[str, Any]
) -> None:
    """Wrong group, empty or long texts, unknown messages, presses and files."""
    status, body = await call(world, method, **values)

    assert (status, body["ok"]) == (400, False)


async def test_callback_data_has_64_bytes(world: World) -> None:
    """One more is refused."""
    for size, expected in ((64, 200), (65, 400)):
        rows = [[{"text": "a", "callback_data": "x" * size}]]
        markup = {"inline_keyboard": rows}
        told: dict[str, Any] = {"text": "x", "reply_markup": markup}
        told["chat_id"] = TELEGRAM.chat_id
        assert (await call(world, "sendMessage", **told))[0] == expected


async def test_an_edit_changes_and_repeats_are_refused(world: World) -> None:
    """The same text again is an error, as in real life."""
    shown = await say(world)
    told = {
        "chat_id": TELEGRAM.chat_id,
        "message_id": shown["message_id"],
        "text": "mới",
    }

    assert (await call(world, "editMessageText", **told))[0] == 200
    status, body = await call(world, "editMessageText", **told)
    assert (status, "not modified" in body["description"]) == (400, True)


async def test_a_group_takes_twenty_messages_a_minute(world: World) -> None:
    """All topics together; then 429 says how long to wait."""
    for _ in range(20):
        await say(world)
    told = {"chat_id": TELEGRAM.chat_id, "text": "x"}
    status, body = await call(world, "sendMessage", **told)

    assert status == 429
    assert body["parameters"]["retry_after"] > 0
    world.clock.forward(minutes=1)
    await say(world)


async def test_a_press_reaches_the_service_and_is_answered(world: World) -> None:
    """Signed by the secret, with the message; each press is answered once."""
    markup = {"inline_keyboard": [[{"text": "Nhận", "callback_data": "d:take:1"}]]}
    thread = await topic(world)
    shown = await say(world, message_thread_id=thread, reply_markup=markup)
    told = {
        "officer": "mai",
        "message_id": shown["message_id"],
        "data": "d:take:1",
    }
    found = await world.api("staff/tap", told)
    await world.sandbox.poster.idle()

    (hook,) = world.service.hooks
    assert hook.path == TELEGRAM.path
    secret = hook.headers["X-Telegram-Bot-Api-Secret-Token"]
    assert secret == TELEGRAM.secret_token
    query = hook.json()["callback_query"]
    assert query["data"] == "d:take:1"
    assert query["message"]["message_thread_id"] == thread
    told = {"callback_query_id": found["query_id"], "text": "Dạ"}
    assert (await call(world, "answerCallbackQuery", **told))[0] == 200
    assert (await call(world, "answerCallbackQuery", **told))[0] == 400


async def test_a_message_in_a_topic_replies_to_its_creation(world: World) -> None:
    """So real updates look; a reply of the officer names our message instead."""
    thread = await topic(world)
    shown = await say(world, message_thread_id=thread)
    told = {"officer": "mai", "place": str(thread), "text": "nội bộ"}
    await world.api("staff/say", told)
    await world.api("staff/say", told | {"reply_to": str(shown["message_id"])})
    await world.sandbox.poster.idle()

    first, second = (hook.json()["message"] for hook in world.service.hooks)
    assert "forum_topic_created" in first["reply_to_message"]
    assert second["reply_to_message"]["message_id"] == shown["message_id"]


async def test_a_picture_goes_both_ways(world: World) -> None:
    """Uploaded by the bot; sent by an officer, named by getFile, and fetched."""
    url = world.server.make_url(f"/bot{TELEGRAM.bot_token}/sendPhoto")
    form = aiohttp.FormData({"chat_id": TELEGRAM.chat_id, "caption": "x"})
    form.add_field("photo", b"\x89PNG\r\n\x1a\n1", filename="a.png")
    async with world.http.post(url, data=form) as answer:
        assert (await answer.json())["result"]["caption"] == "x"
    thread = await topic(world)
    form = aiohttp.FormData()
    form.add_field("file", b"\x89PNG\r\n\x1a\n2", filename="b.png")
    where = f"/sandbox/api/staff/photo?officer=mai&place={thread}"
    async with world.http.post(world.server.make_url(where), data=form) as answer:
        assert answer.status == 200
    await world.sandbox.poster.idle()
    file_id = world.service.hooks[0].json()["message"]["photo"][-1]["file_id"]
    _, body = await call(world, "getFile", file_id=file_id)
    path = f"/file/bot{TELEGRAM.bot_token}/{body['result']['file_path']}"
    async with world.http.get(world.server.make_url(path)) as answer:
        assert await answer.read() == b"\x89PNG\r\n\x1a\n2"
    wrong = path.replace(TELEGRAM.bot_token, "1:x")
    async with world.http.get(world.server.make_url(wrong)) as answer:
        assert answer.status == 404


async def test_the_webhook_follows_what_was_set(world: World) -> None:
    """Path and secret of setWebhook are used; deleted means silent."""
    told = {"url": "https://a.example/webhooks/khac", "secret_token": "moi"}
    assert (await call(world, "setWebhook", **told))[0] == 200
    await world.api("staff/say", {"officer": "mai", "text": "x"})
    await world.sandbox.poster.idle()
    assert world.service.hooks[0].path == "/webhooks/khac"
    await call(world, "deleteWebhook")
    await world.api("staff/say", {"officer": "mai", "text": "x"})
    await world.sandbox.poster.idle()

    assert len(world.service.hooks) == 1


@pytest.mark.parametrize(
    ("fault", "status"),
    [("rate_limit", 429), ("server_error", 503), ("expired_token", 401)],
)
async def test_the_faults_of_the_others_are_here_too(
    world: World, fault: str, status: int
) -> None:
    """Each can be limited to one staff platform."""
    await world.weather(**{fault: {"next_calls": 1, "channel": "telegram"}})
    url = world.server.make_url(f"/bot{ZALO_BOT.bot_token}/getMe")
    async with world.http.post(url) as answer:
        assert answer.status == 200
    url = world.server.make_url(f"/bot{TELEGRAM.bot_token}/getMe")
    async with world.http.post(url) as answer:
        assert answer.status == status


async def test_accepted_and_dropped(world: World) -> None:
    """The message stands in the group, the caller never hears of it."""
    await world.weather(accept_then_drop={"next_calls": 1, "channel": "telegram"})
    with pytest.raises(aiohttp.ClientError):
        await say(world)

    assert len(world.sandbox.room.group) == 1


async def test_the_zalo_bot_writes_to_people_it_knows(world: World) -> None:
    """A text to a talk; strangers, long texts and pictures without address are 400."""
    token = ZALO_BOT.bot_token
    told = {"chat_id": MAI.zalo_bot_id, "text": "Dạ"}
    status, body = await call(world, "sendMessage", token, **told)
    assert (status, body["ok"]) == (200, True)
    assert world.sandbox.room.talks[MAI.zalo_bot_id][0].text == "Dạ"
    for bad in ({"chat_id": "x"}, {"text": ""}, {"text": "x" * 2001}):
        assert (await call(world, "sendMessage", token, **(told | bad)))[0] == 400
    photo = {"chat_id": MAI.zalo_bot_id, "photo": "/a.png"}
    assert (await call(world, "sendPhoto", token, **photo))[0] == 400


async def test_an_officer_writes_to_the_zalo_bot(world: World) -> None:
    """The body has the shape of the documentation, with the secret."""
    told = {"platform": "zalo_bot", "officer": "mai", "text": "1"}
    await world.api("staff/say", told)
    await world.sandbox.poster.idle()

    (hook,) = world.service.hooks
    assert hook.headers["X-Bot-Api-Secret-Token"] == ZALO_BOT.secret_token
    message = hook.json()["result"]["message"]
    assert (message["from"]["id"], message["text"]) == (MAI.zalo_bot_id, "1")


async def test_a_zalo_secret_has_eight_characters(world: World) -> None:
    """A short one is refused when the webhook is set."""
    token = ZALO_BOT.bot_token
    url = "https://a.example/x"

    assert (await call(world, "setWebhook", token, url=url, secret_token="short"))[
        0
    ] == 400
    assert (await call(world, "setWebhook", token, url=url, secret_token="x" * 8))[
        0
    ] == 200


async def test_a_group_without_topics(start: Start) -> None:
    """Then no topic can be made."""
    world = await start(telegram=replace(TELEGRAM, is_forum=False))
    told = {"chat_id": TELEGRAM.chat_id, "name": "x"}

    assert (await call(world, "createForumTopic", **told))[0] == 400


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("staff/say", {"officer": "nobody", "text": "x"}),
        ("staff/say", {"officer": "mai", "text": " "}),
        ("staff/say", {"officer": "mai", "text": "x", "place": "999"}),
        ("staff/tap", {"officer": "mai", "message_id": 1, "data": "x"}),
        ("staff/tap", {"officer": "mai", "message_id": "x", "data": "x"}),
    ],
)
async def test_the_page_is_told_what_cannot_be(
    world: World, path: str, body: dict[str, Any]
) -> None:
    """Nobody, nothing, nowhere: an error with its name."""
    assert "error" in await world.api(path, body)


async def test_reset_empties_the_room(world: World) -> None:
    """With the phones the staff room is emptied."""
    await topic(world)
    await world.api("reset", {})

    assert (await world.api("staff"))["topics"] == []
    assert world.sandbox.hooks[StaffPlatform.TELEGRAM][1] == TELEGRAM.secret_token
