"""``/console/surveys/counters``: which counters are there, and what are they called?"""

from __future__ import annotations

from aiohttp import web

from bot.console.guard import Section, action, get, post
from bot.console.nav import Place
from bot.console.visit import Visit
from handlers.staff.permissions import Action
from handlers.staff.reports import counter_book
from handlers.staff.reports.errors import CounterError
from handlers.staff.words.errors import WordedMeanwhileError

PAGE = "/console/surveys/counters"
BAD = 400


@action(Action.EDIT_COUNTERS)
async def show(at: Visit) -> web.StreamResponse:
    """Show the counters with their forms."""
    return await _page(at)


@action(Action.EDIT_COUNTERS)
async def save(at: Visit) -> web.StreamResponse:
    """Name a counter, a new one too; take one away or bring it back."""
    code, name = await at.text("code", 40), await at.text("name", 200)
    seen, do = await at.text("seen", 40), await at.text("do", 12)
    try:
        if do in ("drop", "again"):
            await counter_book.use(at.desk, code, seen, is_used=do == "again")
        else:
            await counter_book.put(at.desk, code, name, seen)
    except WordedMeanwhileError:
        return at.stale(PAGE, {"Tên quầy": name})
    except CounterError as error:
        return await _page(at, error, code, name)
    return at.go(PAGE, "Dạ, đã lưu. Mã QR đã in của quầy vẫn dùng được như cũ.")


async def _page(
    at: Visit, error: CounterError | None = None, code: str = "", name: str = ""
) -> web.Response:
    seen, found = await counter_book.seen(at.desk)
    return at.html(
        "survey/counters.html",
        "Quầy khảo sát",
        status=BAD if error else 200,
        seen=seen,
        used=[one for one in found.values() if one.is_used],
        gone=[one for one in found.values() if not one.is_used],
        error=error,
        typed_code=code,
        typed_name=name,
    )


SECTION = Section(
    (get("/surveys/counters", show), post("/surveys/counters", save)),
    place=Place.SURVEYS,
)
