"""What does an officer do in the group, and how does the service hear of it?"""

from __future__ import annotations

import json
import secrets

from bot.sandbox.delivery import ignore
from bot.sandbox.errors import NoSuchCitizenError, NoSuchEventError
from bot.sandbox.model import JsonObject, SignedRequest, StaffPlatform
from bot.sandbox.officers import Officer
from bot.sandbox.sandbox import Sandbox
from bot.sandbox.staff_room import Line
from bot.sandbox.telegram import chat, message
from bot.sandbox.webhook import new_message_id

TELEGRAM, ZALO_BOT = StaffPlatform.TELEGRAM, StaffPlatform.ZALO_BOT


def say_in_group(
    sandbox: Sandbox,
    officer: Officer,
    text: str,
    *,
    place: str = "",
    reply_to: int = 0,
    picture: str = "",
) -> Line:
    """Let an officer write in a topic, perhaps as a reply; tell the service."""
    room = sandbox.room
    line = Line(
        room.new_id(), place, officer.key, text, sandbox.now_ms(), picture=picture
    )
    line.reply_to = reply_to
    room.add_group(line)
    shown = message(sandbox, line)
    earlier = room.find(reply_to) if reply_to else None
    if earlier is not None:
        shown["reply_to_message"] = message(sandbox, earlier)
    elif place:
        shown["reply_to_message"] = _creation(sandbox, int(place))
    _post(sandbox, TELEGRAM, place, {"message": shown})
    return line


def tap(sandbox: Sandbox, officer: Officer, message_id: int, data: str) -> str:
    """Let an officer press a button; return the id of the press.

    Raises NoSuchEventError when there is no such button.
    """
    line = sandbox.room.find(message_id)
    known = (
        [b.get("callback_data") for row in line.buttons for b in row] if line else []
    )
    if line is None or data not in known:
        raise NoSuchEventError
    query_id = secrets.token_hex(9)
    sandbox.queries[query_id] = officer.key
    query = {
        "id": query_id,
        "from": {
            "id": int(officer.telegram_id),
            "is_bot": False,
            "first_name": officer.name,
        },
        "chat_instance": "1",
        "data": data,
        "message": message(sandbox, line),
    }
    _post(sandbox, TELEGRAM, line.place, {"callback_query": query})
    return query_id


def say_to_bot(sandbox: Sandbox, officer: Officer, text: str) -> Line:
    """Let an officer write to the Zalo bot; tell the service."""
    user_id = officer.zalo_bot_id
    line = Line(sandbox.room.new_id(), user_id, officer.key, text, sandbox.now_ms())
    sandbox.room.add_talk(user_id, line)
    told = {
        "event_name": "message.text.received",
        "message": {
            "from": {"id": user_id, "display_name": officer.name, "is_bot": False},
            "chat": {"id": user_id, "chat_type": "PRIVATE"},
            "text": text,
            "message_id": new_message_id(),
            "date": line.at_ms,
        },
    }
    _post(sandbox, ZALO_BOT, user_id, {"ok": True, "result": told})
    return line


def need(officer: Officer | None) -> Officer:
    """Return the officer; raises NoSuchCitizenError."""
    if officer is None:
        raise NoSuchCitizenError
    return officer


def staff_request(
    sandbox: Sandbox, platform: StaffPlatform, body: JsonObject
) -> SignedRequest:
    """Return the webhook with the secret that the service set."""
    path, secret = sandbox.hooks[platform]
    header = (
        "X-Telegram-Bot-Api-Secret-Token"
        if platform is TELEGRAM
        else "X-Bot-Api-Secret-Token"
    )
    headers = {"Content-Type": "application/json", header: secret}
    return SignedRequest(json.dumps(body).encode(), headers, path)


def _post(
    sandbox: Sandbox, platform: StaffPlatform, lane: str, body: JsonObject
) -> None:
    if platform is TELEGRAM:
        sandbox.update_id += 1
        body = {"update_id": sandbox.update_id, **body}
    if not sandbox.hooks[platform][0]:
        return
    request = staff_request(sandbox, platform, body)
    sandbox.poster.post(platform, lane, request, ignore)


def _creation(sandbox: Sandbox, thread: int) -> JsonObject:
    """Each message of a topic "replies" to the making of the topic."""
    topic = sandbox.room.topics.get(thread)
    return {
        "message_id": thread,
        "date": sandbox.now_ms() // 1000,
        "chat": chat(sandbox),
        "from": {"id": 1, "is_bot": True, "first_name": "Thân Thiện"},
        "forum_topic_created": {"name": topic.name if topic else ""},
    }
