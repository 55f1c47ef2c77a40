"""How do words of somebody at the console leave, and who is woken by them?"""

from __future__ import annotations

import secrets
from collections.abc import Callable

from aiohttp import web
from sqlalchemy import Connection

from bot.console.desk.room import room_of
from bot.console.desk.upload import attached
from bot.console.visit import Visit
from handlers.staff.cases.act import Done
from handlers.staff.cases.telling import Told
from handlers.staff.desk_list import speaking
from handlers.staff.desk_list.errors import FileRefusedError
from handlers.staff.desk_list.talk import opened as opened_talk

ONCE = 32
"""Characters of the name of a form."""


async def said_to(at: Visit, where: speaking.Place, text: str, used: str) -> None:
    """Say something to a citizen, with the file of the form, if there is one.

    Raises what speaking.say does, FileRefusedError.
    """
    room, name = room_of(at), await once(at)
    vault = await opened_talk(room, where.person_id)
    file = await attached(at, vault, where.channel, name)
    said = speaking.Said(
        text,
        name,
        used,
        media=file.media if file else None,
        keep=file.keep if file else None,
    )
    await speaking.say(room, where, said)
    at.house.service.outlet.wake(where.channel)
    at.house.hub.tell(at.unit_id, "message")


async def file_beside(at: Visit, where: speaking.Place) -> Callable[[Connection], None]:
    """Return what sends the file of the form behind an answer.

    Raises what speaking.enclosed does, FileRefusedError.
    """
    room, name = room_of(at), await once(at)
    vault = await opened_talk(room, where.person_id)
    file = await attached(at, vault, where.channel, name)
    said = speaking.Said("", name, media=file.media, keep=file.keep) if file else None
    if said is None:
        raise FileRefusedError
    return await speaking.enclosed(room, where, said)


async def has_file(at: Visit) -> bool:
    """Whether a file was chosen."""
    given = (await at.form()).get("file")
    return isinstance(given, web.FileField) and bool(given.filename)


async def once(at: Visit) -> str:
    """Return the name of the form, made anew when it is not one of ours."""
    told_once = await at.text("once", 32)
    is_ours = len(told_once) == ONCE and told_once.isalnum() and told_once.isascii()
    return told_once if is_ours else secrets.token_hex(16)


def woken(at: Visit, done: Done) -> None:
    """Let the senders look, and the other pages know."""
    if any(one.how is Told.QUEUED for one in done.told):
        at.house.service.outlet.wake(done.case.channel)
    at.house.hub.tell(at.unit_id, "case")
