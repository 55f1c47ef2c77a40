"""``/console/cases/talks/<person>/<channel>``: a talk, with or without a case."""

from __future__ import annotations

import secrets
from collections.abc import Awaitable, Callable, Mapping

from aiohttp import web

from bot.console.desk import listing
from bot.console.desk.case import BLANK, TEXT, talk_values
from bot.console.desk.listing import place, shown
from bot.console.desk.presence import others_at, presence
from bot.console.desk.ready import joined, ready
from bot.console.desk.room import room_of
from bot.console.desk.sending import said_to
from bot.console.desk.told import told
from bot.console.desk.upload import LARGEST, closing
from bot.console.desk.words import CHANNELS, channel_name
from bot.console.errors import NoPageError
from bot.console.guard import Section, action, get, post
from bot.console.nav import Place as Menu
from bot.console.visit import Visit
from handlers.cases.errors import CaseError
from handlers.staff.cases.workroom import Room
from handlers.staff.desk_list import around, speaking
from handlers.staff.desk_list.errors import NoSuchTalkError, StaleError
from handlers.staff.desk_list.speaking import Place
from handlers.staff.desk_list.talk import talk
from handlers.staff.permissions import Action


@action(Action.SEE_CASES)
async def show(at: Visit) -> web.StreamResponse:
    """Show a talk."""
    return await _page(at)


@action(Action.TAKE_OVER_TALKS)
@closing
async def write(at: Visit) -> web.StreamResponse:
    """Say something to the citizen."""
    text, used = await at.text("text", TEXT), await at.text("used", 40)
    where = await _place(at)
    try:
        await said_to(at, where, text, used)
    except NoSuchTalkError as error:
        raise NoPageError from error
    except StaleError:
        return at.stale(_url(at), {"Nội dung đang viết": text})
    except CaseError as error:
        return await _page(at, error, {"reply": text, "template": used})
    return at.go(_url(at), "Dạ, đã gửi lời nhắn.")


@action(Action.TAKE_OVER_TALKS)
async def take(at: Visit) -> web.StreamResponse:
    """Take the talk over: the bot is silent."""
    return await _moved(at, speaking.take, "Dạ, từ giờ anh/chị trả lời người dân.")


@action(Action.TAKE_OVER_TALKS)
async def give_back(at: Visit) -> web.StreamResponse:
    """Let the bot answer again."""
    return await _moved(at, speaking.hand_back, "Dạ, trợ lý trả lời người dân trở lại.")


@action(Action.TAKE_OVER_TALKS)
@closing
async def template(at: Visit) -> web.StreamResponse:
    """Put a ready sentence behind what is typed already; nothing is sent."""
    return await _page(at, kept=await joined(at, await ready(at)))


async def _moved(
    at: Visit, move: Callable[[Room, Place], Awaitable[None]], said: str
) -> web.StreamResponse:
    back = await at.text("back", 32)
    is_case = bool(back) and back.replace("-", "").isalnum()
    url = f"/console/cases/{back}" if is_case else _url(at)
    try:
        await move(room_of(at), await _place(at))
    except NoSuchTalkError as error:
        raise NoPageError from error
    except StaleError:
        return at.stale(url, {})
    at.house.hub.tell(at.unit_id, "conversation")
    return at.go(url, said)


async def _page(
    at: Visit, error: CaseError | None = None, kept: Mapping[str, str] | None = None
) -> web.StreamResponse:
    room, names = room_of(at), await listing.names_of(at)
    person, channel = _who(at)
    record = presence(at.house)
    spot, now = (at.unit_id, f"{person}:{channel}"), room.now_ms()
    before = place(at.request.query.get("before", ""))
    is_proved = record.is_proved(spot, at.staff_id, now)
    try:
        found = await talk(room, person, channel, before, is_proved=is_proved)
    except NoSuchTalkError as gone:
        raise NoPageError from gone
    others = await others_at(at, spot[1])
    cases = await around.of_person(room, person)
    return at.html(
        "desk/talk.html",
        f"Người dân {person[-4:]}",
        status=400 if error else 200,
        channel=channel_name(channel),
        cases=[shown(one, room, names) for one in cases],
        templates=await ready(at),
        typed=BLANK | dict(kept or {}),
        error=told(error) if error else None,
        others=[names.get(code, code) for code in others],
        once=secrets.token_hex(16),
        url=_url(at),
        **talk_values(at, found),
    )


async def _place(at: Visit) -> Place:
    person, channel = _who(at)
    seen = await at.text("talk", 12)
    is_number = seen.isascii() and seen.isdigit()
    return Place(person, channel, int(seen) if is_number else -1)


def _who(at: Visit) -> tuple[str, str]:
    person = at.request.match_info["person"]
    channel = at.request.match_info["channel"]
    if channel not in CHANNELS or not person.isalnum():
        raise NoPageError
    return person, channel


def _url(at: Visit) -> str:
    person, channel = _who(at)
    return f"/console/cases/talks/{person}/{channel}"


SECTION = Section(
    (
        get("/cases/talks/{person}/{channel}", show),
        post("/cases/talks/{person}/{channel}", write, LARGEST),
        post("/cases/talks/{person}/{channel}/take", take),
        post("/cases/talks/{person}/{channel}/return", give_back),
        post("/cases/talks/{person}/{channel}/template", template, LARGEST),
    ),
    place=Menu.DESK,
)
