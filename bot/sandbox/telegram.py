"""Which calls does the emulated Telegram Bot API answer? (PLATFORMS 4.1)"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

from aiohttp import web

from bot.sandbox import officers
from bot.sandbox.answers import SANDBOX, hang_up, linger
from bot.sandbox.bot_calls import BotCall, BotRefusal, Method, accept, too_many
from bot.sandbox.faults import Fault
from bot.sandbox.model import JsonObject, StaffPlatform
from bot.sandbox.sandbox import Sandbox
from bot.sandbox.staff_room import BOT, Line, Topic

TELEGRAM = StaffPlatform.TELEGRAM
TEXT_LIMIT = 4096
CAPTION_LIMIT = 1024
NAME_LIMIT = 128
DATA_BYTES = 64
TOAST_LIMIT = 200
MINUTE_SECONDS = 60
ICON_COLOUR = 7322096


def add_file_route(app: web.Application) -> None:
    """Serve what ``getFile`` names."""
    app.router.add_get("/file/bot{token:[^/]+}/photos/{file_id}", _file)


def bot_user(sandbox: Sandbox) -> JsonObject:
    """Return the bot as the platform shows it."""
    head = sandbox.config.telegram.bot_token.partition(":")[0]
    return {"id": int(head), "is_bot": True, "first_name": "Thân Thiện"}


def chat(sandbox: Sandbox) -> JsonObject:
    """Return the group as the platform shows it."""
    account = sandbox.config.telegram
    shown = {"id": int(account.chat_id), "type": "supergroup", "title": account.name}
    return shown | ({"is_forum": True} if account.is_forum else {})


def message(sandbox: Sandbox, line: Line) -> JsonObject:
    """Return a message of the group as the Bot API shows it."""
    shown: dict[str, Any] = {
        "message_id": line.message_id,
        "date": line.at_ms // 1000,
        "chat": chat(sandbox),
        "from": _sender(sandbox, line.who),
    }
    if line.place:
        shown |= {"message_thread_id": int(line.place), "is_topic_message": True}
    if line.buttons:
        shown["reply_markup"] = {"inline_keyboard": line.buttons}
    return shown | _content(line)


def _content(line: Line) -> JsonObject:
    if not line.picture:
        return {"text": line.text}
    file_id = line.picture.rpartition("/")[2]
    sizes = [
        _size(f"{file_id}-s", 90, 90),
        _size(file_id, 1280, 960),
    ]
    return {"photo": sizes} | ({"caption": line.text} if line.text else {})


def _size(file_id: str, width: int, height: int) -> JsonObject:
    shown = {"file_id": file_id, "file_unique_id": file_id[-12:]}
    return shown | {"width": width, "height": height}


def _sender(sandbox: Sandbox, who: str) -> JsonObject:
    officer = officers.find(who)
    if who == BOT or officer is None:
        return bot_user(sandbox)
    return {"id": int(officer.telegram_id), "is_bot": False, "first_name": officer.name}


async def _get_me(sandbox: Sandbox, call: BotCall) -> web.Response:
    del call
    more = {
        "username": "than_thien_bot",
        "can_join_groups": True,
        "can_read_all_group_messages": False,
    }
    return accept(bot_user(sandbox) | more)


async def _set_webhook(sandbox: Sandbox, call: BotCall) -> web.Response:
    url = urlsplit(call.text("url"))
    if call.text("url") and url.scheme not in ("http", "https"):
        raise BotRefusal(400, "Bad Request: bad webhook: invalid URL")
    sandbox.hooks[TELEGRAM] = (url.path, call.text("secret_token"))
    return accept(True)


async def _delete_webhook(sandbox: Sandbox, call: BotCall) -> web.Response:
    del call
    sandbox.hooks[TELEGRAM] = ("", "")
    return accept(True)


async def _webhook_info(sandbox: Sandbox, call: BotCall) -> web.Response:
    del call
    path, _ = sandbox.hooks[TELEGRAM]
    url = sandbox.service_url + path if path else ""
    return accept({"url": url, "has_custom_certificate": False})


async def _create_topic(sandbox: Sandbox, call: BotCall) -> web.Response:
    _check_chat(sandbox, call)
    if not sandbox.config.telegram.is_forum:
        raise BotRefusal(400, "Bad Request: the chat is not a forum")
    name = call.text("name")
    if not 0 < len(name) <= NAME_LIMIT:
        raise BotRefusal(400, "Bad Request: TOPIC_TITLE_INVALID")
    topic = sandbox.room.open_topic(name)
    shown = {
        "message_thread_id": topic.thread,
        "name": topic.name,
        "icon_color": ICON_COLOUR,
    }
    return await _done(sandbox, call, shown)


async def _close_topic(sandbox: Sandbox, call: BotCall) -> web.Response:
    _check_chat(sandbox, call)
    topic = _topic(sandbox, call)
    if topic is None:
        raise BotRefusal(400, "Bad Request: message thread not found")
    if topic.is_closed:
        raise BotRefusal(400, "Bad Request: TOPIC_NOT_MODIFIED")
    sandbox.room.close_topic(topic)
    return accept(True)


async def _send_message(sandbox: Sandbox, call: BotCall) -> web.Response:
    text = call.text("text")
    _check_text(text, TEXT_LIMIT, "message text is empty", "message is too long")
    return await _sent(sandbox, call, text, "")


async def _send_photo(sandbox: Sandbox, call: BotCall) -> web.Response:
    picture = call.upload.path if call.upload else call.text("photo")
    if not picture:
        raise BotRefusal(400, "Bad Request: there is no photo in the request")
    caption = call.text("caption")
    if len(caption) > CAPTION_LIMIT:
        raise BotRefusal(400, "Bad Request: message caption is too long")
    return await _sent(sandbox, call, caption, picture)


async def _sent(
    sandbox: Sandbox, call: BotCall, text: str, picture: str
) -> web.Response:
    _check_chat(sandbox, call)
    _check_rate(sandbox)
    topic = _topic(sandbox, call)
    place = str(topic.thread) if topic else ""
    buttons = _keyboard(call.fields.get("reply_markup"))
    line = Line(
        sandbox.room.new_id(), place, BOT, text, sandbox.now_ms(), buttons, picture
    )
    sandbox.room.add_group(line)
    sandbox.record.counts["telegram.accepted"] += 1
    return await _done(sandbox, call, message(sandbox, line))


async def _edit(sandbox: Sandbox, call: BotCall) -> web.Response:
    _check_chat(sandbox, call)
    told = call.text("message_id")
    line = sandbox.room.find(int(told)) if told.isdecimal() else None
    if line is None or line.who != BOT:
        raise BotRefusal(400, "Bad Request: message to edit not found")
    text = call.text("text")
    _check_text(text, TEXT_LIMIT, "message text is empty", "message is too long")
    buttons = _keyboard(call.fields.get("reply_markup"))
    if (text, buttons) == (line.text, line.buttons):
        raise BotRefusal(400, "Bad Request: message is not modified")
    sandbox.room.edit(line, text, buttons)
    return await _done(sandbox, call, message(sandbox, line))


async def _answer_tap(sandbox: Sandbox, call: BotCall) -> web.Response:
    who = sandbox.queries.pop(call.text("callback_query_id"), None)
    if who is None:
        raise BotRefusal(400, "Bad Request: query is too old and response timeout")
    text = call.text("text")
    if len(text) > TOAST_LIMIT:
        raise BotRefusal(400, "Bad Request: MESSAGE_TOO_LONG")
    sandbox.room.toast(who, text)
    return accept(True)


async def _get_file(sandbox: Sandbox, call: BotCall) -> web.Response:
    file_id = call.text("file_id").removesuffix("-s")
    stored = sandbox.files.get(file_id)
    if stored is None:
        raise BotRefusal(400, "Bad Request: invalid file_id")
    shown = {
        "file_id": file_id,
        "file_unique_id": file_id[:12],
        "file_size": len(stored.data),
        "file_path": f"photos/{file_id}",
    }
    return accept(shown)


async def _file(request: web.Request) -> web.Response:
    sandbox = request.app[SANDBOX]
    is_ours = request.match_info["token"] == sandbox.config.telegram.bot_token
    stored = sandbox.files.get(request.match_info["file_id"])
    if not is_ours or stored is None:
        raise web.HTTPNotFound
    return web.Response(body=stored.data, content_type=stored.kind)


async def _done(sandbox: Sandbox, call: BotCall, result: JsonObject) -> web.Response:
    """Answer late or not at all, if that is today's misfortune; it has happened."""
    dropped = sandbox.faults.fires(Fault.ACCEPT_THEN_DROP, TELEGRAM)
    await linger(sandbox, TELEGRAM)
    return hang_up(call.request) if dropped else accept(result)


def _check_chat(sandbox: Sandbox, call: BotCall) -> None:
    if call.text("chat_id") != sandbox.config.telegram.chat_id:
        raise BotRefusal(400, "Bad Request: chat not found")


def _check_rate(sandbox: Sandbox) -> None:
    now_ms = sandbox.now_ms()
    if not sandbox.bot_rates["telegram"].take(now_ms):
        raise too_many(1)
    if not sandbox.bot_rates["telegram_group"].take(now_ms):
        raise too_many(MINUTE_SECONDS - now_ms // 1000 % MINUTE_SECONDS)


def _check_text(text: str, limit: int, empty: str, long: str) -> None:
    if not text.strip():
        raise BotRefusal(400, f"Bad Request: {empty}")
    if len(text) > limit:
        raise BotRefusal(400, f"Bad Request: {long}")


def _topic(sandbox: Sandbox, call: BotCall) -> Topic | None:
    told = call.text("message_thread_id")
    if not told:
        return None
    topic = sandbox.room.topics.get(int(told)) if told.isdecimal() else None
    if topic is None:
        raise BotRefusal(400, "Bad Request: message thread not found")
    return topic


def _keyboard(markup: object) -> list[list[JsonObject]]:
    rows = markup.get("inline_keyboard", []) if isinstance(markup, dict) else []
    for row in rows:
        for button in row:
            data = button.get("callback_data")
            if data is not None and not 0 < len(data.encode()) <= DATA_BYTES:
                raise BotRefusal(400, "Bad Request: BUTTON_DATA_INVALID")
    found: list[list[JsonObject]] = rows
    return found


METHODS: Mapping[str, Method] = {
    "getme": _get_me,
    "setwebhook": _set_webhook,
    "deletewebhook": _delete_webhook,
    "getwebhookinfo": _webhook_info,
    "createforumtopic": _create_topic,
    "closeforumtopic": _close_topic,
    "sendmessage": _send_message,
    "sendphoto": _send_photo,
    "editmessagetext": _edit,
    "answercallbackquery": _answer_tap,
    "getfile": _get_file,
}
