"""Which greetings are coming, what do they say, and how far did each get?"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from datetime import UTC, date, datetime, timedelta
from types import MappingProxyType
from typing import Any

from aiohttp import web

from bot.broadcast_days import days_of
from bot.console.errors import NoPageError
from bot.console.guard import Section, action, get, post
from bot.console.nav import Place
from bot.console.visit import Visit
from handlers.staff.greetings import acts, report
from handlers.staff.greetings.errors import (
    GreetingStepError,
    OtherWordsError,
    UnknownGreetingError,
)
from handlers.staff.greetings.model import audience_of, texts_of
from handlers.staff.people.desk import Desk
from handlers.staff.permissions import Action
from messages.greetings.compose import Road
from scheduler.moments import LOCAL
from scheduler.occasions.rule import groups

HERE = "/console/greetings"
AHEAD = timedelta(days=92)
LONGEST = 4000
STATES = MappingProxyType(
    {
        "draft": "Bản nháp, chờ duyệt",
        "approved": "Đã duyệt, chờ tới giờ",
        "asked": "Lỡ giờ, chờ quyết định",
        "sending": "Đang gửi",
        "paused": "Tạm dừng",
        "done": "Đã xong",
        "missed": "Đã qua ngày, không gửi",
        "dropped": "Đã bỏ",
    }
)
PAGES = MappingProxyType(
    {
        "waiting": "chờ tới giờ",
        "posting": "đang đăng",
        "posted": "đã đăng",
        "refused": "chưa đăng được",
        "unknown": "không rõ, xin xem Trang",
        "none": "xã chưa có Trang",
    }
)
WHY = MappingProxyType(
    {
        "no_consent": "chưa đồng ý để xã lưu trò chuyện",
        "no_window": "đã lâu chưa nhắn cho xã",
        "opted_out": "đã xin thôi nhận tin",
        "withdrawn": "đã rút đồng ý nhận lời chúc",
        "weekly_cap": "tuần này đã nhận đủ tin",
        "too_late": "đã hết giờ của ngày",
        "campaign_stopped": "lãnh đạo cho thôi gửi",
        "celebrations_stopped": "xã đang dừng mọi lời chúc",
    }
)
ROADS = MappingProxyType(
    {
        Road.CHAT: "Tin nhắn riêng",
        Road.POST: "Bài đăng Trang",
        Road.RADIO: "Bài phát thanh",
        Road.PORTAL: "Bài cho cổng thông tin",
    }
)
Act = Callable[[Desk, str], Awaitable[object]]
STEPS: Mapping[str, tuple[Act, str]] = MappingProxyType(
    {
        "drop": (acts.drop, "Dạ, đã bỏ lời chúc này."),
        "recall": (acts.recall, "Dạ, đã rút lại việc duyệt."),
        "pause": (acts.pause, "Dạ, đã tạm dừng gửi."),
        "resume": (acts.resume, "Dạ, đã gửi tiếp."),
        "stop": (acts.stop, "Dạ, đã thôi gửi."),
    }
)


@action(Action.SEE_LETTERS)
async def listed(at: Visit) -> web.StreamResponse:
    """Show what is drafted, and the days of the next three months."""
    today = _today(at)
    rows = await report.listed(at.desk, (today - timedelta(days=31)).isoformat())
    days = days_of(at.house.config.units[at.unit_id])
    known = {(row["occasion"], row["day"]) for row in rows}
    coming = [
        one
        for one in days.between(today, today + AHEAD)
        if (one.code, one.day.isoformat()) not in known
    ]
    names = {one.code: one.occasion.name for one in days.between(*_year(today))}
    values: dict[str, Any] = {"rows": rows, "names": names, "coming": coming}
    return at.html("greetings/list.html", "Lời chúc các dịp", states=STATES, **values)


@action(Action.SEE_LETTERS)
async def show(at: Visit) -> web.StreamResponse:
    """Show the four texts, where it stands, and the report of the campaign."""
    return await _page(at)


@action(Action.WRITE_LETTERS)
async def edit(at: Visit) -> web.StreamResponse:
    """Keep other words; what is wrong with them is told above what was typed."""
    typed = {road: (await at.text(road.value, LONGEST)) for road in Road}
    office = days_of(at.house.config.units[at.unit_id]).office
    return await _try(
        at,
        lambda read: acts.edit(at.desk, _name(at), read, typed, office),
        "Dạ, đã lưu lời chúc. Mong lãnh đạo đọc và duyệt bản mới.",
        typed,
    )


@action(Action.WRITE_LETTERS)
async def aim(at: Visit) -> web.StreamResponse:
    """Choose whom the private message reaches."""
    chosen = [code for code in await at.chosen("audience") if code in groups()]
    reach = "public" if await at.text("public", 3) == "yes" else "people"
    return await _try(
        at,
        lambda read: acts.aim(at.desk, _name(at), read, reach, chosen),
        "Dạ, đã lưu người nhận. Mong lãnh đạo duyệt lại.",
    )


@action(Action.APPROVE_LETTERS)
async def approve(at: Visit) -> web.StreamResponse:
    """Approve the version that was shown."""
    return await _try(
        at,
        lambda read: acts.approve(at.desk, _name(at), read),
        "Dạ, đã duyệt. Lời chúc sẽ đi đúng giờ.",
    )


@action(Action.APPROVE_LETTERS)
async def step(at: Visit) -> web.StreamResponse:
    """Drop, recall, pause, resume or stop."""
    found = STEPS.get(at.request.match_info["step"])
    if found is None:
        raise NoPageError
    return await _try(at, lambda _: found[0](at.desk, _name(at)), found[1])


async def _try(
    at: Visit,
    work: Callable[[int], Awaitable[object]],
    done: str,
    typed: Mapping[Road, str] | None = None,
) -> web.StreamResponse:
    version = await at.text("version", 9)
    url = f"{HERE}/{_name(at)}"
    try:
        await work(int(version) if version.isdecimal() else -1)
    except UnknownGreetingError as error:
        raise NoPageError from error
    except OtherWordsError:
        kept = {ROADS[road]: text for road, text in (typed or {}).items()}
        return at.stale(url, kept)
    except GreetingStepError as error:
        return await _page(at, error, typed)
    return at.go(url, done)


async def _page(
    at: Visit,
    error: GreetingStepError | None = None,
    typed: Mapping[Road, str] | None = None,
) -> web.StreamResponse:
    try:
        row, numbers = await report.one(at.desk, _name(at))
    except UnknownGreetingError as unknown:
        raise NoPageError from unknown
    values: dict[str, Any] = {
        "row": row,
        "numbers": numbers,
        "texts": [(r.value, ROADS[r], t) for r, t in texts_of(row).items()],
        "kept": {r.value: t for r, t in (typed or texts_of(row)).items()},
        "error": error,
        "state": STATES[row["state"]],
        "on_page": PAGES[row["page_state"]],
        "why": WHY,
        "groups": groups(),
        "chosen": audience_of(row),
        "reachable": await report.reachable(at.desk, row),
    }
    days = days_of(at.house.config.units[at.unit_id])
    day = date.fromisoformat(row["day"])
    name = next(
        (p.occasion.name for p in days.between(day, day) if p.code == row["occasion"]),
        row["occasion"],
    )
    status = 400 if error else 200
    return at.html("greetings/one.html", name, status=status, **values)


def _name(at: Visit) -> str:
    return str(at.request.match_info["name"])


def _today(at: Visit) -> date:
    now = datetime.fromtimestamp(at.house.clock.now_ms() / 1000, UTC)
    return now.astimezone(LOCAL).date()


def _year(today: date) -> tuple[date, date]:
    return today - timedelta(days=200), today + timedelta(days=200)


SECTION = Section(
    (
        get("/greetings", listed),
        get("/greetings/{name}", show),
        post("/greetings/{name}", edit, largest=64 * 1024),
        post("/greetings/{name}/approve", approve),
        post("/greetings/{name}/aim", aim),
        post("/greetings/{name}/step/{step}", step),
    ),
    place=Place.LETTERS,
)
