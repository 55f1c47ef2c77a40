"""``/console/cases/<code>``: one case with its talk: read, answer, move it on."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from typing import Any

from aiohttp import web

from bot.console.desk import bubbles, panel
from bot.console.desk.forms import asked, forms
from bot.console.desk.listing import names_of, place, shown
from bot.console.desk.presence import others_at, presence
from bot.console.desk.ready import joined, ready
from bot.console.desk.room import room_of
from bot.console.desk.sending import file_beside, has_file, said_to, woken
from bot.console.desk.told import told
from bot.console.desk.upload import LARGEST, closing
from bot.console.desk.words import state_cell
from bot.console.errors import NoPageError, NotYoursError
from bot.console.guard import Section, action, get, post
from bot.console.nav import Place as Menu
from bot.console.visit import Visit
from handlers.cases import errors
from handlers.cases.actions import Act
from handlers.cases.errors import CaseError
from handlers.staff.cases.act import Done
from handlers.staff.cases.file import CaseFile, opened
from handlers.staff.cases.show import show as show_case
from handlers.staff.cases.telling import Told
from handlers.staff.cases.workroom import Room
from handlers.staff.desk_list import around, speaking, steps
from handlers.staff.desk_list.errors import (
    FileRefusedError,
    NoSuchTalkError,
    StaleError,
)
from handlers.staff.desk_list.talk import Talk, talk
from handlers.staff.permissions import Action

TEXT = 4000
FIELDS = ("to", "kind", "agency", "receipt", "number", "extension", "reason", "draft")
HOW = {
    Told.QUEUED: "Tin đang được gửi cho người dân.",
    Told.WAITING: "Tin sẽ tự gửi khi người dân nhắn lại.",
    Told.BY_HAND: "Xin gọi điện hoặc gặp để báo người dân.",
}
NO_CHAT = "desk"
FILE_LATER = (
    "Câu trả lời này chờ lãnh đạo duyệt; duyệt xong xin gửi tệp bằng “Chỉ nhắn thêm”."
)
BLANK = dict.fromkeys(("act", "text", "reply", "template"), "")


@action(Action.SEE_CASES)
async def show(at: Visit) -> web.StreamResponse:
    """Show a case."""
    return await page(at, await file_of(at))


@action(Action.SEE_CASES)
async def reveal(at: Visit) -> web.StreamResponse:
    """Show how to reach the citizen; that it was shown is proved."""
    file = await file_of(at)
    await around.reveal(room_of(at), file)
    return await page(at, file, is_open=True)


@action(Action.SEE_CASES)
async def step(at: Visit) -> web.StreamResponse:
    """Make one step with the case."""
    file, name = await file_of(at), at.request.match_info["act"]
    if name not in steps.NEEDED:
        raise NoPageError
    typed = {one: await at.text(one, 200) for one in FIELDS}
    typed |= {"text": await at.text("text", TEXT), "other": await at.text("other", 40)}
    seen = _number(await at.text("version", 12))
    url = f"/console/cases/{file.case.code}"
    try:
        done = await _made(room_of(at), file, Act(name), seen, typed)
    except StaleError:
        return at.stale(url, {"Nội dung vừa nhập": typed["text"]})
    except CaseError as error:
        return await page(at, file, error=error, kept=typed | {"act": name})
    woken(at, done)
    return at.go(url, _said(done))


@action(Action.SEE_CASES)
@closing
async def reply(at: Visit) -> web.StreamResponse:
    """Answer the case, or only say something to the citizen."""
    file = await file_of(at)
    text, url = await at.text("text", TEXT), f"/console/cases/{file.case.code}"
    kept = {"reply": text, "template": await at.text("used", 40)}
    try:
        if await at.text("as", 12) == "say":
            return await _say(at, file, text, kept["template"])
        done = await _answered(at, file, text)
    except StaleError:
        return at.stale(url, {"Nội dung đang viết": text})
    except CaseError as error:
        return await page(at, file, error=error, kept=kept)
    woken(at, done)
    return at.go(url, _said(done))


async def _answered(at: Visit, file: CaseFile, text: str) -> Done:
    """Answer the case, with the file of the form behind the words."""
    beside, case = None, file.case
    if await has_file(at):
        if file.kind.needs_approval:
            raise FileRefusedError(FILE_LATER)
        where = speaking.Place(case.person_id, case.channel, 0)
        beside = await file_beside(at, where)
    seen = _number(await at.text("version", 12))
    what = asked(Act.ANSWER, seen, {"text": text})
    done = await steps.make(room_of(at), case.case_id, what, beside)
    if beside is not None:
        at.house.service.outlet.wake(case.channel)
    return done


@action(Action.SEE_CASES)
@closing
async def template(at: Visit) -> web.StreamResponse:
    """Put a ready sentence behind what is typed already; nothing is sent."""
    file = await file_of(at)
    case = file.case
    offered = await ready(at, case.kind, case.state.value, case.code)
    return await page(at, file, kept=await joined(at, offered))


@action(Action.SEE_CASES)
async def here(at: Visit) -> web.StreamResponse:
    """Say who else is here, and whether the case moved on since the page was shown."""
    file = await file_of(at)
    names = await names_of(at)
    seen = _number(at.request.query.get("version", ""))
    others = await others_at(at, file.case.case_id)
    return at.html(
        "desk/_here.html",
        "Ai đang xem",
        others=[names.get(code, code) for code in others],
        is_moved=seen != file.case.version,
        url=f"/console/cases/{file.case.code}",
    )


async def file_of(at: Visit) -> CaseFile:
    """Return the case of the address; raises NoPageError, NotYoursError."""
    try:
        return await opened(room_of(at), at.request.match_info["code"])
    except errors.NotYoursError as error:
        raise NotYoursError from error
    except (errors.NoSuchCaseError, errors.BadCodeError) as error:
        raise NoPageError from error


async def page(
    at: Visit,
    file: CaseFile,
    *,
    error: CaseError | None = None,
    kept: Mapping[str, str] | None = None,
    is_open: bool = False,
    status: int | None = None,
) -> web.StreamResponse:
    """Return the page of a case; ``is_open``: with the citizen's numbers."""
    room, names = room_of(at), await names_of(at)
    case, now = file.case, at.house.clock.now()
    spot = (at.unit_id, case.case_id)
    is_proved = presence(at.house).is_proved(spot, at.staff_id, room.now_ms())
    found = await show_case(room, case.case_id, is_proved=is_proved)
    case = found.file.case
    met = await steps.case_at(room, found.file)
    offered = steps.offered(met)
    typed = BLANK | dict(kept or {})
    said = await _talk(at, room, found.file)
    others = await others_at(at, case.case_id)
    return at.html(
        "desk/case.html",
        case.code,
        status=status or (400 if error else 200),
        case=case,
        kind=found.file.kind,
        state=state_cell(case),
        facts=panel.facts(case, found.file.kind.name, names),
        basis=found.file.kind.basis_on(case.received_at.date()),
        clocks=panel.clocks(case, now),
        request=found.texts.get("text", "") or found.texts.get("what", ""),
        contact=panel.contact(found.texts, is_open=is_open),
        is_open=is_open,
        history=panel.history(found, names),
        around=await _around(room, found.file, names),
        may_merge=Act.MERGE in offered,
        offered={one.value for one in offered},
        forms=forms(met, offered, await panel.choices(at, case)),
        draft=met.draft if met.has_waiting_draft else "",
        needs_approval=found.file.kind.needs_approval,
        templates=await ready(at, case.kind, case.state.value, case.code),
        error=told(error) if error else None,
        typed=typed,
        others=[names.get(code, code) for code in others],
        once=secrets.token_hex(16),
        url=f"/console/cases/{case.code}",
        **said,
    )


async def _talk(at: Visit, room: Room, file: CaseFile) -> dict[str, Any]:
    """Return what the template shows of the talk; nothing for who never wrote."""
    case = file.case
    before = place(at.request.query.get("before", ""))
    nothing: dict[str, Any] = {
        "talk": None,
        "bubbles": [],
        "window": None,
        "is_held": False,
    }
    if file.vault is None or case.channel == NO_CHAT:
        return nothing
    try:
        found = await talk(room, case.person_id, case.channel, before, is_proved=True)
    except NoSuchTalkError:
        return nothing
    return talk_values(at, found)


def talk_values(at: Visit, found: Talk) -> dict[str, Any]:
    """Return what a template shows of a talk."""
    now = at.house.clock.now()
    return {
        "talk": found,
        "bubbles": bubbles.shown(found, at.services, "/console/cases/file"),
        "window": bubbles.window(found, now),
        "is_held": found.muted_until is not None and found.muted_until > now,
        "is_old": "before" in at.request.query,
    }


async def _around(room: Room, file: CaseFile, names: dict[str, str]) -> dict[str, Any]:
    near = await around.around(room, file)
    return {
        "linked": [shown(one, room, names) for one in near.linked],
        "same": [shown(one, room, names) for one in near.same_person],
        "files": near.files,
        "judged": near.judged,
    }


async def _made(
    room: Room, file: CaseFile, act: Act, seen: int, typed: Mapping[str, str]
) -> Done:
    ref = file.case.case_id
    if act is Act.MERGE:
        return await steps.merged_into(room, ref, seen, typed["other"])
    if act is Act.LINK:
        return await steps.linked(room, ref, seen, typed["other"])
    return await steps.make(room, ref, asked(act, seen, typed))


async def _say(at: Visit, file: CaseFile, text: str, used: str) -> web.StreamResponse:
    case, url = file.case, f"/console/cases/{file.case.code}"
    seen = _number(await at.text("talk", 12))
    where = speaking.Place(case.person_id, case.channel, seen)
    await said_to(at, where, text, used)
    return at.go(url, "Dạ, đã gửi lời nhắn.")


def _said(done: Done) -> str:
    how = [HOW[one.how] for one in done.told]
    return " ".join(["Dạ, đã làm.", *dict.fromkeys(how)])


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() else -1


SECTION = Section(
    (
        get("/cases/{code}", show),
        get("/cases/{code}/here", here),
        post("/cases/{code}/reply", reply, LARGEST),
        post("/cases/{code}/template", template, LARGEST),
        post("/cases/{code}/contact", reveal),
        post("/cases/{code}/step/{act}", step),
    ),
    place=Menu.DESK,
)
