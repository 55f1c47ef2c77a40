"""``/console/gaps``, ``/console/learning``: what waits for staff to decide?"""

from __future__ import annotations

from urllib.parse import urlencode

from aiohttp import web

from bot.console.catalogue.hints import on_page
from bot.console.catalogue.renewal import catalogue, renew
from bot.console.catalogue.search import found
from bot.console.desk.room import room_of
from bot.console.errors import NoPageError
from bot.console.guard import Section, action, get, post
from bot.console.learning.words import INTENTS, SOURCES, label_name
from bot.console.nav import Place
from bot.console.visit import Visit
from handlers.staff.catalogue import office
from handlers.staff.catalogue.errors import CatalogueError
from handlers.staff.learning import review
from handlers.staff.learning.errors import LearningError
from handlers.staff.learning.review import Approval, Waiting
from handlers.staff.learning.rights import learning_desk
from handlers.staff.permissions import Action
from nlu.model import Entry

BAD = 400
MOST = 500
SHOWN = 100
OFFERED = 8
LONGEST = 500


@action(Action.TEACH_READER)
async def gaps(at: Visit) -> web.StreamResponse:
    """Show what nobody could answer, what most people asked first."""
    waiting = await _listed(at, gaps=True, limit=SHOWN)
    return at.html("learning/gaps.html", "Điều còn thiếu", waiting=waiting)


@action(Action.TEACH_READER)
async def lessons(at: Visit) -> web.StreamResponse:
    """Show what citizens' choices teach, if somebody agrees."""
    waiting = await _listed(at, gaps=False, limit=SHOWN)
    names = await _names(at)
    rows = [(one, label_name(one.label, names), SOURCES[one.source]) for one in waiting]
    return at.html("learning/lessons.html", "Trợ lý học", rows=rows)


@action(Action.TEACH_READER)
async def show(at: Visit) -> web.StreamResponse:
    """Show one of them, with procedures it may be about."""
    lesson_id = at.request.query.get("id", "")[:40]
    return await _item(at, lesson_id, words=at.request.query.get("q", "")[:100])


@action(Action.TEACH_READER)
async def approve(at: Visit) -> web.StreamResponse:
    """Make an example of it; with ``alias`` also a name of the procedure, at once."""
    lesson_id = await at.text("id", 40)
    text, chosen = await at.text("text", LONGEST), await at.text("label", 60)
    code = chosen.removeprefix("code:") if chosen.startswith("code:") else ""
    intent = chosen.removeprefix("intent:") if chosen.startswith("intent:") else ""
    is_alias = bool(await at.text("alias")) and bool(code)
    desk = await learning_desk(at.desk, Action.TEACH_READER, room_of(at))
    is_gap = await at.text("gap") == "1"
    try:
        approval = Approval(text, code, intent)
        await review.approve(desk, lesson_id, approval, await catalogue(at))
        if is_alias:
            await _name(at, code, text)
    except (LearningError, CatalogueError) as error:
        return await _item(
            at, lesson_id, text=text, chosen=chosen, error=on_page(error)
        )
    _tell(at)
    said = (
        "Dạ, đã thêm thành tên gọi: trợ lý hiểu ngay từ bây giờ."
        if is_alias
        else "Dạ, đã duyệt câu mẫu; trợ lý học ở lần huấn luyện tới."
    )
    return at.go("/console/gaps" if is_gap else "/console/learning", said)


@action(Action.TEACH_READER)
async def reject(at: Visit) -> web.StreamResponse:
    """Forget it: words and all."""
    desk = await learning_desk(at.desk, Action.TEACH_READER, room_of(at))
    await review.reject(desk, await at.text("id", 40))
    _tell(at)
    back = "/console/gaps" if await at.text("gap") == "1" else "/console/learning"
    return at.go(back, "Dạ, đã bỏ câu này; không giữ lại chữ nào.")


def _tell(at: Visit) -> None:
    """Renew the lists of others. Never by "lesson": reading a list is proved by it."""
    at.house.hub.tell(at.unit_id, "knowledge")
    at.house.hub.tell(at.unit_id, "answer")


async def _name(at: Visit, code: str, text: str) -> None:
    """Add the words to the commune's own names of a procedure."""
    known = await office.layers(at.desk, code)
    names = known.cells()["aliases"]
    typed = {"aliases": f"{names}\n{text}" if names else text}
    await office.save(at.desk, code, typed, known.seen)
    await renew(at)


async def _listed(at: Visit, *, gaps: bool, limit: int) -> list[Waiting]:
    desk = await learning_desk(at.desk, Action.TEACH_READER, room_of(at))
    return await review.listed(desk, limit, gaps=gaps)


async def _names(at: Visit) -> dict[str, str]:
    return {entry.code: entry.name for entry in (await catalogue(at)).entries()}


async def _item(
    at: Visit,
    lesson_id: str,
    *,
    words: str = "",
    text: str = "",
    chosen: str = "",
    error: LearningError | CatalogueError | None = None,
) -> web.Response:
    one = await _one(at, lesson_id)
    names = await _names(at)
    own = f"code:{one.label}" if one.label in names else f"intent:{one.label}"
    kept = chosen or (own if one.label and one.is_right else "")
    offered = await _offered(at, one, words, kept.removeprefix("code:"))
    return at.html(
        "learning/item.html",
        "Câu chưa trả lời được" if one.is_gap else "Câu chờ duyệt",
        status=BAD if error else 200,
        one=one,
        label=label_name(one.label, names),
        source=SOURCES[one.source],
        text=text or one.text,
        chosen=kept,
        offered=offered,
        intents=[(f"intent:{name}", told) for name, told in INTENTS.items()],
        words=words,
        error=error,
        question="/console/catalogue/new?"
        + urlencode({"name": one.text, "gap": lesson_id}),
        is_common=len(one.lesson_ids) > 1,
    )


async def _one(at: Visit, lesson_id: str) -> Waiting:
    for gaps in (True, False):
        for one in await _listed(at, gaps=gaps, limit=MOST):
            if lesson_id in one.lesson_ids:
                return one
    raise NoPageError(
        "Dạ, câu này không còn trong danh sách chờ.",
        "Có thể đồng nghiệp đã xử lý, hoặc người gửi đã rút đồng ý.",
    )


async def _offered(at: Visit, one: Waiting, words: str, kept: str) -> list[Entry]:
    """Return the procedures to choose from: searched for, or as the reader guesses."""
    entries = {entry.code: entry for entry in (await catalogue(at)).entries()}
    codes = [kept] if kept in entries else []
    if words:
        codes += [entry.code for entry in found(entries.values(), words)]
    else:
        guesses = at.services.reader.parse(one.text).candidates
        codes += [guess.code for guess in guesses]
    return [entries[c] for c in dict.fromkeys(codes) if c in entries][:OFFERED]


SECTION = Section(
    (
        get("/gaps", gaps),
        get("/learning", lessons),
        get("/learning/item", show),
        post("/learning/item", approve),
        post("/learning/reject", reject),
    ),
    place=Place.CATALOGUE,
)
