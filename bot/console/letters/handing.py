"""``/console/letters/hand/<id>``: what the code on the hand-over sheet opens.

Whoever carries letters is logged in: each delivery is noted by a named person.
"""

from __future__ import annotations

import asyncio

from aiohttp import web

from bot.console.errors import NoPageError
from bot.console.guard import Section, action, get, post
from bot.console.letters.room import HOME, room_of, url_of
from bot.console.letters.writing import seen_mark
from bot.console.nav import Place
from bot.console.visit import Visit
from bot.fetch_intake import MEGABYTE
from bot.letters_photo import LARGEST_MB, kept_photo
from handlers.model import Media
from handlers.staff.files.errors import FilesError
from handlers.staff.letters import handing, reading
from handlers.staff.letters.errors import LetterStepError, NoSuchLetterError
from handlers.staff.letters.keeping import Kept
from handlers.staff.permissions import Action
from messages.letters.facts import place

BAD = 400
TYPES = {"jpg": "image/jpeg", "png": "image/png", "webp": "image/webp"}


@action(Action.WRITE_LETTERS)
async def show(at: Visit) -> web.StreamResponse:
    """Show the form, or how far the letter is."""
    one = await _open(at)
    if one is None:
        said = "Thư này đã được ghi nhận hoặc không đi bằng bản in."
        return at.go(url_of(at.request.match_info["letter_id"]), said, is_good=False)
    return _form(at, one)


@action(Action.WRITE_LETTERS)
async def put(at: Visit) -> web.StreamResponse:
    """Note who took the letter."""
    one = await _open(at)
    if one is None or one.vault is None:
        return at.stale(url_of(at.request.match_info["letter_id"]), {})
    name = await at.text("name", handing.LONGEST)
    try:
        photo = None
        if data := await _photo(at):
            files = at.house.service.letters.papers(at.unit_id)
            sizes = at.house.config.files
            photo = await kept_photo(files, sizes, one.vault, data)
        room, seen = await room_of(at), await seen_mark(at)
        await handing.confirm(room, one.letter_id, seen, name, photo)
    except LetterStepError as error:
        return _form(at, one, error, name)
    return at.go(f"{HOME}/print", f"Dạ, đã ghi nhận {name.strip()} nhận thư.")


@action(Action.SEE_LETTERS)
async def picture(at: Visit) -> web.StreamResponse:
    """Return the picture taken at the door, without where it was taken."""
    room = await room_of(at)
    try:
        found = await reading.opened(room, at.request.match_info["letter_id"])
    except NoSuchLetterError as error:
        raise NoPageError from error
    told = await handing.receipt(room, found.kept)
    if told is None or not told.file_id:
        raise NoPageError
    reader = at.house.service.letters.reader(at.unit_id, at.staff_id)
    try:
        media = await reader.read(Media("image", stored=told.file_id))
    except FilesError as error:
        raise NoPageError from error
    suffix = media.name.rpartition(".")[2]
    return web.Response(
        body=media.data,
        content_type=TYPES.get(suffix, "application/octet-stream"),
        headers={"Cache-Control": "no-store", "Content-Disposition": "inline"},
    )


async def _open(at: Visit) -> Kept | None:
    room = await room_of(at)
    try:
        return await handing.open_for(room, at.request.match_info["letter_id"])
    except NoSuchLetterError as error:
        raise NoPageError from error


async def _photo(at: Visit) -> bytes:
    given = (await at.form()).get("photo")
    if not isinstance(given, web.FileField):
        return b""
    return await asyncio.to_thread(given.file.read)


def _form(
    at: Visit, one: Kept, error: LetterStepError | None = None, name: str = ""
) -> web.Response:
    return at.html(
        "letters/hand.html",
        "Xác nhận đã trao thư",
        status=BAD if error else 200,
        error=error,
        one=one,
        where=place(one.data),
        name=name,
        largest=LARGEST_MB,
        url=url_of(one.letter_id),
    )


SECTION = Section(
    (
        get("/letters/hand/{letter_id}", show),
        get("/letters/one/{letter_id}/photo", picture),
        post("/letters/hand/{letter_id}", put, (LARGEST_MB + 1) * MEGABYTE),
    ),
    place=Place.LETTERS,
)
