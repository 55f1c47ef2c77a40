"""``/console/settings``: the unit as citizens know it, and its channels."""

from __future__ import annotations

from dataclasses import dataclass

from aiohttp import web

from bot.console.errors import NoPageError
from bot.console.guard import Section, action, get, post
from bot.console.nav import Item, Place
from bot.console.settings import checks
from bot.console.settings.checks import NOT_ASKED, OPEN, Found
from bot.console.settings.profile import lines
from bot.console.visit import Visit
from handlers.staff.permissions import Action
from handlers.staff.settings import channels
from handlers.staff.settings.errors import SettingsError

BAD = 400
NAMES = {
    "zalo": "Zalo Official Account",
    "facebook": "Trang Facebook",
    "telegram": "Nhóm Telegram của cán bộ",
    "zalo_bot": "Zalo Bot của cán bộ",
}
SHORT = {
    "zalo": "Zalo",
    "facebook": "Facebook",
    "telegram": "Telegram",
    "zalo_bot": "Zalo Bot",
}
OF_STAFF = ("telegram", "zalo_bot")
ZALO_EVENTS = (
    (
        "user_send_text, user_send_image, user_send_gif, user_send_link,"
        " user_send_audio, user_send_video, user_send_sticker, user_send_location,"
        " user_send_business_card, user_send_file"
    ),
    "follow, unfollow, user_click_chatnow, user_submit_info, user_withdraw",
    (
        "oa_send_text, oa_send_image, oa_send_gif, oa_send_list, oa_send_file,"
        " oa_send_sticker, oa_send_template"
    ),
    "user_received_message, user_seen_message",
)
FACEBOOK_FIELDS = (
    "messages",
    "messaging_postbacks",
    "messaging_referrals",
    "message_deliveries",
    "message_reads",
    "message_echoes",
    "messaging_handovers",
    "standby",
    "feed",
)
PRIVACY = {
    "privacy.notice": "Thông báo khi người dân nhắn lần đầu",
    "privacy.given": "Khi người dân đồng ý",
    "privacy.declined": "Khi người dân không đồng ý",
    "privacy.rights": "Khi người dân nhắn “QUYỀN DỮ LIỆU”",
}


@dataclass(frozen=True, slots=True)
class Line:
    """One channel in the overview."""

    key: str
    name: str
    found: Found


@action(Action.CHANGE_SETTINGS)
async def show(at: Visit) -> web.StreamResponse:
    """Show what is in force, and how each channel stands."""
    last = await channels.last_heard(at.desk)
    return at.html(
        "settings/page.html",
        "Cài đặt",
        lines=lines(at.house.config, at.unit_id, at.settings),
        channels=[Line(key, NAMES[key], _state(at, last, key)) for key in NAMES],
    )


@action(Action.CHANGE_SETTINGS)
async def privacy(at: Visit) -> web.StreamResponse:
    """Show what citizens are told about their data, in the words in force."""
    words, unit = at.services.words, at.services.unit
    values = {
        "xa": unit.name,
        "xh": "anh/chị",
        "Xh": "Anh/chị",
        "retention": unit.retention,
        "has_hosted_ai": unit.has_hosted_ai,
    }
    told = [(title, words.say(key, **values)) for key, title in PRIVACY.items()]
    return at.html("settings/privacy.html", "Thông báo về dữ liệu cá nhân", told=told)


@action(Action.CHANGE_SETTINGS)
async def channel(at: Visit) -> web.StreamResponse:
    """Show the steps of connecting a channel, as far as we know without asking."""
    return await _channel(at, {})


@action(Action.CHANGE_SETTINGS)
async def check(at: Visit) -> web.StreamResponse:
    """Ask the platform, and show what it said beside each step."""
    key = _key(at)
    try:
        await channels.begin_check(at.desk, key)
    except SettingsError as error:
        return await _channel(at, {}, error)
    return await _channel(at, await checks.ask(at, key))


@action(Action.CHANGE_SETTINGS)
async def trial(at: Visit) -> web.StreamResponse:
    """Send a test message to whoever asks."""
    key = _key(at)
    if key not in OF_STAFF:
        raise NoPageError
    try:
        address = await channels.begin_trial(at.desk, key)
    except SettingsError as error:
        return await _channel(at, {}, error)
    return await _channel(at, {"trial": await checks.send_trial(at, key, address)})


async def _channel(
    at: Visit, found: dict[str, Found], error: SettingsError | None = None
) -> web.Response:
    key = _key(at)
    last = await channels.last_heard(at.desk)
    own = checks.channels(at)
    known = {
        "public": checks.public(at),
        "token": checks.token(at),
        "api": NOT_ASKED,
        "trial": Found(OPEN, "Chưa gửi thử."),
        "heard": checks.heard(at, last, key, SHORT[key]),
    }
    template = "staff" if key in OF_STAFF else key
    return at.html(
        f"settings/{template}.html",
        f"Kết nối {NAMES[key]}",
        status=BAD if error else 200,
        key=key,
        short=SHORT[key],
        section=getattr(own, key),
        found=known | found,
        webhook=_webhook(at, key),
        error=error,
        has_address=key in OF_STAFF and await channels.has_address(at.desk, key),
        events=ZALO_EVENTS,
        fields=FACEBOOK_FIELDS,
    )


def _webhook(at: Visit, key: str) -> str:
    path = f"/webhooks/{key.replace('_', '-')}"
    if key in OF_STAFF:
        path += f"/{at.unit_id}"
    return (checks.base(at) or "https://<tên-miền>") + path


def _state(at: Visit, last: dict[str, int], key: str) -> Found:
    if getattr(checks.channels(at), key) is None:
        return Found(OPEN, "Chưa khai báo.")
    if key == "zalo" and checks.token(at).tone == checks.BAD:
        return checks.token(at)
    return checks.heard(at, last, key, SHORT[key])


def _key(at: Visit) -> str:
    key = at.request.match_info["channel"].replace("-", "_")
    if key not in NAMES:
        raise NoPageError
    return key


SECTION = Section(
    (
        get("/settings", show),
        get("/settings/privacy", privacy),
        get("/settings/{channel}", channel),
        post("/settings/{channel}/check", check),
        post("/settings/{channel}/try", trial),
    ),
    item=Item(Place.SETTINGS, "/settings", Action.CHANGE_SETTINGS),
)
