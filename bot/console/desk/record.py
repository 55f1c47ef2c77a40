"""``/console/cases/new``: a case for somebody who came, phoned or wrote a letter."""

from __future__ import annotations

from datetime import datetime

from aiohttp import web

from bot.console.desk.room import room_of
from bot.console.desk.told import told
from bot.console.desk.words import SOURCES
from bot.console.guard import Section, action, get, post
from bot.console.nav import Place
from bot.console.render import ZONE
from bot.console.visit import Visit
from handlers.cases.case import Source
from handlers.cases.errors import BadTimeError, CaseError
from handlers.staff.cases.record import Report, open_for
from handlers.staff.permissions import Action

BY_HAND = (Source.VISIT, Source.TELEPHONE, Source.LETTER, Source.CITY_LINE)
FIELDS = ("kind", "source", "at", "text", "name", "phone", "address")


@action(Action.WORK_CASES)
async def ask(at: Visit) -> web.StreamResponse:
    """Show the form."""
    return _page(at, dict.fromkeys(FIELDS, "") | {"at": _now(at)})


@action(Action.WORK_CASES)
async def save(at: Visit) -> web.StreamResponse:
    """Open the case."""
    kept = {name: (await at.text(name, 4000)).strip() for name in FIELDS}
    try:
        done = await open_for(room_of(at), _report(at, kept))
    except CaseError as error:
        return _page(at, kept, error)
    at.house.hub.tell(at.unit_id, "case")
    return at.go(f"/console/cases/{done.case.code}", f"Dạ, đã ghi. {done.receipt}")


def _report(at: Visit, kept: dict[str, str]) -> Report:
    source = kept["source"] if kept["source"] in set(BY_HAND) else Source.VISIT
    if kept["kind"] not in dict(_kinds(at)):
        raise CaseError("", "Xin chọn loại việc.")
    return Report(
        kind=kept["kind"],
        text=kept["text"],
        source=Source(source),
        received_at=_moment(at, kept["at"]),
        name=kept["name"],
        phone=kept["phone"],
        address=kept["address"],
    )


def _moment(at: Visit, text: str) -> datetime:
    """Read what the browser's field gives, local time; nothing: now."""
    if not text or text == _now(at):
        return at.house.clock.now()
    try:
        return datetime.fromisoformat(text).replace(tzinfo=ZONE)
    except ValueError:
        raise BadTimeError(text[:40]) from None


def _now(at: Visit) -> str:
    return f"{at.house.clock.now().astimezone(ZONE):%Y-%m-%dT%H:%M}"


def _kinds(at: Visit) -> list[tuple[str, str]]:
    return [
        (k.code, k.name)
        for k in at.services.kinds
        if k.code in at.kinds and not k.is_guidance and not k.is_sealed
    ]


def _page(
    at: Visit, kept: dict[str, str], error: CaseError | None = None
) -> web.Response:
    return at.html(
        "desk/new.html",
        "Ghi hộ việc mới",
        status=400 if error else 200,
        kept=kept,
        error=told(error) if error else None,
        kinds=_kinds(at),
        sources=[(one.value, SOURCES[one]) for one in BY_HAND],
    )


SECTION = Section((get("/cases/new", ask), post("/cases/new", save)), place=Place.DESK)
