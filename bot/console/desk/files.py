"""``/console/cases/file/<id>``: a file of a citizen, without where it was taken."""

from __future__ import annotations

import asyncio

from aiohttp import web
from sqlalchemy import Connection

from bot.console.desk.room import room_of
from bot.console.errors import ConsoleError, NoPageError, NotYoursError
from bot.console.guard import Section, action, get
from bot.console.nav import Place
from bot.console.visit import Visit
from handlers.staff.desk_list import discretion
from handlers.staff.files.desk import FilesDesk
from handlers.staff.files.errors import (
    DamagedError,
    NoSuchFileError,
    NotStoredError,
    OriginalOnlyError,
)
from handlers.staff.files.looking import opened
from handlers.staff.permissions import Action
from storage import files

SHOWN = frozenset({"image/jpeg", "image/png", "image/webp"})
"""What a browser may show in a page; all else is only kept."""


@action(Action.SEE_CASES)
async def show(at: Visit) -> web.StreamResponse:
    """Send a file; that it was looked at is proved."""
    unit = at.house.service.staff.files[at.unit_id]
    desk = FilesDesk(
        at.house.database,
        unit.vault,
        unit.folder,
        at.house.ids,
        at.house.clock.now_ms,
        at.staff_id,
    )
    await _refuse_kept(at)
    try:
        look = await opened(desk, at.request.match_info["file"])
        data = await asyncio.to_thread(lambda: b"".join(look.chunks))
    except (NoSuchFileError, NotStoredError) as error:
        raise NoPageError from error
    except (DamagedError, OriginalOnlyError) as error:
        raise ConsoleError(str(error), "Xin báo quản trị của đơn vị.") from error
    is_shown = look.media_type in SHOWN
    name = f"tep-{look.file_id[-6:]}{look.suffix}"
    how = "inline" if is_shown else "attachment"
    return web.Response(
        body=data,
        headers={
            "Content-Type": look.media_type if is_shown else "application/octet-stream",
            "Content-Disposition": f'{how}; filename="{name}"',
            "Cache-Control": "private, max-age=600",
        },
    )


async def _refuse_kept(at: Visit) -> None:
    """Raise NotYoursError for a file of a matter that is not for these roles."""
    room, file_id = room_of(at), at.request.match_info["file"]

    def work(connection: Connection) -> bool:
        row = files.get(connection, room.unit_id, file_id)
        return row is None or discretion.may_open(room, connection, row)

    if not await room.database.read(work):
        raise NotYoursError


SECTION = Section((get("/cases/file/{file}", show),), place=Place.DESK)
