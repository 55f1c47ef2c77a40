"""``/console/letters/approve``: what waits for the leader, one by one or in a lot?"""

from __future__ import annotations

from aiohttp import web

from bot.console.errors import BadFormError
from bot.console.guard import Section, action, get, post
from bot.console.letters.room import HOME, room_of, url_of
from bot.console.letters.sealing import seal
from bot.console.nav import Place
from bot.console.visit import Visit
from handlers.staff.letters import reading, steps
from handlers.staff.letters.keeping import written
from handlers.staff.letters.model import LetterState
from handlers.staff.permissions import Action

MOST = 100


@action(Action.APPROVE_LETTERS)
async def show(at: Visit) -> web.StreamResponse:
    """Show what waits, oldest first, each with its words."""
    room = await room_of(at)
    found = await reading.listed(room, [LetterState.CHECKED])
    approved = await reading.listed(room, [LetterState.APPROVED])
    waiting = [one for one in reversed(found) if one.data][:MOST]
    rows = [(one, written(room, one), url_of(one.letter_id)) for one in waiting]
    unsigned = [(one, url_of(one.letter_id)) for one in approved if one.data]
    return at.html(
        "letters/approve.html", "Thư chờ duyệt", rows=rows, home=HOME, unsigned=unsigned
    )


@action(Action.APPROVE_LETTERS)
async def approve(at: Visit) -> web.StreamResponse:
    """Approve what was ticked, in the versions that were shown."""
    wanted = [_pair(text) for text in await at.chosen("letter")][:MOST]
    here = f"{HOME}/approve"
    if not wanted:
        return at.go(here, "Dạ, chưa chọn thư nào ạ.", is_good=False)
    room = await room_of(at)
    refused = await steps.approve_many(room, wanted)
    for letter_id, _ in wanted:
        if letter_id not in refused:
            await seal(at, room, letter_id)
    done = len(wanted) - len(refused)
    if not refused:
        return at.go(here, f"Dạ, đã duyệt và ký {done} thư.")
    why = str(next(iter(refused.values())))
    said = f"Dạ, đã duyệt {done} thư; {len(refused)} thư chưa duyệt được: {why}"
    return at.go(here, said, is_good=False)


def _pair(text: str) -> tuple[str, int]:
    letter_id, _, mark = text.partition(":")
    if not (mark.isascii() and mark.isdigit() and len(mark) < 10):  # noqa: PLR2004
        raise BadFormError
    return letter_id, int(mark)


SECTION = Section(
    (get("/letters/approve", show), post("/letters/approve", approve)),
    place=Place.LETTERS,
)
