"""``/console/letters/birthdays``: whom may the commune wish well, and who is next?"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from typing import Any, Final

from aiohttp import web

from bot.console.catalogue.parcel import LARGEST_FORM, Parcel, returned, uploaded
from bot.console.filters import parse
from bot.console.guard import Section, action, get, post
from bot.console.letters.room import HOME, room_of
from bot.console.nav import Place
from bot.console.table import Cell, Column, Table, paged
from bot.console.visit import Visit
from bot.letters_birthdays import rule_of
from handlers.cases.errors import CaseError
from handlers.staff.catalogue.errors import CatalogueError
from handlers.staff.letters import (
    birthday_drafts,
    birthday_form,
    birthday_import,
    birthdays,
    reading,
)
from handlers.staff.letters.birthday_import import BirthdayRow
from handlers.staff.letters.birthdays import Birthday
from handlers.staff.letters.errors import LetterStepError, NoSuchBirthdayError
from handlers.staff.permissions import Action
from messages.letters.errors import LetterError
from messages.letters.fields import Field, shipped
from nlu.normalise import fold

HERE: Final = f"{HOME}/birthdays"
BAD: Final = 400
LONGEST: Final = 200
TROUBLE = (LetterError, LetterStepError, CaseError)
NAMES = (birthday_form.NAME, birthday_form.BORN, *birthday_form.KEPT[1:])
ASIDE = (birthday_form.PHONE, birthday_form.YES, birthday_form.GUARDIAN)


@action(Action.SEE_LETTERS)
async def show(at: Visit) -> web.StreamResponse:
    """Show who is next, and everybody that agreed."""
    return await _page(at, {})


@action(Action.WRITE_LETTERS)
async def put(at: Visit) -> web.StreamResponse:
    """Keep one birthday with the consent to it."""
    kept = {name: await at.text(name, LONGEST) for name in (*NAMES, *ASIDE)}
    room = await room_of(at)
    try:
        one = birthday_form.entry(kept, room.today())
        is_new = await birthdays.put(room, one)
    except TROUBLE as error:
        return await _page(at, kept, error)
    said = "lưu" if is_new else "cập nhật"
    return at.go(HERE, f"Dạ, đã {said} ngày sinh. Gần tới ngày, máy soạn sẵn thư nháp.")


@action(Action.WRITE_LETTERS)
async def drop(at: Visit) -> web.StreamResponse:
    """Take a birthday out, with the consent where it was taken back."""
    is_withdrawn = await at.text("withdrawn", 2) == "1"
    try:
        birthday_id = await at.text("birthday", 32)
        await birthdays.drop(await room_of(at), birthday_id, is_withdrawn=is_withdrawn)
    except LetterStepError as error:
        return await _page(at, {}, error)
    more = " và ghi nhận rút đồng ý" if is_withdrawn else ""
    return at.go(HERE, f"Dạ, đã xóa ngày sinh{more}.")


@action(Action.WRITE_LETTERS)
async def preview(at: Visit) -> web.StreamResponse:
    """Show what each row of a file would become; nothing is written."""
    parcel = await uploaded(at)
    try:
        rows = await _rows(at, parcel)
    except CatalogueError as error:
        return await _page(at, {}, error)
    looked = [row.looked for row in rows]
    return at.html(
        "letters/birthdays_look.html",
        "Xem trước khi lưu",
        good=[one for one in looked if not one.problem],
        bad=[one for one in looked if one.problem],
        parcel=parcel.sealed(at),
        home=HERE,
    )


@action(Action.WRITE_LETTERS)
async def put_file(at: Visit) -> web.StreamResponse:
    """Keep the rows that can be kept."""
    try:
        rows = await _rows(at, await returned(at))
    except CatalogueError as error:
        return await _page(at, {}, error)
    done = await birthday_import.put(await room_of(at), rows)
    said = f"Dạ, đã lưu {done} ngày sinh."
    if done == len(rows):
        return at.go(HERE, said)
    return at.go(HERE, f"{said} {len(rows) - done} dòng chưa lưu được.", is_good=False)


async def _rows(at: Visit, parcel: Parcel) -> Sequence[BirthdayRow]:
    room = await room_of(at)
    with parcel.on_disk() as path:
        return await asyncio.to_thread(birthday_import.read, room, path)


async def _page(
    at: Visit, kept: dict[str, str], error: Exception | None = None
) -> web.Response:
    room = await room_of(at)
    rule = rule_of(at.house.config)
    query = parse(at.request.query, (), ())
    words = fold(query.words.lower()).split()
    rows = [
        one
        for one in await birthdays.listed(room)
        if all(word in fold(one.name.lower()) for word in words)
    ]
    table = Table(
        "Người đã đồng ý nhận thư",
        _columns(),
        paged(rows, query),
        query,
        total=len(rows),
        empty="Chưa có ngày sinh nào. Bà con đồng ý thì anh/chị ghi vào mẫu bên dưới.",
        live="birthday",
        searchable=True,
    )
    return at.html(
        "letters/birthdays.html",
        "Sinh nhật, mừng thọ",
        status=BAD if error else 200,
        error=error,
        near=await birthday_drafts.near(room, rule),
        table=table,
        fields=[_labelled(shipped()[name]) for name in NAMES],
        kept=dict.fromkeys((*NAMES, *ASIDE), "") | kept,
        rule=rule,
        is_stopped=await reading.is_stopped(room),
        rows=rows,
        home=HOME,
    )


def _labelled(field: Field) -> dict[str, Any]:
    label = field.label[:1].upper() + field.label[1:]
    return {"name": field.name, "label": label, "type": field.type}


def _columns() -> list[Column[Birthday]]:
    return [
        Column("Họ tên", lambda one: Cell(one.name, url=f"{HERE}/{one.birthday_id}")),
        Column("Ngày sinh", lambda one: f"{one.born:%d/%m/%Y}"),
        Column("Thôn", lambda one: one.data.get("thon", "—")),
        Column("Đồng ý", _agreed),
    ]


def _agreed(one: Birthday) -> Cell:
    if one.is_allowed:
        return Cell("Đang đồng ý", tone="good")
    return Cell("Không còn đồng ý", tone="bad", small="không soạn thư")


@action(Action.SEE_LETTERS)
async def one(at: Visit) -> web.StreamResponse:
    """Show one person, with the ways to take them out."""
    wanted = at.request.match_info["birthday_id"]
    rows = await birthdays.listed(await room_of(at))
    found = next((row for row in rows if row.birthday_id == wanted), None)
    if found is None:
        return await _page(at, {}, NoSuchBirthdayError())
    return at.html("letters/birthday.html", found.name, one=found, home=HERE)


SECTION = Section(
    (
        get("/letters/birthdays", show),
        post("/letters/birthdays", put),
        post("/letters/birthdays/drop", drop),
        post("/letters/birthdays/import", preview, LARGEST_FORM),
        post("/letters/birthdays/import/put", put_file, LARGEST_FORM),
        get("/letters/birthdays/{birthday_id}", one),
    ),
    place=Place.LETTERS,
)
