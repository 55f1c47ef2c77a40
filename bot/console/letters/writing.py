"""``/console/letters/new``: choose a kind, fill it in, see it, keep it as a draft."""

from __future__ import annotations

import base64
import json
from collections.abc import Mapping
from typing import Any

from aiohttp import web

from bot.console.errors import BadFormError, NoPageError
from bot.console.guard import Section, action, get, post
from bot.console.letters.occasions import filled
from bot.console.letters.room import HOME, TONES, needed, room_of, url_of
from bot.console.nav import Place
from bot.console.visit import Visit
from handlers.cases.errors import CaseError
from handlers.staff.letters import reading, writing
from handlers.staff.letters.errors import (
    LetterChangedError,
    LetterStepError,
    NotSureError,
)
from handlers.staff.letters.room import LetterRoom
from handlers.staff.letters.writing import NewLetter
from handlers.staff.permissions import Action
from messages.documents.errors import DocumentError
from messages.documents.letter import card_png
from messages.letters.compose import Letter, compose
from messages.letters.errors import LetterError, UnknownLetterError
from messages.letters.kinds import LetterKind, Output
from messages.letters.lint.run import lint_letter
from storage.keys import InvalidTag

BAD = 400
LONGEST = 600
MOST_TOKEN = 6000
ASIDE = ("case", "phone", "sure", "occasion")
"""What a form says beside the data of the letter."""
TROUBLE = (LetterError, LetterStepError, DocumentError, CaseError)


@action(Action.WRITE_LETTERS)
async def choose(at: Visit) -> web.StreamResponse:
    """Show the kinds, and the apologies that are owed."""
    room = await room_of(at)
    owed = await reading.owed_apologies(room)
    return at.html(
        "letters/choose.html",
        "Soạn thư",
        kinds=list(room.kinds),
        tones=TONES,
        owed=owed,
    )


@action(Action.WRITE_LETTERS)
async def ask(at: Visit) -> web.StreamResponse:
    """Show the empty form of a kind, or what an overdue case fills in."""
    room = await room_of(at)
    kind = _kind(at, room)
    kept = {"case": at.request.query.get("case", "")[:40]}
    kept |= await filled(at, kind.code)
    owed = await _owed(room, kind, kept["case"])
    if owed is not None:
        kept |= await reading.apology_facts(room, owed)
    return _form(at, kind, kept)


@action(Action.WRITE_LETTERS)
async def put(at: Visit) -> web.StreamResponse:
    """Show how it will look, or keep it."""
    room = await room_of(at)
    kind = _kind(at, room)
    kept = await _kept(at, kind)
    if await at.text("look", 2):
        return _form(at, kind, kept, letter=_tried(room, kind, kept))
    owed = await _owed(room, kind, kept["case"])
    new = NewLetter(
        kind,
        _data(kind, kept),
        source="apology" if owed is not None else "form",
        ref=reading.apology_ref(owed) if owed is not None else "",
        case_code=kept["case"],
        phone=kept["phone"],
        is_sure=bool(kept["sure"]),
        occasion=kept["occasion"],
    )
    try:
        made = await writing.make(room, new)
    except TROUBLE as error:
        return _form(at, kind, kept, error=error)
    return at.go(
        url_of(made.letter_id), "Dạ, đã lưu nháp. Xin xem lại rồi trình duyệt."
    )


@action(Action.WRITE_LETTERS)
async def ask_edit(at: Visit) -> web.StreamResponse:
    """Show the form of a letter that is there."""
    found = await _opened(at)
    kept = dict(found.kept.data)
    return _form(at, found.kept.kind, kept, mark=found.kept.mark)


@action(Action.WRITE_LETTERS)
async def edit(at: Visit) -> web.StreamResponse:
    """Keep a change; what was approved is open again."""
    room, letter_id = await room_of(at), at.request.match_info["letter_id"]
    kind = (await _opened(at)).kept.kind
    kept = await _kept(at, kind)
    seen = await seen_mark(at)
    if await at.text("look", 2):
        letter = _tried(room, kind, kept)
        return _form(at, kind, kept, letter=letter, mark=seen)
    try:
        await writing.edit(room, letter_id, seen, _data(kind, kept))
    except LetterChangedError:
        labels = {field.label: kept.get(n, "") for n, field in kind.fields.items()}
        return at.stale(url_of(letter_id), labels)
    except TROUBLE as error:
        return _form(at, kind, kept, error=error, mark=seen)
    return at.go(url_of(letter_id), "Dạ, đã lưu. Thư cần được kiểm tra và duyệt lại.")


@action(Action.WRITE_LETTERS)
async def picture(at: Visit) -> web.StreamResponse:
    """Return the picture of a letter that is not kept yet."""
    room = await room_of(at)
    try:
        told = json.loads(_opened_token(at, at.request.query.get("t", "")))
        letter = compose(
            room.kinds.named(told["kind"]), told["data"], room.office, room.today()
        )
        return png(card_png(letter))
    except (ValueError, KeyError, InvalidTag, LetterError, DocumentError) as error:
        raise NoPageError from error


def png(data: bytes) -> web.Response:
    """Return a picture that no cache keeps."""
    return web.Response(
        body=data, content_type="image/png", headers={"Cache-Control": "no-store"}
    )


async def seen_mark(at: Visit) -> int:
    """Return the version a form was made of; raises BadFormError."""
    text = await at.text("mark", 10)
    if not (text.isascii() and text.isdigit()):
        raise BadFormError
    return int(text)


async def _opened(at: Visit) -> reading.Opened:
    return await reading.opened(await room_of(at), at.request.match_info["letter_id"])


def _kind(at: Visit, room: LetterRoom) -> LetterKind:
    try:
        return room.kinds.named(at.request.match_info["kind"])
    except UnknownLetterError as error:
        raise NoPageError from error


async def _kept(at: Visit, kind: LetterKind) -> dict[str, str]:
    names = (*kind.fields, *ASIDE)
    return {name: (await at.text(name, LONGEST)).strip() for name in names}


def _data(kind: LetterKind, kept: Mapping[str, str]) -> dict[str, object]:
    return {name: kept[name] for name in kind.fields if kept.get(name)}


async def _owed(room: LetterRoom, kind: LetterKind, code: str) -> Any:
    if kind.trigger != "case_overdue" or not code:
        return None
    found = await reading.owed_apologies(room)
    return next((row for row in found if row["code"] == code.strip().upper()), None)


def _tried(
    room: LetterRoom, kind: LetterKind, kept: Mapping[str, str]
) -> Letter | LetterError:
    try:
        return compose(kind, _data(kind, kept), room.office, room.today())
    except LetterError as error:
        return error


def _form(
    at: Visit,
    kind: LetterKind,
    kept: Mapping[str, str],
    *,
    letter: Letter | LetterError | None = None,
    error: Exception | None = None,
    mark: int = 0,
) -> web.Response:
    if isinstance(letter, LetterError):
        error, letter = letter, None
    if at.is_part:
        # While somebody types, what is missing is no refusal yet.
        return _page(at, kind, kept, letter, error, mark, 200)
    return _page(at, kind, kept, letter, error, mark, BAD if error else 200)


def _page(
    at: Visit,
    kind: LetterKind,
    kept: Mapping[str, str],
    letter: Letter | None,
    error: Exception | None,
    mark: int,
    status: int,
) -> web.Response:
    must = needed(kind)
    groups = [group for group in kind.required if len(group) > 1]
    first = [n for n in kind.fields if not kind.fields[n].is_common]
    common = [n for n in kind.fields if kind.fields[n].is_common]
    return at.html(
        "letters/form.html",
        kind.name,
        status=status,
        kind=kind,
        fields=[kind.fields[name] for name in first],
        common=[kind.fields[name] for name in common],
        choices={
            name: [(one, one) for one in field.choices]
            for name, field in kind.fields.items()
        },
        must=must,
        groups=[" hoặc ".join(kind.fields[n].label for n in g) for g in groups],
        kept=dict.fromkeys((*kind.fields, *ASIDE), "") | dict(kept),
        error=error,
        letter=letter,
        problems=lint_letter(letter) if letter is not None else (),
        picture=_token(at, letter) if letter is not None else "",
        mark=mark,
        is_doubted=bool(kind.guards) or isinstance(error, NotSureError),
        home=HOME,
    )


def _token(at: Visit, letter: Letter) -> str:
    """Names never stand in an address: the data travel sealed under the unit's key."""
    if Output.CARD not in letter.kind.outputs:
        return ""
    value = {"kind": letter.kind.code, "data": dict(letter.data)}
    plain = json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode()
    sealed = at.gate.keys.box.seal(plain, _context(at))
    told = base64.urlsafe_b64encode(sealed).decode()
    return told if len(told) <= MOST_TOKEN else ""


def _opened_token(at: Visit, told: str) -> bytes:
    return at.gate.keys.box.open(base64.urlsafe_b64decode(told), _context(at))


def _context(at: Visit) -> str:
    return f"letter-preview:{at.unit_id}:{at.staff_id}"


SECTION = Section(
    (
        get("/letters/new", choose),
        get("/letters/new/{kind}", ask),
        post("/letters/new/{kind}", put),
        get("/letters/preview.png", picture),
        get("/letters/one/{letter_id}/edit", ask_edit),
        post("/letters/one/{letter_id}/edit", edit),
    ),
    place=Place.LETTERS,
)
