"""``/console/letters/one/<id>``: one letter as it will be, and the next step."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from datetime import UTC, datetime
from typing import Final

from aiohttp import web

from bot.console.errors import NoPageError
from bot.console.guard import Section, action, get, post
from bot.console.letters.listing import state_of
from bot.console.letters.room import ACTS, HOME, ROADS, WAITS, room_of, url_of
from bot.console.letters.sealing import seal, signed_papers, state
from bot.console.letters.writing import png, seen_mark
from bot.console.nav import Place
from bot.console.visit import Visit
from handlers.staff.letters import handing, reading, steps
from handlers.staff.letters.batch import rendered
from handlers.staff.letters.birthday_drafts import day_of
from handlers.staff.letters.errors import (
    LetterChangedError,
    LetterStepError,
    NoSuchLetterError,
)
from handlers.staff.letters.keeping import Kept, written
from handlers.staff.letters.model import SENDER, LetterState
from handlers.staff.letters.room import LOCAL, LetterRoom
from handlers.staff.permissions import Action
from messages.documents.errors import DocumentError
from messages.documents.letter import card_png
from messages.documents.letter_word import letter_docx
from messages.letters.compose import Letter
from messages.letters.errors import LetterError
from messages.letters.kinds import Output
from messages.letters.lint.run import lint_letter

BAD = 400
DOCX: Final = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
MORNING: Final = "07:30"
Step = Callable[[LetterRoom, str, int], Awaitable[None]]


async def _handed(room: LetterRoom, letter_id: str, seen: int) -> None:
    await steps.handed(room, letter_id, seen, is_received=True)


async def _returned(room: LetterRoom, letter_id: str, seen: int) -> None:
    await steps.handed(room, letter_id, seen, is_received=False)


WRITERS: Final[Mapping[str, tuple[Step, str]]] = {
    "check": (steps.check, "Dạ, đã trình duyệt."),
    "recall": (steps.recall, "Dạ, đã thu hồi về nháp; thư cần được duyệt lại."),
    "archive": (steps.archive, "Dạ, đã lưu trữ."),
    "handed": (_handed, "Dạ, đã ghi nhận thư tới tay người nhận."),
    "returned": (_returned, "Dạ, đã ghi nhận chưa trao được thư."),
}
LEADERS: Final[Mapping[str, tuple[Step, str]]] = {
    "approve": (steps.approve, "Dạ, thư đã được duyệt, ký và vào sổ."),
    "sign": (steps.sign, "Dạ, thư đã được ký và vào sổ."),
    "back": (steps.send_back, "Dạ, đã trả thư về cho người soạn."),
}
SIGNING: Final = (steps.approve, steps.sign)


@action(Action.SEE_LETTERS)
async def show(at: Visit) -> web.StreamResponse:
    """Show one letter."""
    return await _page(at)


@action(Action.WRITE_LETTERS)
async def write(at: Visit) -> web.StreamResponse:
    """Take a step of whoever writes letters."""
    return await _step(at, WRITERS)


@action(Action.APPROVE_LETTERS)
async def lead(at: Visit) -> web.StreamResponse:
    """Take a step of whoever approves; what is signed is signed digitally too."""
    return await _step(at, LEADERS)


@action(Action.APPROVE_LETTERS)
async def seal_again(at: Visit) -> web.StreamResponse:
    """Try the digital signature once more."""
    letter_id = at.request.match_info["letter_id"]
    said = await seal(at, await room_of(at), letter_id)
    return at.go(url_of(letter_id), f"Dạ.{said}" if said else "Dạ, chưa đặt chứng thư.")


@action(Action.WRITE_LETTERS)
async def schedule(at: Visit) -> web.StreamResponse:
    """Let the letter leave now or at a local time."""
    due = _local(await at.text("due", 20))

    async def work(room: LetterRoom, letter_id: str, seen: int) -> None:
        await steps.schedule(room, letter_id, seen, due)

    return await _taken(at, work, "Dạ, thư đã được xếp để gửi.")


@action(Action.SEE_LETTERS)
async def picture(at: Visit) -> web.StreamResponse:
    """Return the picture for the chat."""
    _, letter = await _letter(at)
    if Output.CARD not in letter.kind.outputs:
        raise NoPageError
    return png(await asyncio.to_thread(card_png, letter))


@action(Action.SEE_LETTERS)
async def paper(at: Visit) -> web.StreamResponse:
    """Return the letter as PDF, the signed one where there is one."""
    one, letter = await _letter(at)
    return pdf((await _papers(at, one, letter))[0], "thu.pdf")


@action(Action.SEE_LETTERS)
async def word(at: Visit) -> web.StreamResponse:
    """Return the letter as a Word file, to change by hand."""
    _, letter = await _letter(at)
    told = {"Content-Disposition": 'attachment; filename="thu.docx"'}
    data = await asyncio.to_thread(letter_docx, letter)
    headers = {"Cache-Control": "no-store", **told}
    return web.Response(body=data, content_type=DOCX, headers=headers)


@action(Action.SEE_LETTERS)
async def form(at: Visit) -> web.StreamResponse:
    """Return the statutory form that goes with the letter as PDF."""
    found = (await _papers(at, *await _letter(at)))[1]
    if found is None:
        raise NoPageError
    return pdf(found, "mau-04.pdf")


async def _papers(at: Visit, one: Kept, letter: Letter) -> tuple[bytes, bytes | None]:
    room, public_url = await room_of(at), at.house.config.server.public_url
    signed = await signed_papers(at, room, one)
    if signed is not None:
        return signed
    return await asyncio.to_thread(rendered, room, one, letter, public_url)


def pdf(data: bytes, name: str) -> web.Response:
    """Return a paper to look at or keep."""
    told = {"Content-Disposition": f'inline; filename="{name}"'}
    return web.Response(
        body=data,
        content_type="application/pdf",
        headers={"Cache-Control": "no-store", **told},
    )


async def _step(at: Visit, known: Mapping[str, tuple[Step, str]]) -> web.StreamResponse:
    found = known.get(at.request.match_info["act"])
    if found is None:
        raise NoPageError
    return await _taken(at, *found)


async def _taken(at: Visit, work: Step, said: str) -> web.StreamResponse:
    letter_id, room = at.request.match_info["letter_id"], await room_of(at)
    try:
        await work(room, letter_id, await seen_mark(at))
    except LetterChangedError:
        return at.stale(url_of(letter_id), {})
    except NoSuchLetterError as error:
        raise NoPageError from error
    except (LetterStepError, LetterError) as error:
        return await _page(at, error)
    if work in SIGNING:
        said += await seal(at, room, letter_id)
    return at.go(url_of(letter_id), said)


async def _letter(at: Visit) -> tuple[Kept, Letter]:
    room = await room_of(at)
    try:
        found = await reading.opened(room, at.request.match_info["letter_id"])
        return found.kept, written(room, found.kept)
    except (NoSuchLetterError, LetterError, DocumentError) as error:
        raise NoPageError from error


async def _page(at: Visit, error: Exception | None = None) -> web.Response:
    room = await room_of(at)
    try:
        found = await reading.opened(room, at.request.match_info["letter_id"])
    except NoSuchLetterError as gone:
        raise NoPageError from gone
    one = found.kept
    letter = written(room, one) if one.data else None
    return at.html(
        "letters/letter.html",
        one.kind.name,
        status=BAD if error else 200,
        error=error,
        one=one,
        author=_name(str(one.row["created_by"]), found.names),
        letter=letter,
        chat=letter.says(Output.CHAT) if letter else "",
        radio=letter.says(Output.RADIO) if letter else "",
        article=letter.says(Output.POST) if letter else "",
        due=_usual_due(room, one),
        has_card=Output.CARD in one.kind.outputs,
        problems=lint_letter(letter) if letter else (),
        state=state_of(one),
        waits=WAITS.get(str(one.row["waits_for"] or ""), ""),
        road=ROADS.get(str(one.row["channel"]), ""),
        steps=[_told(step, found.names) for step in found.steps],
        seal=await state(at, room, one),
        receipt=await handing.receipt(room, one),
        has_form=Output.FORM in one.kind.outputs,
        offers=_offers(at, one.life.state, str(one.row["channel"] or "")),
        url=url_of(one.letter_id),
        home=HOME,
    )


def _usual_due(room: LetterRoom, one: Kept) -> str:
    """A birthday letter leaves on the day, not when it is approved."""
    day = day_of(one)
    is_ahead = day is not None and day >= room.today()
    return f"{day}T{MORNING}" if is_ahead else ""


def _told(step: Mapping[str, object], names: Mapping[str, str]) -> dict[str, object]:
    who = _name(str(step["by"]), names)
    return {"at": step["at"], "what": ACTS.get(str(step["act"]), ""), "who": who}


def _name(code: str, names: Mapping[str, str]) -> str:
    return "Hệ thống" if code == SENDER else names.get(code, code)


def _offers(at: Visit, state: LetterState, channel: str) -> frozenset[str]:
    """Return the steps that may be taken now by whoever looks."""
    is_writer, is_leader = (
        at.may(Action.WRITE_LETTERS),
        at.may(Action.APPROVE_LETTERS),
    )
    by_state: Mapping[LetterState, set[str]] = {
        LetterState.DRAFT: {"edit", "check", "archive"},
        LetterState.CHECKED: {"edit", "recall"},
        LetterState.APPROVED: {"edit", "recall"},
        LetterState.SIGNED: {"edit", "schedule", "recall"},
        LetterState.SCHEDULED: {"recall", "print"},
        LetterState.SENDING: {"handed", "returned"} if channel == "print" else set(),
        LetterState.DELIVERED: {"archive"},
        LetterState.UNKNOWN: {"archive"},
        LetterState.REFUSED: {"edit", "schedule", "archive"},
    }
    lead: Mapping[LetterState, set[str]] = {
        LetterState.CHECKED: {"approve", "back"},
        LetterState.APPROVED: {"sign", "back"},
        LetterState.SIGNED: {"back"},
        LetterState.SCHEDULED: {"back"},
    }
    mine = by_state.get(state, set()) if is_writer else set()
    return frozenset(mine | (lead.get(state, set()) if is_leader else set()))


def _local(text: str) -> datetime | None:
    """Read "2026-11-25T08:30" of the form as local time; None for now."""
    try:
        return datetime.fromisoformat(text).replace(tzinfo=LOCAL).astimezone(UTC)
    except ValueError:
        return None


SECTION = Section(
    (
        get("/letters/one/{letter_id}", show),
        get("/letters/one/{letter_id}/card.png", picture),
        get("/letters/one/{letter_id}/letter.pdf", paper),
        get("/letters/one/{letter_id}/letter.docx", word),
        get("/letters/one/{letter_id}/form.pdf", form),
        post("/letters/one/{letter_id}/seal", seal_again),
        post("/letters/one/{letter_id}/schedule", schedule),
        post("/letters/one/{letter_id}/write/{act}", write),
        post("/letters/one/{letter_id}/lead/{act}", lead),
    ),
    place=Place.LETTERS,
)
