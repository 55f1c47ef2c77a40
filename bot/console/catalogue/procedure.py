"""``/console/catalogue/procedure``: one procedure, its words, who changed them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import quote, urlencode

from aiohttp import web

from bot.console.catalogue.renewal import catalogue, renew
from bot.console.errors import NoPageError
from bot.console.guard import Section, action, get, post
from bot.console.nav import Place
from bot.console.visit import Visit
from handlers.staff.catalogue import office
from handlers.staff.catalogue.columns import COLUMNS, Column
from handlers.staff.catalogue.errors import CatalogueError, ChangedMeanwhileError
from handlers.staff.catalogue.form import EDITED, name_of
from handlers.staff.catalogue.merge import ADDED_TO
from handlers.staff.catalogue.model import Fields
from handlers.staff.catalogue.office import Layers
from handlers.staff.permissions import Action

BAD = 400
LONGEST = 20_000
LARGEST_FORM = 512 * 1024
CODE_LIMIT = 40
OFTEN = (
    *("name", "aliases", "examples", "summary", "papers", "conditions", "steps"),
    *("desk", "place", "fee", "time", "result", "online", "doubts"),
)
"""What a commune words itself, in the order of the form; the rest is folded away."""
HINTS: Mapping[str, str] = {
    "aliases": "Mỗi dòng một tên mà người dân hay gọi, ví dụ: làm giấy khai sinh.",
    "examples": "Mỗi dòng một câu hỏi như người dân nhắn. Trợ lý hiểu thêm ngay.",
    "papers": "Mỗi dòng một giấy: tên | chính 1 | sao 2 | mẫu: TK-01 | khi: trường hợp",
    "legal": "Mỗi dòng: số văn bản | tên | ngày",
    "doubts": "Chỉ cán bộ thấy, không gửi cho người dân.",
    "steps": "Mỗi dòng một bước.",
    "result": "Mỗi dòng một kết quả.",
    "levels": "Cấp xã, Cấp tỉnh, Cấp bộ hoặc Cơ quan khác, cách nhau bằng dấu phẩy.",
    "code": "Chữ không dấu, số và . - _ / ; ví dụ XA-01",
}
YES_OR_NO = {"fee.sure", "time.sure", "online.available", "core"}
LONG = {"papers", "steps", "aliases", "examples", "summary", "conditions", "doubts"}
LONG |= {"result", "legal", "twins", "fee.text", "online.text", "time.text"}


@action(Action.SEE_CATALOGUE)
async def show(at: Visit) -> web.StreamResponse:
    """Show what citizens are told, and what of it is the commune's own."""
    found = await _found(at)
    own = frozenset(found.commune or {}) - {"code"}
    titles = [one for one in COLUMNS if one.field != "code"]
    shown = found.cells() | {
        name: "\n".join(found.shown.get(name, ())) for name in ADDED_TO
    }
    facts = [
        (one.title, shown[name_of(one)], one.field in own)
        for one in titles
        if shown[name_of(one)]
    ]
    name = str(found.shown["name"])
    return at.html("catalogue/procedure.html", name, found=found, facts=facts, own=own)


@action(Action.EDIT_CATALOGUE)
async def ask(at: Visit) -> web.StreamResponse:
    """Show the form."""
    found = await _found(at)
    return _form(at, found, found.cells(), found.seen)


@action(Action.EDIT_CATALOGUE)
async def save(at: Visit) -> web.StreamResponse:
    """Keep the form as the commune's own words."""
    code = _code(await at.text("code", CODE_LIMIT))
    typed = await _typed(at)
    seen = await at.text("seen", 64)
    try:
        await office.save(at.desk, code, typed, seen)
    except ChangedMeanwhileError:
        words = {one.title: typed.get(name_of(one), "") for one in EDITED}
        return at.stale(_url(code), words)
    except CatalogueError as error:
        found = await _layers(at, code)
        return _form(at, found, typed, seen, error)
    await renew(at)
    return at.go(_url(code), "Dạ, đã lưu. Trợ lý trả lời theo nội dung mới ngay.")


@action(Action.EDIT_CATALOGUE)
async def ask_new(at: Visit) -> web.StreamResponse:
    """Show the form of a procedure, or of a question and answer, of our own."""
    asked = at.request.query
    kept = {"name": asked.get("name", "")[:300], "code": await _free_code(at)}
    return _new(at, kept, gap=asked.get("gap", "")[:CODE_LIMIT])


@action(Action.EDIT_CATALOGUE)
async def add(at: Visit) -> web.StreamResponse:
    """Add one that only this commune has."""
    code, typed = (await at.text("code", CODE_LIMIT)).strip(), await _typed(at)
    kept, gap = {**typed, "code": code}, await at.text("gap", CODE_LIMIT)
    try:
        _check(code)
        await office.save(at.desk, code, typed, "", is_new=True)
    except CatalogueError as error:
        return _new(at, kept, error, gap=gap)
    await renew(at)
    if gap:
        url = "/console/learning/item?" + urlencode({"id": gap, "q": code})
        return at.go(url, "Dạ, đã thêm. Xin duyệt câu của người dân cho mục vừa thêm.")
    return at.go(_url(code), "Dạ, đã thêm. Người dân hỏi là trợ lý trả lời được ngay.")


@action(Action.SEE_CATALOGUE)
async def history(at: Visit) -> web.StreamResponse:
    """Show who changed it when, and offer to go back."""
    found = await _found(at)
    versions = await office.history(at.desk, found.code)
    listed = [
        (one, _told(fields), number == 0)
        for number, (one, fields) in enumerate(versions)
    ]
    return at.html(
        "catalogue/history.html", "Các bản đã lưu", found=found, versions=listed
    )


@action(Action.EDIT_CATALOGUE)
async def restore(at: Visit) -> web.StreamResponse:
    """Go back to the words of a version, or to none of our own."""
    code = _code(await at.text("code", CODE_LIMIT))
    version = await at.text("version", 40)
    await office.restore(at.desk, version, code)
    await renew(at)
    return at.go(_url(code), "Dạ, đã dùng lại bản cũ của thủ tục này.")


async def _found(at: Visit) -> Layers:
    return await _layers(at, _code(at.request.query.get("code", "")))


async def _layers(at: Visit, code: str) -> Layers:
    found = await office.layers(at.desk, code)
    if not found.shown:
        raise NoPageError("Dạ, không có thủ tục này trong danh mục.")
    return found


def _code(text: str) -> str:
    if not text or len(text) > CODE_LIMIT:
        raise NoPageError("Dạ, không có thủ tục này trong danh mục.")
    return text


def _check(code: str) -> None:
    allowed = code.replace(".", "").replace("-", "").replace("_", "").replace("/", "")
    if not code or not (allowed.isascii() and allowed.isalnum()):
        raise CatalogueError("Dạ, mã chưa đúng.", HINTS["code"])


async def _free_code(at: Visit) -> str:
    """Return the first code of our own that nobody uses."""
    used = {entry.code for entry in (await catalogue(at)).entries()}
    names = (f"XA-{number:02}" for number in range(1, len(used) + 2))
    return next(name for name in names if name not in used)


async def _typed(at: Visit) -> dict[str, str]:
    form = await at.form()
    names = [name_of(one) for one in EDITED]
    return {name: await at.text(name, LONGEST) for name in names if name in form}


def _form(
    at: Visit,
    found: Layers,
    kept: Mapping[str, str],
    seen: str,
    error: CatalogueError | None = None,
) -> web.Response:
    name = str(found.shown.get("name", found.code))
    return at.html(
        "catalogue/edit.html",
        f"Sửa: {name}",
        status=BAD if error else 200,
        found=found,
        seen=seen,
        error=error,
        shipped={n: found.under.get(n, ()) for n in ADDED_TO},
        **_fields(kept, frozenset(found.commune or {})),
    )


def _new(
    at: Visit,
    kept: Mapping[str, str],
    error: CatalogueError | None = None,
    *,
    gap: str = "",
) -> web.Response:
    return at.html(
        "catalogue/new.html",
        "Thêm thủ tục, câu hỏi của xã",
        status=BAD if error else 200,
        error=error,
        code=kept.get("code", ""),
        gap=gap,
        hint=HINTS["code"],
        **_fields(kept, frozenset()),
    )


def _fields(kept: Mapping[str, str], own: frozenset[str]) -> dict[str, Any]:
    """Return the fields of the form: those used often, and the rest."""
    often = [one for name in OFTEN for one in EDITED if one.field == name]
    rest = [one for one in EDITED if one.field not in OFTEN]
    return {
        "often": [_field(one, kept, own) for one in often],
        "rest": [_field(one, kept, own) for one in rest],
    }


def _field(one: Column, kept: Mapping[str, str], own: frozenset[str]) -> dict[str, Any]:
    name = name_of(one)
    is_long = name in LONG
    value = kept.get(name, "")
    return {
        "name": name,
        "title": one.title,
        "value": value,
        "hint": HINTS.get(one.field, ""),
        "kind": "choice" if name in YES_OR_NO else "area" if is_long else "line",
        "rows": min(12, max(2, value.count("\n") + 2)),
        "is_own": one.field in own,
    }


def _told(fields: Fields | None) -> Sequence[str]:
    """Return the titles of what was the commune's own in a version."""
    own = set(fields or {}) - {"code"}
    return list(dict.fromkeys(one.title for one in COLUMNS if one.field in own))


def _url(code: str) -> str:
    return f"/console/catalogue/procedure?code={quote(code)}"


SECTION = Section(
    (
        get("/catalogue/procedure", show),
        get("/catalogue/edit", ask),
        post("/catalogue/edit", save, LARGEST_FORM),
        get("/catalogue/new", ask_new),
        post("/catalogue/new", add, LARGEST_FORM),
        get("/catalogue/history", history),
        post("/catalogue/restore", restore),
    ),
    place=Place.CATALOGUE,
)
