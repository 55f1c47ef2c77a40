"""``/console/letters/import``: which drafts would a file make? Then make them."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

from aiohttp import web

from bot.console.catalogue.parcel import LARGEST_FORM, Parcel, returned, uploaded
from bot.console.errors import NoPageError
from bot.console.guard import Section, action, get, post
from bot.console.letters.room import HOME, room_of
from bot.console.nav import Place
from bot.console.visit import Visit
from handlers.staff.catalogue.errors import CatalogueError
from handlers.staff.letters import importing
from handlers.staff.letters.importing import Looked, Wish
from handlers.staff.permissions import Action
from messages.letters.errors import UnknownLetterError
from messages.letters.kinds import LetterKind

BAD = 400


@action(Action.WRITE_LETTERS)
async def ask(at: Visit) -> web.StreamResponse:
    """Show where to choose kind and file."""
    return await _ask(at)


@action(Action.WRITE_LETTERS)
async def preview(at: Visit) -> web.StreamResponse:
    """Show what each row would become; nothing is written."""
    kind, parcel = await _kind(at), await uploaded(at)
    try:
        wishes = await _wishes(kind, parcel)
    except CatalogueError as error:
        return await _ask(at, error)
    rows = await importing.looked(await room_of(at), kind, wishes)
    return _show(at, kind, rows, parcel.sealed(at))


@action(Action.WRITE_LETTERS)
async def put(at: Visit) -> web.StreamResponse:
    """Make drafts of the rows that can be made."""
    kind, parcel = await _kind(at), await returned(at)
    try:
        wishes = await _wishes(kind, parcel)
    except CatalogueError as error:
        return await _ask(at, error)
    refused = await importing.put(await room_of(at), kind, wishes)
    done = len(wishes) - len(refused)
    if refused:
        told = ", ".join(str(one.number) for one in refused[:20])
        said = f"Dạ, đã lưu {done} thư nháp; {len(refused)} dòng chưa được: {told}."
        return at.go(HOME, said, is_good=False)
    return at.go(HOME, f"Dạ, đã lưu {done} thư nháp. Xin mở từng thư để trình duyệt.")


async def _ask(at: Visit, error: CatalogueError | None = None) -> web.Response:
    written = [k for k in (await room_of(at)).kinds if not k.guards]
    kinds = [(k.code, k.name) for k in written]
    status = BAD if error else 200
    return at.html(
        "letters/import.html",
        "Soạn nhiều thư từ tệp",
        status=status,
        error=error,
        kinds=kinds,
        columns={k.code: _names(k) for k in written},
        names=dict(kinds),
    )


def _show(
    at: Visit, kind: LetterKind, rows: Sequence[Looked], sealed: str
) -> web.Response:
    return at.html(
        "letters/import_look.html",
        "Xem trước khi lưu",
        kind=kind,
        good=[row for row in rows if not row.problem],
        bad=[row for row in rows if row.problem],
        parcel=sealed,
    )


async def _wishes(kind: LetterKind, parcel: Parcel) -> list[Wish]:
    with parcel.on_disk() as path:
        return await asyncio.to_thread(importing.read, kind, path)


async def _kind(at: Visit) -> LetterKind:
    try:
        return (await room_of(at)).kinds.named(await at.text("kind", 40))
    except UnknownLetterError as error:
        raise NoPageError from error


def _names(kind: LetterKind) -> str:
    own = [f.label for f in kind.fields.values() if not f.is_common]
    return ", ".join([*own, "điện thoại người nhận"])


SECTION = Section(
    (
        get("/letters/import", ask),
        post("/letters/import", preview, LARGEST_FORM),
        post("/letters/import/put", put, LARGEST_FORM),
    ),
    place=Place.LETTERS,
)
