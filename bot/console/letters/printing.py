"""``/console/letters/print``: which letters go on paper, with a sheet to sign?"""

from __future__ import annotations

from collections.abc import Sequence

from aiohttp import web

from bot.console.guard import Section, action, get, post
from bot.console.letters.listing import state_of
from bot.console.letters.room import HOME, room_of, url_of
from bot.console.letters.sealing import signed_papers
from bot.console.nav import Place
from bot.console.visit import Visit
from handlers.staff.letters import reading, steps
from handlers.staff.letters.batch import Signed as SignedPapers
from handlers.staff.letters.batch import parcel
from handlers.staff.letters.errors import LetterStepError
from handlers.staff.letters.keeping import Kept
from handlers.staff.letters.model import LetterState
from handlers.staff.letters.room import LetterRoom
from handlers.staff.permissions import Action
from messages.documents.errors import DocumentError
from messages.letters.errors import LetterError

BAD = 400
MOST = 60
ON_THE_WAY = (LetterState.SCHEDULED, LetterState.SENDING)
HERE = f"{HOME}/print"


@action(Action.WRITE_LETTERS)
async def show(at: Visit) -> web.StreamResponse:
    """Show what may go on paper, and what was printed and not handed over yet."""
    return await _page(at)


@action(Action.WRITE_LETTERS)
async def put(at: Visit) -> web.StreamResponse:
    """Take the chosen letters for the road on paper; return what is printed."""
    wanted = list(dict.fromkeys(await at.chosen("letter")))[:MOST]
    if not wanted:
        return at.go(HERE, "Dạ, chưa chọn thư nào ạ.", is_good=False)
    room = await room_of(at)
    public_url = at.house.config.server.public_url
    signed = await _signed(at, room, wanted)

    def made(chosen: Sequence[Kept]) -> bytes:
        return parcel(room, chosen, public_url, signed)

    try:
        data = await steps.put_on_paper(room, wanted, made)
    except (LetterStepError, LetterError, DocumentError) as error:
        return await _page(at, error)
    told = {"Content-Disposition": 'attachment; filename="thu-in.zip"'}
    return web.Response(
        body=data,
        content_type="application/zip",
        headers={"Cache-Control": "no-store", **told},
    )


async def _signed(
    at: Visit, room: LetterRoom, wanted: Sequence[str]
) -> dict[str, SignedPapers]:
    """Return the papers that were signed digitally; they are printed as they are."""
    found = {one.letter_id: one for one in await reading.listed(room, list(ON_THE_WAY))}
    signed = {
        letter_id: await signed_papers(at, room, found[letter_id])
        for letter_id in wanted
        if letter_id in found
    }
    return {letter_id: one for letter_id, one in signed.items() if one is not None}


async def _page(at: Visit, error: Exception | None = None) -> web.Response:
    found = await reading.listed(await room_of(at), list(ON_THE_WAY))
    rows = [one for one in found if one.data and _is_for_paper(one)]
    return at.html(
        "letters/print.html",
        "In và trao tận tay",
        status=BAD if error else 200,
        error=error,
        rows=[(one, state_of(one), url_of(one.letter_id)) for one in rows],
        most=MOST,
    )


def _is_for_paper(one: Kept) -> bool:
    is_due = one.life.state is LetterState.SCHEDULED
    return is_due or one.row["channel"] == steps.PRINT


SECTION = Section(
    (get("/letters/print", show), post("/letters/print", put)), place=Place.LETTERS
)
