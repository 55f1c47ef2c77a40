"""``/console/greetings/templates``: Zalo's templates, and which stands for a letter."""

from __future__ import annotations

import json

from aiohttp import web

from bot.console.guard import Section, action, get, post
from bot.console.nav import Place
from bot.console.visit import Visit
from handlers.staff.letters.result_template import KIND as RESULT
from handlers.staff.permissions import Action
from handlers.staff.templates import acts
from handlers.staff.templates.errors import TemplateStepError
from messages.letters.kinds import shipped

HERE = "/console/greetings/templates"
STATUSES = {
    "ENABLE": "dùng được",
    "PENDING_REVIEW": "chờ Zalo duyệt",
    "REJECT": "Zalo chưa duyệt",
    "DISABLE": "Zalo đã tắt",
}
QUALITIES = {"HIGH": "tốt", "MEDIUM": "vừa", "LOW": "thấp", "UNDEFINED": "chưa có"}
RESULT_NAME = "Báo có kết quả hồ sơ"
READ_FAULTS = {
    "no_oa": "đơn vị chưa nối Zalo OA",
    "no_token": "quyền gọi Zalo OA đang cần cấp lại",
}


@action(Action.SEE_LETTERS)
async def show(at: Visit) -> web.StreamResponse:
    """Show templates, the day's quota, and what stands for which kind."""
    return await _page(at)


@action(Action.APPROVE_LETTERS)
async def read(at: Visit) -> web.StreamResponse:
    """Read the list from Zalo again."""
    fault = await at.house.service.templates.read(at.unit_id)
    if fault:
        why = READ_FAULTS.get(fault, f"mã {fault}")
        return at.go(HERE, f"Dạ, chưa đọc được từ Zalo: {why}.", is_good=False)
    return at.go(HERE, "Dạ, đã đọc lại danh sách mẫu từ Zalo.")


@action(Action.APPROVE_LETTERS)
async def choose(at: Visit) -> web.StreamResponse:
    """Let a template stand for a kind of letter."""
    kind, template_id = await at.text("kind", 40), await at.text("template", 40)
    book = await acts.book(at.desk)
    found = next((r for r in book.rows if r["template_id"] == template_id), None)
    names = acts.params_of(found) if found else {}
    fields = {name: await at.text(f"p-{name}", 200) for name in names}
    try:
        await acts.choose(at.desk, kind, template_id, fields)
    except TemplateStepError as error:
        return await _page(at, error)
    return at.go(HERE, "Dạ, đã chọn mẫu cho loại thư này.")


@action(Action.APPROVE_LETTERS)
async def unchoose(at: Visit) -> web.StreamResponse:
    """Let no template stand for a kind."""
    await acts.unchoose(at.desk, await at.text("kind", 40))
    return at.go(HERE, "Dạ, đã bỏ mẫu của loại thư này.")


async def _page(at: Visit, error: TemplateStepError | None = None) -> web.Response:
    book = await acts.book(at.desk)
    kinds = {kind.code: kind.name for kind in shipped()} | {RESULT: RESULT_NAME}
    rows = [row | {"fields": list(acts.params_of(row))} for row in book.rows]
    chosen = [
        {
            "kind": one["kind"],
            "name": kinds.get(one["kind"], one["kind"]),
            "template": one["template_id"],
            "fields": json.loads(one["fields"]),
        }
        for one in book.choices
    ]
    return at.html(
        "greetings/templates.html",
        "Mẫu tin Zalo đã duyệt",
        status=400 if error else 200,
        error=error,
        rows=rows,
        chosen=chosen,
        quota=book.quota,
        kinds=list(kinds.items()),
        statuses=STATUSES,
        qualities=QUALITIES,
    )


SECTION = Section(
    (
        get("/greetings/templates", show),
        post("/greetings/templates/read", read),
        post("/greetings/templates/choose", choose),
        post("/greetings/templates/unchoose", unchoose),
    ),
    place=Place.LETTERS,
)
