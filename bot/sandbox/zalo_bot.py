"""Which calls does the emulated Zalo Bot API answer? (PLATFORMS 2)"""

from __future__ import annotations

from collections.abc import Mapping
from urllib.parse import urlsplit

from aiohttp import web

from bot.sandbox import officers
from bot.sandbox.answers import hang_up, linger
from bot.sandbox.bot_calls import BotCall, BotRefusal, Method, accept, too_many
from bot.sandbox.faults import Fault
from bot.sandbox.model import StaffPlatform
from bot.sandbox.sandbox import Sandbox
from bot.sandbox.staff_room import BOT, Line
from bot.sandbox.webhook import new_message_id

ZALO_BOT = StaffPlatform.ZALO_BOT
TEXT_LIMIT = 2000
SECRET = range(8, 257)
MINUTE_SECONDS = 60


async def _get_me(sandbox: Sandbox, call: BotCall) -> web.Response:
    del call
    account = sandbox.config.zalo_bot
    return accept(
        {
            "id": account.bot_token.partition(":")[0],
            "account_name": "bot.thanthien",
            "account_type": "BASIC",
            "can_join_groups": False,
        }
    )


async def _set_webhook(sandbox: Sandbox, call: BotCall) -> web.Response:
    url, secret = urlsplit(call.text("url")), call.text("secret_token")
    if url.scheme not in ("http", "https") or len(secret) not in SECRET:
        raise BotRefusal(400, "Bad Request")
    sandbox.hooks[ZALO_BOT] = (url.path, secret)
    outcome = {"ok": True, "url": call.text("url"), "outcome": "webhook.ok", "hint": ""}
    return accept(
        {
            "url": call.text("url"),
            "updated_at": sandbox.now_ms(),
            "verification": outcome,
        }
    )


async def _webhook_info(sandbox: Sandbox, call: BotCall) -> web.Response:
    del call
    path, _ = sandbox.hooks[ZALO_BOT]
    return accept({"url": sandbox.service_url + path, "updated_at": sandbox.now_ms()})


async def _send_message(sandbox: Sandbox, call: BotCall) -> web.Response:
    text = call.text("text")
    if not 0 < len(text) <= TEXT_LIMIT:
        raise BotRefusal(400, "Bad Request")
    return await _sent(sandbox, call, text, "")


async def _send_photo(sandbox: Sandbox, call: BotCall) -> web.Response:
    picture = call.text("photo")
    if not picture.startswith(("http://", "https://")):
        raise BotRefusal(400, "Bad Request")
    return await _sent(sandbox, call, call.text("caption")[:TEXT_LIMIT], picture)


async def _send_chat_action(sandbox: Sandbox, call: BotCall) -> web.Response:
    del sandbox, call
    return accept({"ok": True})


async def _sent(
    sandbox: Sandbox, call: BotCall, text: str, picture: str
) -> web.Response:
    user_id = call.text("chat_id")
    if officers.by_id(ZALO_BOT, user_id) is None:
        raise BotRefusal(400, "Bad Request: chat not found")
    now_ms = sandbox.now_ms()
    if not sandbox.bot_rates["zalo_bot"].take(now_ms):
        raise too_many(MINUTE_SECONDS - now_ms // 1000 % MINUTE_SECONDS)
    line = Line(sandbox.room.new_id(), user_id, BOT, text, now_ms, picture=picture)
    sandbox.room.add_talk(user_id, line)
    sandbox.record.counts["zalo_bot.accepted"] += 1
    dropped = sandbox.faults.fires(Fault.ACCEPT_THEN_DROP, ZALO_BOT)
    await linger(sandbox, ZALO_BOT)
    if dropped:
        return hang_up(call.request)
    return accept({"message_id": new_message_id(), "date": now_ms})


METHODS: Mapping[str, Method] = {
    "getme": _get_me,
    "setwebhook": _set_webhook,
    "getwebhookinfo": _webhook_info,
    "sendmessage": _send_message,
    "sendphoto": _send_photo,
    "sendchataction": _send_chat_action,
}
