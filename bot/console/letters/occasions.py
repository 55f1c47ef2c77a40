"""``/console/letters/occasions``: what did the one-stop system tell us to do?"""

from __future__ import annotations

from urllib.parse import urlencode

from aiohttp import web

from bot.console.errors import NoPageError
from bot.console.guard import Section, action, get, post
from bot.console.letters.room import HOME, room_of
from bot.console.nav import Place
from bot.console.visit import Visit
from handlers.staff.letters import occasions
from handlers.staff.letters.occasions import Occasion
from handlers.staff.permissions import Action

HERE = f"{HOME}/occasions"
EVENTS = {
    "marriage_registered": "Đăng ký kết hôn",
    "birth_registered": "Đăng ký khai sinh",
    "death_registered": "Đăng ký khai tử",
    "file_overdue": "Hồ sơ quá hạn",
    "result_ready": "Có kết quả",
    "birthday_consented": "Ngày sinh, có đồng ý",
}
WAITS = {
    "no_chat": "chưa có cửa sổ nhắn tin; máy báo khi người dân nhắn lại",
    "by_hand": "đã quá 7 ngày chưa nhắn được; xin gọi điện báo giúp bà con",
}


@action(Action.SEE_LETTERS)
async def show(at: Visit) -> web.StreamResponse:
    """Show what waits, oldest first."""
    found = await occasions.waiting(await room_of(at))
    rows = [
        (one, EVENTS[one.row["event"]], _url(one), WAITS.get(one.row["waits_for"], ""))
        for one in found
        if one.data
    ]
    return at.html("letters/occasions.html", "Việc một cửa báo sang", rows=rows)


@action(Action.WRITE_LETTERS)
async def close(at: Visit) -> web.StreamResponse:
    """Lay an occasion away without a letter."""
    done = await occasions.close(await room_of(at), await at.text("occasion", 32))
    if not done:
        return at.go(HERE, "Dạ, việc này đã được xử lý trước đó.", is_good=False)
    return at.go(HERE, "Dạ, đã ghi nhận, không soạn thư.")


async def filled(at: Visit, kind: str) -> dict[str, str]:
    """Return what an occasion of the address fills into the form of a kind."""
    wanted = at.request.query.get("occasion", "")[:32]
    if not wanted:
        return {}
    for one in await occasions.waiting(await room_of(at)):
        if one.row["occasion_id"] == wanted and one.kind == kind:
            told = {"phone": one.phone, "case": one.case_code, "occasion": wanted}
            return dict(one.data) | told
    raise NoPageError


def _url(one: Occasion) -> str:
    if not one.kind:
        return ""
    query = urlencode({"occasion": one.row["occasion_id"]})
    return f"{HOME}/new/{one.kind}?{query}"


SECTION = Section(
    (get("/letters/occasions", show), post("/letters/occasions", close)),
    place=Place.LETTERS,
)
