"""``/console/replies``: texts to start from, by kind and state of a case."""

from __future__ import annotations

from collections.abc import Mapping
from urllib.parse import urlencode

from aiohttp import web

from bot.console.errors import NoPageError
from bot.console.guard import Section, action, get, post
from bot.console.nav import Place
from bot.console.visit import Visit
from handlers.cases.case import State
from handlers.cases.kind import shipped
from handlers.cases.state import NAMES
from handlers.staff.permissions import Action
from handlers.staff.words import replies
from handlers.staff.words.errors import (
    SentenceUnknownError,
    UnfitSentenceError,
    WordedMeanwhileError,
)
from handlers.staff.words.replies import VALUES, Reply

PAGE = "/console/replies"
BAD = 400
STATES = tuple(
    state for state in State if state not in (State.ERASED, State.GUIDED, State.CLOSED)
)
SAMPLE: Mapping[str, str] = {
    "xh": "anh/chị",
    "xa": "UBND xã",
    "code": "PA-0001",
    "due": "30/11/2026",
}


@action(Action.SEE_CATALOGUE)
async def show(at: Visit) -> web.StreamResponse:
    """Show all of them."""
    rows = [(one, _kind(one), _state(one)) for one in await replies.listed(at.desk)]
    return at.html("words/replies.html", "Mẫu trả lời", rows=rows)


@action(Action.SEE_CATALOGUE)
async def one(at: Visit) -> web.StreamResponse:
    """Show one with its form and versions; without an id the form of a new one."""
    reply_id = at.request.query.get("id", "")[:40]
    found = await _found(at, reply_id) if reply_id else Reply("", "", "")
    return await _form(at, found, found.version if reply_id else "")


@action(Action.EDIT_SENTENCES)
async def save(at: Visit) -> web.StreamResponse:
    """Keep it, or show how it sounds."""
    typed = Reply(
        await at.text("id", 40),
        await at.text("title", replies.LONGEST_TITLE + 1),
        await at.text("text", replies.LONGEST + 1),
        await at.text("kind", 40),
        await at.text("state", 40),
    )
    seen = await at.text("seen", 20)
    if await at.text("do") != "save":
        return await _form(at, typed, seen)
    try:
        reply_id = await replies.put(at.desk, typed, seen)
    except WordedMeanwhileError:
        return at.stale(_url(typed.reply_id), {"Nội dung": typed.text})
    except (UnfitSentenceError, SentenceUnknownError) as error:
        return await _form(at, typed, seen, error)
    return at.go(_url(reply_id), "Dạ, đã lưu mẫu trả lời.")


@action(Action.EDIT_SENTENCES)
async def drop(at: Visit) -> web.StreamResponse:
    """Take it out."""
    await replies.drop(at.desk, await at.text("id", 40))
    return at.go(PAGE, "Dạ, đã bỏ mẫu trả lời.")


async def _found(at: Visit, reply_id: str) -> Reply:
    for reply in await replies.listed(at.desk):
        if reply.reply_id == reply_id:
            return reply
    raise NoPageError("Dạ, không có mẫu trả lời này.", "Có thể đồng nghiệp đã bỏ.")


async def _form(
    at: Visit,
    reply: Reply,
    seen: str,
    error: UnfitSentenceError | SentenceUnknownError | None = None,
) -> web.Response:
    kinds = [(kind.code, kind.name) for kind in shipped() if not kind.is_sealed]
    return at.html(
        "words/reply.html",
        reply.title or "Mẫu trả lời mới",
        status=BAD if error else 200,
        reply=reply,
        seen=seen,
        sample=reply.filled(SAMPLE),
        problems=replies.problems(reply.text),
        values=[(f"{{{{ {name} }}}}", told) for name, told in VALUES.items()],
        kinds=kinds,
        states=[(state.value, NAMES[state]) for state in STATES],
        versions=await replies.history(at.desk, reply.reply_id),
        error=error,
    )


def _kind(reply: Reply) -> str:
    found = shipped().by_code.get(reply.kind)
    return found.name if found else "Mọi loại"


def _state(reply: Reply) -> str:
    return NAMES[State(reply.state)] if reply.state else "mọi lúc"


def _url(reply_id: str) -> str:
    return f"{PAGE}/one?{urlencode({'id': reply_id})}"


SECTION = Section(
    (
        get("/replies", show),
        get("/replies/one", one),
        post("/replies/one", save),
        post("/replies/drop", drop),
    ),
    place=Place.CATALOGUE,
)
