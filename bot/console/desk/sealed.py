"""``/console/cases/sealed``: denunciations, for the one or two who may open them."""

from __future__ import annotations

from aiohttp import web

from bot.console.errors import ConsoleError, NoPageError, NotYoursError
from bot.console.guard import Section, action, get, post
from bot.console.nav import Item, Place
from bot.console.visit import Visit
from handlers.staff.permissions import Action
from handlers.staff.sealed import reading
from handlers.staff.sealed.desk import SealedDesk
from handlers.staff.sealed.errors import NoSuchEntryError, NotHandlerError, SealedError

ITEM = Item(Place.DESK, "/cases/sealed", Action.READ_SEALED)
REASONS = (
    ("tiep_nhan", "Tiếp nhận, xử lý ban đầu"),
    ("xac_minh", "Kiểm tra, xác minh điều kiện thụ lý"),
    ("chuyen", "Chuyển cơ quan có thẩm quyền"),
    ("doi_chieu", "Đối chiếu theo yêu cầu của người có thẩm quyền"),
)
STATES = {
    "open": ("Đang mở", "warn"),
    "closed": ("Đã kết thúc", "quiet"),
    "inspected": ("Đã chuyển xác minh", "good"),
}


@action(Action.READ_SEALED)
async def show(at: Visit) -> web.StreamResponse:
    """Show days and states; no words."""
    also_closed = at.request.query.get("all") == "1"
    try:
        rows = await reading.listed(_desk(at), also_closed=also_closed)
    except SealedError as error:
        raise _told(error) from error
    return at.html(
        "desk/sealed.html",
        "Tin niêm phong",
        rows=rows,
        states=STATES,
        reasons=REASONS,
        also_closed=also_closed,
    )


@action(Action.READ_SEALED)
async def read(at: Visit) -> web.StreamResponse:
    """Open one entry for a reason that is written down."""
    reason = await at.text("reason", 20)
    if reason not in dict(REASONS):
        raise ConsoleError("Dạ, xin chọn lý do mở tin.", "Lý do được ghi vào sổ.")
    try:
        entry = at.request.match_info["entry"]
        found = await reading.read(_desk(at), entry, reason=reason)
    except SealedError as error:
        raise _told(error) from error
    return at.html("desk/sealed_one.html", "Tin niêm phong", one=found, states=STATES)


@action(Action.READ_SEALED)
async def close(at: Visit) -> web.StreamResponse:
    """End one entry."""
    is_inspected = await at.text("how", 12) == "inspected"
    entry = at.request.match_info["entry"]
    try:
        await reading.close(_desk(at), entry, is_inspected=is_inspected)
    except SealedError as error:
        raise _told(error) from error
    return at.go("/console/cases/sealed", "Dạ, đã ghi nhận kết thúc.")


def _desk(at: Visit) -> SealedDesk:
    house = at.house
    keys = house.units[at.unit_id].vault.keys
    now_ms = house.clock.now_ms
    return SealedDesk(house.database, at.unit_id, keys, house.ids, now_ms, at.staff_id)


def _told(error: SealedError) -> ConsoleError:
    if isinstance(error, NoSuchEntryError):
        return NoPageError()
    if isinstance(error, NotHandlerError):
        return NotYoursError()
    return ConsoleError(str(error), "Xin nhờ quản trị xem lại vai trò và khóa.")


SECTION = Section(
    (
        get("/cases/sealed", show),
        post("/cases/sealed/{entry}", read),
        post("/cases/sealed/{entry}/close", close),
    ),
    item=ITEM,
)
