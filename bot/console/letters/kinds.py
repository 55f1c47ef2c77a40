"""``/console/letters/kinds``: which kinds of letter did the commune make itself?

A kind is tried with every hard case before it is kept; each change is a new version,
and letters keep the words of theirs.
"""

from __future__ import annotations

import asyncio
from typing import Any, Final

from aiohttp import web

from bot.console.errors import BadFormError, NoPageError
from bot.console.guard import Section, action, get, post
from bot.console.letters.room import HOME, room_of
from bot.console.nav import Place
from bot.console.visit import Visit
from handlers.staff.letters import own_kinds
from handlers.staff.letters.errors import LetterChangedError, LetterStepError
from handlers.staff.letters.room import LetterRoom
from handlers.staff.permissions import Action
from messages.letters import own
from messages.letters.compose import Letter, compose
from messages.letters.errors import LetterError
from messages.letters.lint.matrix import sample
from messages.letters.own import Definition, OwnField

BAD = 400
LONGEST = 8000
HERE: Final = f"{HOME}/kinds"
TONES: Final = (("joy", "Vui"), ("neutral", "Trung tính"), ("mourning", "Tang lễ"))
TYPES: Final = (
    ("text", "đoạn chữ"),
    ("name", "tên riêng"),
    ("date", "ngày"),
    ("age", "tuổi"),
)
BEGIN: Final = Definition(
    name="",
    tone="neutral",
    fields=(OwnField("việc làm", "text", is_needed=True),),
    letter=(
        "THƯ NGỎ\n\nKính gửi: {{ kinh_gui }}{% if noi_o %}, {{ noi_o }}{% endif %}\n\n"
        "Thay mặt {{ ubnd }}, tôi trân trọng gửi tới {{ goi }} lời hỏi thăm về"
        " {{ viec_lam }}.\n\nTrân trọng."
    ),
    card="Thư ngỏ\n\n{{ ubnd_ngan }} gửi lời hỏi thăm tới {{ goi }}.\n\nTrân trọng",
    chat=(
        "Dạ, {{ ubnd_ngan }} gửi lời hỏi thăm tới {{ kinh_gui }} về {{ viec_lam }} ạ."
    ),
)


@action(Action.EDIT_SENTENCES)
async def show(at: Visit) -> web.StreamResponse:
    """Show the own kinds in their newest versions."""
    newest = {row["code"]: row for row in await _rows(at)}
    rows = [(row, own.loaded(row["definition"])) for row in newest.values()]
    return at.html("letters/kinds.html", "Loại thư của xã", rows=rows, home=HOME)


@action(Action.EDIT_SENTENCES)
async def ask(at: Visit) -> web.StreamResponse:
    """Show the form of a new kind, or of one that is there."""
    code = at.request.query.get("code", "")[:40]
    if not code:
        return _form(at, BEGIN, "", 0)
    mine = [row for row in await _rows(at) if row["code"] == code]
    if not mine:
        raise NoPageError
    return _form(at, own.loaded(mine[-1]["definition"]), code, mine[-1]["version"])


@action(Action.EDIT_SENTENCES)
async def put(at: Visit) -> web.StreamResponse:
    """Show how it will look with what the trial finds, or keep a version."""
    told, code = await _told(at), await at.text("code", 40)
    seen = await at.text("seen", 6)
    if not (seen.isascii() and seen.isdigit()):
        raise BadFormError
    room = await room_of(at)
    if await at.text("look", 2):
        return await _looked(at, room, told, code, int(seen))
    try:
        await own_kinds.save(room, told, code, int(seen))
    except LetterChangedError:
        words = {"Thư": told.letter, "Thiếp": told.card, "Lời nhắn": told.chat}
        return at.stale(f"{HERE}/edit?code={code}", words)
    except (LetterError, LetterStepError) as error:
        return _form(at, told, code, int(seen), error=error)
    return at.go(HERE, f"Dạ, đã lưu loại thư {told.name}, bản {int(seen) + 1}.")


@action(Action.EDIT_SENTENCES)
async def offer(at: Visit) -> web.StreamResponse:
    """Offer a kind for new letters, or no more."""
    is_offered = await at.text("offer", 2) == "1"
    room = await room_of(at)
    await own_kinds.offer(room, await at.text("code", 40), is_offered=is_offered)
    return at.go(HERE, "Dạ, đã ghi nhận.")


async def _rows(at: Visit) -> list[dict[str, Any]]:
    return await own_kinds.versions(at.desk)


async def _told(at: Visit) -> Definition:
    labels = [await at.text(f"label{n}", 60) for n in range(own.MOST_FIELDS)]
    types = [await at.text(f"type{n}", 8) for n in range(own.MOST_FIELDS)]
    needed = [bool(await at.text(f"needed{n}", 2)) for n in range(own.MOST_FIELDS)]
    fields = tuple(
        OwnField(label.strip(), kind, is_needed)
        for label, kind, is_needed in zip(labels, types, needed, strict=True)
        if label.strip()
    )
    words = {
        name: (await at.text(name, LONGEST)).replace("\r\n", "\n").strip()
        for name in ("name", "tone", "letter", "card", "chat")
    }
    return Definition(fields=fields, **words)


async def _looked(
    at: Visit, room: LetterRoom, told: Definition, code: str, seen: int
) -> web.Response:
    """While somebody types, what is not right yet is no refusal."""
    try:
        kind = await asyncio.to_thread(own_kinds.tried, told, seen + 1, code)
    except (LetterError, LetterStepError) as error:
        letter = _sample(room, told, code)
        return _form(at, told, code, seen, error=error, letter=letter, status=200)
    return _form(at, told, code, seen, letter=_sample(room, told, kind.code))


def _sample(room: LetterRoom, told: Definition, code: str) -> Letter | None:
    """Return the letter with made-up data, None while it cannot be written."""
    try:
        kind = own.kind_of(told.dumped(), 1, code)
        shown = [n for n, f in kind.fields.items() if not f.is_common]
        data = {name: sample(kind.fields[name]) for name in shown}
        data.pop("ten_to_chuc", None)
        return compose(kind, data, room.office, room.today())
    except LetterError:
        return None


def _form(
    at: Visit,
    told: Definition,
    code: str,
    seen: int,
    *,
    error: Exception | None = None,
    letter: Letter | None = None,
    status: int = BAD,
) -> web.Response:
    empty = [OwnField("")] * (own.MOST_FIELDS - len(told.fields))
    return at.html(
        "letters/kind.html",
        told.name or "Loại thư mới",
        status=status if error else 200,
        told=told,
        fields=[*told.fields, *empty],
        code=code,
        seen=seen,
        error=error,
        letter=letter,
        tones=TONES,
        types=TYPES,
        home=HOME,
    )


SECTION = Section(
    (
        get("/letters/kinds", show),
        get("/letters/kinds/edit", ask),
        post("/letters/kinds/edit", put),
        post("/letters/kinds/offer", offer),
    ),
    place=Place.LETTERS,
)
